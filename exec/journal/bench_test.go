package journal

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// BenchmarkAppend compares an append with a plain write and fsync of as many bytes, turn by turn in the same run: what
// the chain costs over what the disk costs anyway.
func BenchmarkAppend(b *testing.B) {
	j := newSession(b)
	plainFile, err := os.Create(filepath.Join(b.TempDir(), "plain"))
	require.NoError(b, err)
	defer plainFile.Close()
	appendAll(b, j, walk(1))
	var journal, plain time.Duration
	for seq := uint64(1); b.Loop(); seq++ {
		e := note(seq + 1)
		begin := time.Now()
		require.NoError(b, j.Append(context.Background(), seq, 1, e))
		journal += time.Since(begin)

		line := bytes.Repeat([]byte("x"), int(j.head.end-j.head.start))
		begin = time.Now()
		_, err := plainFile.Write(line)
		require.NoError(b, err)
		require.NoError(b, plainFile.Sync())
		plain += time.Since(begin)
	}
	b.ReportMetric(float64(journal)/float64(plain), "x-plain")
}

// BenchmarkLoad reads and checks a journal of 10,000 events.
func BenchmarkLoad(b *testing.B) {
	s := newSpecimen(b, walk(10_000))
	b.SetBytes(int64(len(s.raw)))
	for b.Loop() {
		_, _, err := s.heads[0].follow(context.Background(), bytes.NewReader(s.raw), func(steps.Event) {})
		require.NoError(b, err)
	}
}
