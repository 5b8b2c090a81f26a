package safe

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shown is what a Lines of a hundred lines holds, colours and all.
func shown(output string) []string {
	l := New(100)
	l.Write([]byte(output))
	lines := []string{}
	for i := range l.Len() {
		lines = append(lines, l.Line(i).String())
	}
	return lines
}

func TestLinesLookAsOnATerminal(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", []string{}},
		{"a line without its end", "a", []string{"a"}},
		{"line ends of a terminal", "a\r\n\r\nb\r\n", []string{"a", "", "b"}},
		{"a progress bar", "10%\r50%\r100%\ndone", []string{"100%", "done"}},
		{"a shorter text leaves the rest", "12345\rab", []string{"ab345"}},
		{"a shorter text with the rest erased", "12345\rab\x1b[K", []string{"ab"}},
		{"the whole line erased", "12345\x1b[2K\rab", []string{"ab   "}},
		{"the beginning erased", "12345\b\b\x1b[1Kx", []string{"   x5"}},
		{"a spinner", "|\b/\b-\bok", []string{"ok"}},
		{"backspace stops at the edge", "\b\b\bx", []string{"x"}},
		{"overstruck text", "N\bNA\bA", []string{"NA"}},
		{"tabs", "a\tb\n1234567\tc\n12345678\td", []string{"a       b", "1234567 c", "12345678        d"}},
		{"colours are carried on", "\x1b[31ma\nb\x1b[0m\nc", []string{"\x1b[0;31ma\x1b[0m", "\x1b[0;31mb\x1b[0m", "c"}},
		{"colours belong to cells", "\x1b[31mabc\r\x1b[32mx", []string{"\x1b[0;32mx\x1b[0;31mbc\x1b[0m"}},
		{"cursor movement dies", "a\x1b[2Ab\x1b[10;10Hc\x1b[2Jd", []string{"abcd"}},
		{"wide characters", "状態\rab", []string{"ab態"}},
		{"half of a wide character overwritten", "状態\ra", []string{"a 態"}},
		{"the other half overwritten", "状態\b\b\bx", []string{" x態"}},
		{"a wide one over two halves", "a状態\r\u72b6", []string{"状 態"}},
		{"half a wide character erased", "状態\b\x1b[K", []string{"状 "}},
		{"half a wide character erased from the left", "状態\r\x1b[1K", []string{"  態"}},
		{"accents", "e\u0301\rx", []string{"x"}},
		{"an accent on a wide character", "状\u0301", []string{"状\u0301"}},
		{"bidi", "a\u202eb", []string{"a<U+202E>b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, shown(c.in))
		})
	}
}

func TestLinesKeepTheLastOnes(t *testing.T) {
	l := New(3)
	for i := range 10 {
		l.Write(fmt.Appendf(nil, "line %d\n", i))
	}
	l.Write([]byte("open"))
	require.Equal(t, 4, l.Len())
	require.Equal(t, 7, l.Dropped())
	require.Equal(t, "line 7", l.Line(0).String())
	require.Equal(t, "line 9", l.Line(2).String())
	require.Equal(t, "open", l.Line(3).String())
}

func TestALongLineIsWrapped(t *testing.T) {
	l := New(10)
	l.Write(bytes.Repeat([]byte("x"), 2*maxColumns+1))
	require.Equal(t, 3, l.Len())
	require.Equal(t, "x", l.Line(2).String())
	l.Write([]byte("\n" + strings.Repeat("x", maxColumns-1) + "状"))
	require.Equal(t, "状", l.Line(4).String())
}

func TestLinesHoldABoundedPartOfAnyOutput(t *testing.T) {
	t.Run("of 100 MB of lines", func(t *testing.T) {
		l := New(1000)
		piece := bytes.Repeat([]byte("0123456789 abcdefghij\r\n"), 1<<12)
		megabytes := 100
		if testing.Short() {
			megabytes = 10 // the race detector makes everything many times as slow
		}
		for written := 0; written < megabytes<<20; written += len(piece) {
			l.Write(piece)
		}
		require.Equal(t, 1000, l.Len())
		require.LessOrEqual(t, l.bytes, maxBytes)
	})
	t.Run("of lines that are all colours", func(t *testing.T) {
		l := New(1 << 20)
		line := []byte(strings.Repeat("\x1b[1;38;2;1;2;3mx\x1b[1;38;2;3;2;1my", 1000) + "\n")
		lines := 0
		for ; lines < 1200; lines++ {
			l.Write(line)
		}
		require.LessOrEqual(t, l.bytes, maxBytes)
		require.Equal(t, lines, l.Len()+l.Dropped())
		require.Positive(t, l.Dropped())
		require.Equal(t, strings.Repeat("xy", 1000), l.Line(l.Len()-1).Plain())
	})
	t.Run("of one line without end", func(t *testing.T) {
		l := New(10)
		l.Write(bytes.Repeat([]byte("a\u0301\u0301\u0301\u0301\u0301"), 1<<18))
		require.LessOrEqual(t, cap(l.cells), 2*maxColumns)
	})
}

func BenchmarkLines(b *testing.B) {
	for _, c := range []struct{ name, line string }{
		{"plain", "2026-11-21T09:00:00Z node ncn-w001 is ready, all pods running\r\n"},
		{"coloured", "\x1b[32m2026-11-21T09:00:00Z\x1b[0m node \x1b[1mncn-w001\x1b[0m is ready, all pods running\r\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			piece := bytes.Repeat([]byte(c.line), 1000)
			l := New(10_000)
			b.SetBytes(int64(len(piece)))
			for b.Loop() {
				l.Write(piece)
			}
		})
	}
}

func BenchmarkFilter(b *testing.B) {
	piece := bytes.Repeat([]byte("\x1b[32m2026-11-21T09:00:00Z\x1b[0m node \x1b[1mncn-w001\x1b[0m is ready, all pods running\r\n"), 1000)
	var f Filter
	b.SetBytes(int64(len(piece)))
	for b.Loop() {
		f.Write(piece)
	}
}
