package emulator

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
)

func width(row string) int { return ansi.StringWidth(row) }

// harmless fails unless the rows are visible text and colours of the size, whatever was drawn.
func harmless(t *testing.T, e *Terminal) {
	t.Helper()
	columns, rows := e.Size()
	view := e.View(true)
	require.Len(t, view, rows)
	for _, row := range view {
		require.True(t, utf8.ValidString(row), "%q", row)
		require.Equal(t, columns, width(row), "%q", row)
		onlyColours(t, row)
	}
	x, y, _ := e.Cursor()
	require.True(t, x >= 0 && x < columns && y >= 0 && y < rows, "the cursor is at %d, %d", x, y)
}

// onlyColours fails unless every control character of a row belongs to an SGR.
func onlyColours(t *testing.T, row string) {
	t.Helper()
	for rest := row; rest != ""; {
		if after, found := strings.CutPrefix(rest, "\x1b[0"); found {
			_, after, found = strings.Cut(after, "m")
			require.True(t, found, "%q", row)
			rest = after
			continue
		}
		r, n := utf8.DecodeRuneInString(rest)
		require.False(t, r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u200b' || r == '\u2066', "%q", row)
		rest = rest[n:]
	}
}

func FuzzWhateverIsPrinted(f *testing.F) {
	for _, seed := range []string{
		"plain\r\n", "\x1b[?1049h\x1b[2J\x1b[1;999r\x1b[99S\x1b[?1049l", "\x1b[?69h\x1b[1;999s\x1b[999L", "\x1b[65535b", "x\x1b[65535b",
		"\x1b[?69h\x1b[1;999s\x1b[L\x1b[M", "\x1b[1;999r\x1b[L\x1b[M",
		"\x1b[?6h\x1b[3;5r\x1b[99;99H\x1bD\x1bM", "漢\x1b[1D字\x1b[1P\x1b[1@", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b7\x1b[99;99H\x1b8\n",
		"\x1b(0lqqk\x1b(B", "\x9b31m\xc2\x9b1m", "\x1bc\x1b[?7lwrap", "\x1b[0;0r\x1b[5M\x1b[-1;3H", "\x1b[0f\x1b[0d\x1b[0`\x1b[65535e", "👩\u200d💻\u202ex",
	} {
		f.Add([]byte(seed), uint8(20), uint8(5), uint8(3), true)
	}
	f.Fuzz(func(t *testing.T, p []byte, columns, rows, cut uint8, live bool) {
		e := New(int(columns), int(rows))
		at := min(int(cut), len(p))
		e.Write(p[:at], live)
		harmless(t, e)
		e.Resize(int(rows), int(columns)/2)
		answers := e.Write(p[at:], live)
		harmless(t, e)
		require.Empty(t, e.Lost())
		require.True(t, live || answers == nil)
		e.Resize(int(columns), int(rows))
		e.Write(p, live)
		harmless(t, e)
	})
}

// floods are what would fill the memory of a terminal that remembers it.
var floods = map[string]func(i int) string{
	"lines":   func(i int) string { return strings.Repeat("x", 79) + "\r\n" },
	"a title": func(i int) string { return "\x1b]0;" + strings.Repeat("t", 4000) },
	"links": func(i int) string {
		return fmt.Sprintf("\x1b]8;;http://%d/%s\x07x\x1b]8;;\x07", i, strings.Repeat("u", 4000))
	},
	"marks":        func(i int) string { return "e" + strings.Repeat("\u0301", 4000) },
	"wide":         func(i int) string { return strings.Repeat("漢", 4000) },
	"modes":        func(i int) string { return fmt.Sprintf("\x1b[?%dh\x1b[%dh", i%65536, i%65536) },
	"device texts": func(i int) string { return "\x1bP" + strings.Repeat("q", 4000) },
	"cleared":      func(i int) string { return "full\x1b[2J" + strings.Repeat("-", 400) },
	"queries":      func(i int) string { return "\x1b[c\x1b[6n" },
	"both screens": func(i int) string { return "e" + strings.Repeat("\u0301", 400) + "\x1b[?1049h\x1b[?1049l" },
}

func TestNoFloodFillsTheMemory(t *testing.T) {
	const pieces, piece, most = 30, 32 << 10, 40 << 20
	for name, flood := range floods {
		t.Run(name, func(t *testing.T) {
			e := New(120, 40)
			var p strings.Builder
			before := inUse()
			for i, n := 0, 0; n < pieces; i++ {
				if p.WriteString(flood(i)); p.Len() < piece {
					continue
				}
				e.Write([]byte(p.String()), true)
				p.Reset()
				n++
			}
			require.Less(t, int64(inUse())-int64(before), int64(most))
			harmless(t, e)
		})
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// What a cell holds is short: neither marks without end nor an address come to lie in it.
func TestACellHoldsLittle(t *testing.T) {
	e := drawing(20, 2, "e"+strings.Repeat("\u0301", 20_000)+"\x1b]8;;http://elsewhere\x07link\x1b]8;;\x07")
	for x := range 20 {
		cell := e.vt.CellAt(x, 0)
		require.LessOrEqual(t, len(cell.Content), 1<<10)
		require.Empty(t, cell.Link.URL)
	}
}

// One sequence cannot order more work than a row holds.
func TestNoSequenceOrdersEndlessWork(t *testing.T) {
	e := New(80, 24)
	e.Write([]byte("x"+strings.Repeat("\x1b[65535b\x1b[65535I\x1b[65535Z\x1b[65535S\x1b[65535@\x1b[65535X", 500)), true)
	harmless(t, e)
}

func TestALostPictureSaysSo(t *testing.T) {
	e := drawing(10, 2, "here")
	e.attempt(func() { panic("no such cell") })
	require.Equal(t, "its screen could not be drawn: no such cell", e.Lost())
	e.Write([]byte("more"), true)
	e.Resize(5, 5)
	require.Equal(t, []string{"          ", "          "}, e.View(true))
	require.Equal(t, "\x1b[A", string(e.Key(press("up"))), "keys go on")
}
