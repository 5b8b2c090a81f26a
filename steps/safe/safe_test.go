package safe

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsShownOfAnOutput(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain text", "kernel 5.14\n", "kernel 5.14\n"},
		{"tabs stay", "a\tb", "a\tb"},
		{"colours live", "\x1b[31mred\x1b[0m", "\x1b[0;31mred\x1b[0m"},
		{"colours are closed at the end", "\x1b[1;32mok", "\x1b[0;1;32mok\x1b[0m"},
		{"every line has its own colours", "\x1b[31ma\nb", "\x1b[0;31ma\x1b[0m\n\x1b[0;31mb\x1b[0m"},
		{"bright and direct colours", "\x1b[91;48;2;1;2;3mx", "\x1b[0;91;48;2;1;2;3mx\x1b[0m"},
		{"colours written with colons", "\x1b[38:2::1:2:3m\x1b[48:5:200mx", "\x1b[0;38;2;1;2;3;48;5;200mx\x1b[0m"},
		{"a broken colour changes nothing", "\x1b[38;5;999;1mx", "\x1b[0;1mx\x1b[0m"},
		{"half a colour changes nothing", "\x1b[38;2;1mx\x1b[999999999999999999999mx", "xx"},
		{"concealed text is shown", "\x1b[8mhidden", "hidden"},
		{"text on its own colour is shown", "\x1b[30;40mhidden", "\x1b[0;30mhidden\x1b[0m"},
		{"line ends of a terminal", "a\r\nb\r\r\nc", "a\nb\nc"},
		{"a carriage return writes nothing over", "rm -rf /\rls", "rm -rf /\nls"},
		{"a carriage return at the end", "50%\r", "50%"},
		{"a backspace takes nothing away", "ab\bc", "abc"},
		{"the bell", "a\ab", "ab"},
		{"a title", "\x1b]0;owned\x07ok", "ok"},
		{"a title of screen", "\x1bkowned\x1b\\ok", "ok"},
		{"a link", "\x1b]8;;http://evil/\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"the clipboard", "a\x1b]52;c;cm0gLXJmIC8=\x07b", "ab"},
		{"a question to the terminal", "a\x1b[6n\x1b[c\x1bP$qm\x1b\\b", "ab"},
		{"C1 in UTF-8", "a\u009b31mb\u009d0;t\u009cc", "a\x1b[0;31mbc\x1b[0m"},
		{"C1 as bytes", "a\x9b31mb", "a<0x9B>31mb"},
		{"a string that never ends takes its line", "a\x1b]0;bcd\nnext", "a\nnext"},
		{"a string inside a string", "\x1bPtmux;\x1b\x1b]52;c;AA\x07\x1b\\ok", "ok"},
		{"bidi", "user\u202e gnp.exe", "user<U+202E> gnp.exe"},
		{"zero width", "a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"},
		{"tags", "a\U000e0041", "a<U+E0041>"},
		{"line separators", "a\u2028b", "a<U+2028>b"},
		{"invalid UTF-8", "a\xffb\xe2\x82", "a<0xFF>b<0xE2><0x82>"},
		{"overlong", "\xc0\xaf", "<0xC0><0xAF>"},
		{"surrogates", "\xed\xa0\x80", "<0xED><0xA0><0x80>"},
		{"accents stay", "e\u0301", "e\u0301"},
		{"accents are counted", "e" + strings.Repeat("\u0301", 50) + "x", "e\u0301\u0301\u0301\u0301x"},
		{"an accent on nothing", "\n\u0301x", "\n<U+0301>x"},
		{"an emoji keeps its presentation once", "⚠\ufe0f\ufe0f", "⚠\ufe0f<U+FE0F>"},
		{"a letter has no presentation", "a\ufe0f", "a<U+FE0F>"},
		{"wide text", "状態\n", "状態\n"},
		{"a sequence broken off by another", "\x1b[3\x1b[32mx", "\x1b[0;32mx\x1b[0m"},
		{"a sequence broken off by a line", "\x1b[3\nx", "\nx"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, Of(c.in).String())
		})
	}
}

func TestStringsThatNeverEndAreBounded(t *testing.T) {
	require.Greater(t, len(Of("a\x1b]0;"+strings.Repeat("x", 1<<20)).String()), 1<<20-5000)
	require.Greater(t, len(Of("\x1b["+strings.Repeat("1", 1<<20)).String()), 1<<20-200)
	require.Contains(t, Of("\x1b"+strings.Repeat(" ", 1000)+"text").Plain(), strings.Repeat(" ", 900)+"text")
}

func TestExactHidesNothing(t *testing.T) {
	require.Equal(t, "rm\t-f \\\n<0x1B>[31mx<0x0D><0x08>", Exact("rm\t-f \\\n\x1b[31mx\r\b").String())
	require.Equal(t, "a<U+00A0>b<U+009B><U+202E><0xFF><0x7F>", Exact("a\u00a0b\u009b\u202e\xff\x7f").String())
	require.Equal(t, "⚠<U+FE0F>", Exact("⚠\ufe0f").String())
	require.Equal(t, "ncn-m001<0x0A># NO<0x09>", Line("ncn-m001\n# NO\t").String())
}

func TestPlainHasNoColours(t *testing.T) {
	require.Equal(t, "error: [31m\n\tno", Of("\x1b[1;31merror\x1b[0m: [31m\n\t\x1b[38;5;9mno").Plain())
	require.Empty(t, Text{}.Plain())
}

func TestMarshalledWithoutColours(t *testing.T) {
	p, err := Of("\x1b[31mx").MarshalText()
	require.NoError(t, err)
	require.Equal(t, "x", string(p))
}

func TestAFenceIsLongerThanWhatItHolds(t *testing.T) {
	require.Equal(t, "```", Fence(Of("a `b` c")))
	require.Equal(t, "````", Fence(Of("```\n# escaped\n```")))
	require.Equal(t, "``````", Fence(Of("`````\x1b[31m")))
}

func TestAFilterKeepsWhatIsSplit(t *testing.T) {
	var f Filter
	require.Equal(t, "a", f.Write([]byte("a\xe2\x82")).String())
	require.Equal(t, "€", f.Write([]byte("\xac\x1b[3")).String())
	require.Equal(t, "\x1b[0;31mx", f.Write([]byte("1mx\r")).String())
	require.Equal(t, "\x1b[0m\n\x1b[0;31my", f.Write([]byte("\ny\xe2")).String())
	require.Equal(t, "<0xE2>\x1b[0m", f.Flush().String())
	require.Equal(t, "new", f.Write([]byte("new")).String())
}
