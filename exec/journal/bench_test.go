package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// BenchmarkAppend compares an append with a plain write and fsync of as many bytes, turn by turn in the same run: what
// the chain costs over what the disk costs anyway, in all and at the slow end (the 99th percentile of each).
func BenchmarkAppend(b *testing.B) {
	j := newSession(b)
	plainFile, err := os.Create(filepath.Join(b.TempDir(), "plain"))
	require.NoError(b, err)
	defer plainFile.Close()
	appendAll(b, j, walk(1))
	var journal, plain []time.Duration
	for seq := uint64(1); b.Loop(); seq++ {
		e := note(seq + 1)
		begin := time.Now()
		require.NoError(b, j.Append(context.Background(), seq, 1, e))
		journal = append(journal, time.Since(begin))

		line := bytes.Repeat([]byte("x"), int(j.head.end-j.head.start))
		begin = time.Now()
		_, err := plainFile.Write(line)
		require.NoError(b, err)
		require.NoError(b, plainFile.Sync())
		plain = append(plain, time.Since(begin))
	}
	slices.Sort(journal)
	slices.Sort(plain)
	b.ReportMetric(float64(total(journal))/float64(total(plain)), "x-plain")
	b.ReportMetric(float64(journal[len(journal)*99/100])/float64(plain[len(plain)*99/100]), "x-plain-p99")
}

func total(times []time.Duration) (sum time.Duration) {
	for _, t := range times {
		sum += t
	}
	return sum
}

// BenchmarkOpen takes up a session of 50,000 events from its directory: reads it, checks every line, and makes its end
// durable. Beside it stands what sha256 alone takes for as many bytes.
func BenchmarkOpen(b *testing.B) {
	s := newSpecimen(b, walk(50_000))
	dir := closedSession(b, walk(1))
	require.NoError(b, os.WriteFile(filepath.Join(dir, journalFile), s.raw, 0o600))
	b.SetBytes(int64(len(s.raw)))
	var open, sum time.Duration
	for b.Loop() {
		begin := time.Now()
		j, err := Open(dir)
		open += time.Since(begin)
		require.NoError(b, err)
		require.NoError(b, j.Close())

		begin = time.Now()
		sha256.Sum256(s.raw)
		sum += time.Since(begin)
	}
	b.ReportMetric(float64(open)/float64(sum), "x-sha256")
}

// BenchmarkLoad reads and checks a journal of 10,000 events that is in memory.
func BenchmarkLoad(b *testing.B) {
	s := newSpecimen(b, walk(10_000))
	b.SetBytes(int64(len(s.raw)))
	for b.Loop() {
		_, _, err := s.heads[0].follow(context.Background(), bytes.NewReader(s.raw), func(steps.Event) {})
		require.NoError(b, err)
	}
}
