// Package tail finds the last part of an output of any length.
//
// Its promise: it reads next to nothing. The end of 100 GB is found with some twenty short reads.
package tail

import "bytes"

// Bytes is how much of a long output is shown at first, about. All of it is in the session's record.
const Bytes = 256 << 10

// Read is a piece of an output from an offset on, empty where there is nothing yet.
type Read func(offset int64) ([]byte, error)

// near is how closely the end is looked for: as much as one read may bring.
const near = 64 << 10

// Start is where the last part of an output begins, from an offset on that it has reached: at most Bytes before its end,
// or the offset itself where no more than that comes after it. It fails where the output cannot be read.
func Start(read Read, from int64) (int64, error) {
	known, step := from, int64(Bytes)
	for {
		more, err := has(read, known+step)
		if err != nil {
			return from, err
		}
		if !more {
			break
		}
		known, step = known+step, 2*step
	}
	for known > from && step > near {
		step /= 2
		more, err := has(read, known+step)
		if err != nil {
			return from, err
		}
		if more {
			known += step
		}
	}
	return max(from, known+near-Bytes), nil
}

func has(read Read, offset int64) (bool, error) {
	piece, err := read(offset)
	return len(piece) > 0, err
}

// Line is how many bytes of a piece to pass over so that it begins with a line, if it holds the beginning of one.
func Line(piece []byte) int { return bytes.IndexByte(piece, '\n') + 1 }
