package plain_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/plain"
)

// drawing has one command that is read as interactive.
const drawing = "# A drawing\n\n1. (`m1#`) Draw.\n\n   ```bash {interactive}\n   draw\n   ```\n"

// hands type a piece every second, and then the terminal is gone. A piece that begins with printing the command prints.
type hands struct {
	world  *world
	pieces []string
}

const (
	printing = "(it prints) "
	taking   = "(bob takes the wheel)"
)

func (h *hands) Read(p []byte) (int, error) {
	time.Sleep(time.Second)
	if len(h.pieces) == 0 {
		return 0, io.EOF
	}
	piece := h.pieces[0]
	h.pieces = h.pieces[1:]
	if text, ok := strings.CutPrefix(piece, printing); ok {
		h.world.printMore(text)
		return h.Read(p)
	}
	if piece == taking {
		bob := speaker{h.world, steps.Actor{Name: "bob", Via: steps.Terminal}}
		if err := bob.Do(steps.Drive{Forced: true, Reason: "ada is asleep"}, h.world.state.Seq()); err != nil {
			return 0, err
		}
		return h.Read(p)
	}
	return copy(p, piece), nil
}

// printMore has what runs print.
func (w *world) printMore(text string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.print(w.state.Running()[0], text)
}

// seat is a terminal that can be given to a command, and what was written to it.
type seat struct {
	out     bytes.Buffer
	given   int // how often a command got it
	back    int // and the lines again
	refuses error
	at      int // how much had been written when a command got it
}

func (s *seat) keys() (func() error, error) {
	if s.refuses != nil {
		return nil, s.refuses
	}
	s.given++
	s.at = s.out.Len()
	return func() error { s.back++; return nil }, nil
}

// sitAt walks through the drawing, where the command does what is played.
func sitAt(t *testing.T, s *seat, simulated bool, play played, pieces ...string) *world {
	plan, err := runbook.Read("drawing.md", []byte(drawing))
	require.NoError(t, err)
	var w *world
	synctest.Test(t, func(t *testing.T) {
		w = newWorld(plan, map[string][]played{"draw": {play}})
		require.NoError(t, w.as(steps.Terminal).Do(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", User: "ada", Simulated: simulated}}, 0))
		err = plain.Walk(t.Context(), w.as(steps.Terminal), &hands{w, pieces}, &s.out, plain.Options{
			Plan: plan, Operator: "ada", Now: time.Now, Interactive: true,
			Terminal: &plain.Terminal{Keys: s.keys, Size: func() (int, int) { return 60, 12 }, Colours: true},
		})
		require.Error(t, err)
	})
	return w
}

// ours is all that a terminal is ever told beside visible characters and line ends.
var ours = regexp.MustCompile(`\x1b\[(?:[0-9;:]*m|\d+;\d+H|2J|\?(?:25|1049|1|2004)[hl])`)

var hostile = []string{
	"\x1b]0;title\a", "\x1b]52;c;cm0gLXJm\a", "\x1b[?1049h", "\x1b[?1049l", "\x1b[6n", "\x1b[c", "\x1bP$q\"p\x1b\\", "\x1b[2J", "\x1b[31mred", "\x1b[?1h",
	"\x1b[?2004h", "\x1b[5;5H", "\x9b31m", "\x1bc", "\x1b[?1000h", "\x1b[8;1;1t", "\u202e", "\x00\x07\x0e", "\x1b", "gate passed\r\n", "漢字", "e\u0301", "\xff\xfe", "\x1b[9999b", "1#1> ",
}

// TestNothingThatACommandPrintsReachesTheTerminalAsItIs: whatever it prints while it has the terminal, only pictures come.
func TestNothingThatACommandPrintsReachesTheTerminalAsItIs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		prints := strings.Join(rapid.SliceOfN(rapid.SampledFrom(hostile), 1, 30).Draw(rt, "prints"), rapid.SampledFrom([]string{"", " ", "\r\n"}).Draw(rt, "between"))
		var s seat
		sitAt(t, &s, false, played{prints: prints, waits: true}, "run\n", "\x1d", "enter\n", "x")
		require.Equal(rt, 2, s.given)
		require.Equal(rt, 2, s.back)
		for _, r := range ours.ReplaceAllString(s.out.String(), "") {
			require.False(rt, r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e', fmt.Sprintf("%q in %q", r, s.out.String()))
		}
	})
}

func TestKeysGoToTheCommandUntilTheEscapeKey(t *testing.T) {
	var s seat
	w := sitAt(t, &s, false, played{prints: "name? ", waits: true}, "run\nrun\nno-go typed ahead\n", "a\x1b[Ab\x1dquit\n", "type c\n")
	require.Equal(t, []string{"a\x1b[Ab"}, w.typed, "the world ends a command with what is typed to it")
	require.Equal(t, 1, s.back)
	require.Contains(t, s.out.String(), "ignored: 2 lines typed before it had the terminal")
	require.Equal(t, []string{"draw"}, w.ran)
}

// What a program that draws on the whole screen prints is no lines, also while the operator is back among them.
func TestAWholeScreenIsNotReadOutAsLines(t *testing.T) {
	var s seat
	w := sitAt(t, &s, false, played{prints: "\x1b[?1049h\x1b[2;2Hdrawn\x1b[3;1Hbelow", waits: true}, "run\n", "\x1d", printing+"\x1b[4;1Hdrawn meanwhile", "note back\n", "enter\n", "q")
	after := s.out.String()[s.at:]
	lines := s.out.String()[:s.at]
	require.Equal(t, 1, strings.Count(lines, "|  drawn\n"), "once, as the operator comes back")
	require.Contains(t, lines, "noted: back")
	require.NotContains(t, lines, "meanwhile")
	require.Contains(t, after, "drawn meanwhile")
	require.Equal(t, []string{"q"}, w.typed)
	require.Contains(t, s.out.String(), "ended: exit 0")
}

func TestWhatIsSaidMeanwhileIsSaidAmongTheLines(t *testing.T) {
	var s seat
	sitAt(t, &s, false, played{prints: "done?", waits: true}, "run\n", "y")
	picture, lines, ok := strings.Cut(s.out.String()[s.at:], "\x1b[?1049l")
	require.True(t, ok)
	require.NotContains(t, picture, "\nended")
	require.True(t, strings.HasPrefix(lines, "| done?y\nended: exit 0"), lines)
}

// Who does not drive any more types to nothing.
func TestATakenWheelTakesTheTerminalBack(t *testing.T) {
	var s seat
	w := sitAt(t, &s, false, played{prints: "name? ", waits: true}, "run\n", taking, "a", "enter\n", "type b\n")
	require.Equal(t, 1, s.given)
	require.Equal(t, 1, s.back)
	require.Empty(t, w.typed)
	require.Contains(t, s.out.String(), "bob drives now: ada is asleep")
}

// A command is asked about by lines where the terminal cannot be given, and in a rehearsal.
func TestLinesAreTheWayWhereNoTerminalCanBeGiven(t *testing.T) {
	refusing := seat{refuses: errors.New("not a terminal")}
	w := sitAt(t, &refusing, false, played{prints: "name? ", waits: true}, "run\n", "type ada\n")
	require.Contains(t, refusing.out.String(), "it cannot be given the terminal: not a terminal; type passes lines")
	require.Equal(t, []string{"ada\n"}, w.typed)
	var rehearsed seat
	w = sitAt(t, &rehearsed, true, played{prints: "name? ", waits: true}, "run\n", "enter\n", "type ada\n")
	require.Contains(t, rehearsed.out.String(), "a rehearsed command has no terminal of its own")
	require.Equal(t, []string{"ada\n"}, w.typed)
	require.Zero(t, rehearsed.given)
}
