package terminal_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/tui/terminal"
)

// opened is a terminal, and its other end: what is written there is typed.
func opened(t *testing.T) (hands, screen *os.File) {
	t.Helper()
	hands, screen, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() {
		hands.Close()
		screen.Close()
	})
	return hands, screen
}

func types(t *testing.T, hands *os.File, keys string) {
	t.Helper()
	_, err := hands.WriteString(keys)
	require.NoError(t, err)
}

// waiting is how many bytes wait to be read at a terminal that hands over every key.
func waiting(t *testing.T, screen *os.File) int {
	t.Helper()
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCINQ)
	require.NoError(t, err)
	return n
}

func flags(t *testing.T, screen *os.File) uint32 {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(screen.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return state.Lflag
}

// seen waits until what the terminal shows holds some words: then the keys that it shows so have come.
func seen(t *testing.T, hands *os.File, words string) {
	t.Helper()
	shown := make(chan error, 1)
	go func() {
		said, buffer := "", make([]byte, 1) // not more than that: the rest is for who reads next
		for !strings.HasSuffix(said, words) {
			if _, err := hands.Read(buffer); err != nil {
				shown <- fmt.Errorf("%w after %q", err, said)
				return
			}
			said += string(buffer)
		}
		shown <- nil
	}()
	select {
	case err := <-shown:
		require.NoError(t, err)
	case <-time.After(time.Minute):
		require.Fail(t, "never shown", words)
	}
}

// A line that was begun, and one that nobody has read, are both dropped.
func TestDrainDropsWhatWasTyped(t *testing.T) {
	hands, screen := opened(t)
	types(t, hands, "ahead\nand beg")
	seen(t, hands, "and beg")
	terminal.Drain(screen)
	types(t, hands, "un anew\n")
	line, err := bufio.NewReader(screen).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "un anew\n", line)
}

func TestWhatIsNoTerminalIsLeftAlone(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "file")
	require.NoError(t, err)
	defer file.Close()
	require.False(t, terminal.Is(file))
	require.False(t, terminal.Broken(file))
	terminal.Drain(file)
	terminal.Sane(file, file)
	require.Error(t, terminal.Echo(file, false))
	require.NoError(t, terminal.Keep(file).Restore())
	columns, rows := terminal.Size(file)
	require.Equal(t, []int{80, 24}, []int{columns, rows})
	left, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestATerminalIsPutBack(t *testing.T) {
	_, screen := opened(t)
	require.True(t, terminal.Is(screen))
	before := flags(t, screen)
	kept := terminal.Keep(screen)
	require.NoError(t, terminal.Echo(screen, false))
	require.Zero(t, flags(t, screen)&unix.ECHO)
	require.True(t, terminal.Broken(screen), "as a form that was killed leaves it")
	require.NoError(t, kept.Restore())
	require.Equal(t, before, flags(t, screen))
	require.False(t, terminal.Broken(screen))
}

// Every key comes by itself and unseen; what was typed before, or meanwhile and not read, is nobody's line.
func TestKeysAreHandedOverAndTheLinesAreBackThen(t *testing.T) {
	hands, screen := opened(t)
	before := flags(t, screen)
	types(t, hands, "go\n")
	seen(t, hands, "go\r\n")
	back, err := terminal.Keys(screen)
	require.NoError(t, err)
	require.Zero(t, waiting(t, screen))
	types(t, hands, "y\x03")
	keys := make([]byte, 2)
	for n := range keys {
		_, err := screen.Read(keys[n : n+1])
		require.NoError(t, err)
	}
	require.Equal(t, "y\x03", string(keys))
	types(t, hands, "go\n")
	require.Eventually(t, func() bool { return waiting(t, screen) == 3 }, time.Minute, time.Millisecond)
	require.NoError(t, back())
	require.Equal(t, before, flags(t, screen))
	types(t, hands, "fresh\n")
	line, err := bufio.NewReader(screen).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "fresh\n", line)
}

func TestASaneTerminalAfterAKilledScreen(t *testing.T) {
	hands, screen := opened(t)
	_, err := terminal.Keys(screen)
	require.NoError(t, err)
	require.True(t, terminal.Broken(screen))
	terminal.Sane(screen, screen)
	require.False(t, terminal.Broken(screen))
	seen(t, hands, "\x1b[?1049l\x1b[?25h\x1b[0m\r\r\n") // lines are ended as in a terminal again
}

func TestWhereItCanBeDrawn(t *testing.T) {
	_, screen := opened(t)
	for kind, draws := range map[string]bool{"xterm-256color": true, "dumb": false, "": false} {
		t.Setenv("TERM", kind)
		require.Equal(t, draws, terminal.Draws(screen), kind)
	}
}
