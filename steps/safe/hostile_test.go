package safe

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// hostile is a table of what an output may try, family by family.
func hostile() map[string]string {
	table := map[string]string{}
	add := func(family, sequence string) { table[fmt.Sprintf("%s %+q", family, sequence)] = sequence }
	for c := range 0x21 {
		add("C0", string(rune(c)))
	}
	for c := 0x7f; c <= 0x9f; c++ {
		add("C1 in UTF-8", string(rune(c))+"1;31m")
	}
	for c := 0x80; c <= 0xff; c++ {
		add("a byte alone", string([]byte{byte(c)}))
	}
	for final := 0x40; final <= 0x7e; final++ {
		add("CSI", fmt.Sprintf("\x1b[1;2%c", final))
		add("CSI private", fmt.Sprintf("\x1b[?1049%c", final))
		add("CSI with intermediates", fmt.Sprintf("\x1b[2 %c", final))
	}
	for final := 0x30; final <= 0x7e; final++ {
		add("ESC", fmt.Sprintf("\x1b%c", final))
		add("ESC with intermediates", fmt.Sprintf("\x1b(%c", final))
	}
	for _, end := range []string{"\a", "\x1b\\", "\u009c", "\x18", ""} {
		for _, number := range []int{0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 22, 50, 52, 104, 133, 633, 777, 1337} {
			add("OSC", fmt.Sprintf("\x1b]%d;c;cm0gLXJmIC8=%s", number, end))
			add("OSC as C1", fmt.Sprintf("\u009d%d;http://evil/%s", number, end))
		}
		for _, begin := range []string{"\x1bP", "\x1bX", "\x1b^", "\x1b_", "\x1bk", "\u0090", "\u0098", "\u009e", "\u009f"} {
			add("string", begin+"$qm"+end)
			add("string in a string", begin+"tmux;\x1b\x1b]52;c;AA\a"+end)
			add("string with a line in it", begin+"one\ntwo"+end)
		}
	}
	for _, r := range "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u180f\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e" +
		"\u2060\u2061\u2064\u2065\u2066\u2067\u2068\u2069\u206a\u206f\u3164\ufe00\ufe0d\ufe0e\ufe0f\ufeff\uffa0\ufff0\ufff9\ufffb\ufffe\uffff\ufdd0" +
		"\U0001bca0\U0001d173\U000e0001\U000e0020\U000e0041\U000e007f\U000e0100\U000e01ef\U0001fffe\U0010ffff" {
		add("not to be seen", string(r))
		add("not to be seen, many", strings.Repeat(string(r), 20))
	}
	for _, r := range "\u0301\u0336\u0489\u0e47\u20dd\u1161\u11a8" {
		add("marks", strings.Repeat(string(r), 200))
		add("marks on nothing", "\n"+strings.Repeat(string(r), 3))
	}
	for _, s := range []string{
		"\xc0\xaf", "\xc1\x81", "\xe0\x80\x9b", "\xf0\x80\x80\x9b", "\xed\xa0\x80\xed\xb0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x28\xa1", "\xf0\x9f\x92",
	} {
		add("malformed", s)
	}
	for _, s := range []string{
		"\x1b[8mhidden", "\x1b[5mblink", "\x1b[30;40mhidden", "\x1b[38;2;1;2;3;48;2;1;2;3mhidden", "\x1b[7;8m", "\x1b[>4;2m", "\x1b[?4m", "\x1b[=1m", "\x1b[38;5m", "\x1b[38;2;1m", "\x1b[38m",
		"\x1b[;;;;m", "\x1b[-1m", "\x1b[999999999999999999999m", "\x1b[38:2:::::::1m", "\x1b[4:3m", "\x1b[1;2;3;4;5;6;7;8;9;10;53;58:2::1:2:3m", "\x1b[" + strings.Repeat("1;", 500) + "m", "\x1b[38;5;300m", "\x1b[1 m",
	} {
		add("SGR", s)
	}
	for _, s := range []string{
		"\x1b\x1b[2J", "\x1b[\x1b[31m", "\x1b[2\a0J", "\x1b[2\n0J", "\x1b[2\r0J", "\x1b[3\u202e1m", "\x1b]0;\x1b[31m", "\x1b" + strings.Repeat(" ", 50) + "c",
		"\x1b#8", "\x1b%G", "\x1b[!p", "\x1b[0c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[18t\x1b[21t\x1bZ\x05", "rm -rf /\r\x1b[Kls -l", "rm -rf /" + strings.Repeat("\b", 8) + "ls -l   ",
		"\x1b]P0000000\x1b]R", "\x1b[2;1H\x1b[1A\x1b[9999D", "\x0e\x0f\x0b\x0c", "\x1b_Ga=T,f=100;AAAA\x1b\\", "\x1b]1337;File=inline=1:AAAA\a", "\x1bP+q544e\x1b\\", "\x1b]50;?\a", "\x1b[?1000h\x1b[?2004h",
	} {
		add("known", s)
	}
	return table
}

func TestHostileOutputs(t *testing.T) {
	table := hostile()
	require.GreaterOrEqual(t, len(table), 300)
	for name, sequence := range table {
		output := "before" + sequence + "after\nnext line\n"
		text := Of(output)
		require.NoError(t, accept(text.String()), name)
		require.True(t, strings.HasPrefix(text.Plain(), "before"), name)
		require.True(t, strings.HasSuffix(text.Plain(), "\nnext line\n"), "%s: took more than its line: %q", name, text)
		require.NoError(t, accept(Exact(output).String()), name)
		require.NotContains(t, Exact(output).String(), "\x1b", name)
		require.NotContains(t, Line(output).String(), "\n", name)

		l := New(10)
		l.Write([]byte(output))
		require.Equal(t, "next line", l.Line(l.Len()-1).Plain(), name)
		for i := range l.Len() {
			require.NoError(t, accept(l.Line(i).String()), name)
			require.NotContains(t, l.Line(i).String(), "\n", name)
		}
	}
}

func TestChunksNeverChangeWhatIsShown(t *testing.T) {
	sequences := pieces()
	rapid.Check(t, func(t *rapid.T) {
		output := strings.Join(rapid.SliceOfN(rapid.SampledFrom(sequences), 1, 12).Draw(t, "output"), "")
		cuts := rapid.SliceOfN(rapid.IntRange(1, 9), 1, 8).Draw(t, "cuts")
		checkOutput(t, []byte(output), cuts)
	})
}

func FuzzOutput(f *testing.F) {
	for _, sequence := range pieces() {
		f.Add([]byte("before"+sequence+"after\nnext"), uint8(3))
	}
	f.Fuzz(func(t *testing.T, output []byte, cut uint8) {
		checkOutput(t, output, []int{1 + int(cut)%16, 1 + int(cut)/16})
	})
}

// pieces are the hostile sequences and what stands between them in life.
func pieces() []string {
	list := []string{"plain", " ", "\n", "\r\n", "\r", "\t", "é", "状", "⚠", "e\u0301", "\x1b[31m", "\x1b[0m", "\x1b[K", "\b"}
	for _, sequence := range hostile() {
		list = append(list, sequence)
	}
	slices.Sort(list)
	return list
}

// checkOutput holds for every output, cut in any way.
func checkOutput(t require.TestingT, output []byte, cuts []int) {
	whole := Bytes(output)
	require.NoError(t, accept(whole.String()))
	require.Equal(t, whole, Of(whole.String()), "what is safe stays as it is")
	require.NotContains(t, whole.Plain(), "\x1b")
	require.NoError(t, accept(Exact(string(output)).String()))

	var f Filter
	all, inOne := New(50), New(50)
	inOne.Write(output)
	var pieces strings.Builder
	for i, rest := 0, output; len(rest) > 0; i++ {
		n := min(cuts[i%len(cuts)], len(rest))
		pieces.WriteString(f.Write(rest[:n]).String())
		all.Write(rest[:n])
		rest = rest[n:]
	}
	pieces.WriteString(f.Flush().String())
	require.Equal(t, whole.String(), pieces.String())

	require.Equal(t, inOne.Len(), all.Len())
	for i := range all.Len() {
		require.NoError(t, accept(all.Line(i).String()))
		require.Equal(t, inOne.Line(i), all.Line(i))
	}
}

// accept is a parser of its own for what a Text may hold: it knows nothing of how one is made.
func accept(s string) error {
	colour := regexp.MustCompile(`^\x1b\[0(;[0-9]{1,3})*m`)
	for line := range strings.SplitSeq(s, "\n") {
		marks, coloured := -1, false
		for len(line) > 0 {
			if m := colour.FindString(line); m != "" {
				coloured = m != "\x1b[0m"
				line = line[len(m):]
				continue
			}
			r, n := utf8.DecodeRuneInString(line)
			if r == utf8.RuneError && n == 1 {
				return fmt.Errorf("not UTF-8: %q", line)
			}
			if forbidden(r) {
				return fmt.Errorf("forbidden: %U in %q", r, line)
			}
			switch {
			case r == '\t':
				marks = -1
			case !unicode.In(r, unicode.Mn, unicode.Me):
				marks = 0
			case marks < 0:
				return fmt.Errorf("a mark on nothing: %U in %q", r, s)
			default:
				marks++
			}
			if marks > 5 {
				return fmt.Errorf("too many marks: %q", s)
			}
			line = line[n:]
		}
		if coloured {
			return errors.New("colours left on at the end of a line")
		}
	}
	return nil
}

func forbidden(r rune) bool {
	for _, interval := range [][2]rune{
		{0, 8},
		{0x0b, 0x1f},
		{0x7f, 0x9f},
		{0xad, 0xad},
		{0x34f, 0x34f},
		{0x61c, 0x61c},
		{0x115f, 0x1160},
		{0x17b4, 0x17b5},
		{0x180b, 0x180f},
		{0x200b, 0x200f},
		{0x2028, 0x202e},
		{0x2060, 0x206f},
		{0x3164, 0x3164},
		{0xfdd0, 0xfdef},
		{0xfe00, 0xfe0d},
		{0xfeff, 0xfeff},
		{0xffa0, 0xffa0},
		{0xfff0, 0xfffb},
		{0xfffe, 0xffff},
		{0x1bca0, 0x1bca3},
		{0x1d173, 0x1d17a},
		{0xe0000, 0xe0fff},
	} {
		if r >= interval[0] && r <= interval[1] {
			return true
		}
	}
	return false
}
