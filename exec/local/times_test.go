package local

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec"
)

func TestTimesAreReadAsWritten(t *testing.T) {
	var file bytes.Buffer
	written := &times{file: &file}
	written.printed(1200*time.Microsecond, 36)
	written.printed(2*time.Millisecond, 4) // soon after
	written.printed(3*time.Millisecond, 4)
	written.printed(time.Second, 5)
	written.printed(time.Second+time.Millisecond, 6)
	written.rest()
	require.Equal(t, "1200 36\n800 8\n998000 5\n1000 6\n", file.String())
	require.Equal(t, []exec.Printed{
		{Offset: 36, At: 1200 * time.Microsecond},
		{Offset: 44, At: 2 * time.Millisecond},
		{Offset: 49, At: time.Second},
		{Offset: 55, At: time.Second + time.Millisecond},
	}, slices.Collect(Times(&file)))
}

func TestEveryByteHasItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file bytes.Buffer
		written := &times{file: &file}
		var at time.Duration
		var came []time.Duration // of each byte
		for _, pause := range rapid.SliceOf(rapid.Int64Range(0, 40_000)).Draw(t, "pauses in µs") {
			at += time.Duration(pause) * time.Microsecond
			count := rapid.IntRange(0, 3).Draw(t, "bytes")
			written.printed(at, int64(count))
			came = append(came, slices.Repeat([]time.Duration{at}, count)...)
		}
		lost := rapid.Bool().Draw(t, "killed before the rest is written")
		if !lost {
			written.rest()
		}
		var told []exec.Printed
		for so := range Times(bytes.NewReader(file.Bytes())) {
			told = append(told, so)
		}
		offset, last := int64(0), time.Duration(0)
		for _, so := range told {
			for ; offset < so.Offset; offset++ {
				require.GreaterOrEqual(t, came[offset], so.At)
				require.Less(t, came[offset], so.At+burst)
			}
			last = so.At
		}
		for ; offset < int64(len(came)); offset++ {
			require.True(t, lost)
			require.Less(t, came[offset], last+burst)
		}
		require.LessOrEqual(t, len(told), 2+2*int(at/burst), "a flood costs little")
	})
}

func TestTimesEndAtWhatIsNotWhole(t *testing.T) {
	for name, rest := range map[string]string{
		"cut": "5 1", "no number": "x 5\n", "back in time": "-1 5\n", "nothing printed": "1 0\n", "half": "1\n", "zeros": "\x00\x00\n",
	} {
		told := slices.Collect(Times(strings.NewReader("10 3\n" + rest)))
		require.Equal(t, []exec.Printed{{Offset: 3, At: 10 * time.Microsecond}}, told, name)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestTimesThatCannotBeWrittenAreGivenUp(t *testing.T) {
	written := &times{file: full{}}
	written.printed(0, 1)
	var late bytes.Buffer
	written.file = &late
	written.printed(time.Second, 1)
	require.ErrorContains(t, written.failed, "no space")
	require.Empty(t, late.String(), "what follows a gap would be misread")
}
