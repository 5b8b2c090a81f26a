package tail

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// of reads an output of so many bytes in pieces of a size, and counts the reads.
func of(size, piece int64, reads *int) Read {
	return func(offset int64) ([]byte, error) {
		*reads++
		return make([]byte, max(0, min(piece, size-offset))), nil
	}
}

// Wherever the end is, the last part holds it, is no longer than it may be, and is found with few reads.
func TestTheEndIsFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		from := rapid.Int64Range(0, 1<<40).Draw(r, "from")
		size := from + rapid.Int64Range(0, 1<<40).Draw(r, "more")
		reads := 0
		start, err := Start(of(size, rapid.Int64Range(1, near).Draw(r, "piece"), &reads), from)
		require.NoError(t, err)
		if start < from || start > max(from, size) {
			r.Fatalf("the part begins at %d of %d to %d", start, from, size)
		}
		if size-start > Bytes {
			r.Fatalf("%d bytes are more than asked for", size-start)
		}
		if start > from && size-start < Bytes-2*near {
			r.Fatalf("%d bytes are too few", size-start)
		}
		if reads > 60 {
			r.Fatalf("%d reads", reads)
		}
	})
}

func TestTheEndOf100MBTakesFewReads(t *testing.T) {
	reads := 0
	start, err := Start(of(100<<20, near, &reads), 0)
	require.NoError(t, err)
	require.InDelta(t, 100<<20-Bytes, start, near)
	require.LessOrEqual(t, reads, 20)
}

func TestWhatCannotBeReadSaysSo(t *testing.T) {
	broken := errors.New("input/output error")
	_, err := Start(func(int64) ([]byte, error) { return nil, broken }, 0)
	require.ErrorIs(t, err, broken)
}

func TestAPartBeginsWithALine(t *testing.T) {
	require.Equal(t, 4, Line([]byte("ine\nnext\n")))
	require.Equal(t, 0, Line([]byte("one line without an end")))
}
