package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"gatewalk/exec/exectest"
	"gatewalk/tui/emulator"
)

// console is a terminal with this program's screen on it, and somebody in front of it.
type console struct {
	t        *testing.T
	dir      string
	file     *os.File
	terminal *emulator.Terminal
	drawn    chan struct{} // at most one: something new is on the terminal
	gone     chan struct{} // the program has ended
}

const consoleColumns, consoleRows = 80, 24

// sitDown opens the screen of a walk through one command that is read as interactive.
func sitDown(t *testing.T, command string) *console {
	t.Helper()
	return open(t, interactive(t, command), "run", "walk.md", "--no-keeper")
}

// interactive is a folder with that walk in it.
func interactive(t *testing.T, command string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	text := fmt.Sprintf("# A walk with a terminal\n\n1. (`%s#`) Do it at the terminal.\n\n    ```bash {interactive}\n", thisHost())
	for line := range strings.Lines(command) {
		text += "    " + line
	}
	write(t, filepath.Join(dir, "walk.md"), text+"\n    ```\n")
	return dir
}

// open starts this program on a terminal of its own.
func open(t *testing.T, dir string, args ...string) *console {
	t.Helper()
	program := gatewalk(dir, args...)
	program.Stderr = nil
	program.Env = append(program.Env, "TERM=xterm-256color", "HOME="+dir, "LC_ALL=C.UTF-8", "EXINIT=", "LESS=", "SUDO_ASKPASS=")
	file, err := pty.StartWithSize(program, &pty.Winsize{Cols: consoleColumns, Rows: consoleRows})
	require.NoError(t, err)
	c := &console{
		t: t, dir: dir, file: file, terminal: emulator.New(consoleColumns, consoleRows), drawn: make(chan struct{}, 1),
		gone: make(chan struct{}),
	}
	go c.watch(program)
	t.Cleanup(func() {
		_ = program.Process.Kill()
		<-c.gone
		c.endCommands()
	})
	return c
}

// watch draws what the program prints, and answers its queries as a terminal does.
func (c *console) watch(program *osexec.Cmd) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := c.file.Read(buffer)
		_, _ = c.file.Write(c.terminal.Write(buffer[:n], true))
		select {
		case c.drawn <- struct{}{}:
		default:
		}
		if err != nil {
			break
		}
	}
	_ = program.Wait()
	close(c.gone)
}

// endCommands ends what a failed test has left running: a command outlives its screen.
func (c *console) endCommands() {
	claims, _ := filepath.Glob(filepath.Join(c.dir, "state", "gatewalk", "sessions", "*", "attempts", "*", "pid"))
	for _, claim := range claims {
		text, _ := os.ReadFile(claim)
		var shim int
		_, _ = fmt.Sscan(string(text), &shim)
		if _, err := os.Stat(filepath.Join(filepath.Dir(claim), "exit")); err != nil && shim > 1 {
			_ = syscall.Kill(shim, syscall.SIGKILL) // its command loses its terminal
		}
	}
}

// screen is what is on the terminal.
func (c *console) screen() string {
	rows := c.terminal.View(false)
	for i, row := range rows {
		rows[i] = strings.TrimRight(ansi.Strip(row), " ")
	}
	return strings.Join(rows, "\n")
}

// sees waits until a text is on the terminal.
func (c *console) sees(text string) { c.t.Helper(); c.waits(text, true) }

// loses waits until a text is on the terminal no more.
func (c *console) loses(text string) { c.t.Helper(); c.waits(text, false) }

func (c *console) waits(text string, there bool) {
	c.t.Helper()
	for deadline := time.After(2 * time.Minute); strings.Contains(c.screen(), text) != there; {
		select {
		case <-c.drawn:
		case <-deadline:
			require.Failf(c.t, "waited too long", "on the terminal: %t, of %q:\n%s", there, text, c.screen())
		}
	}
}

func (c *console) types(keys string) {
	c.t.Helper()
	_, err := c.file.WriteString(keys)
	require.NoError(c.t, err)
}

// begins starts the command and gives it the keys.
func (c *console) begins() {
	c.t.Helper()
	c.sees("Do it at the terminal")
	c.types("\r")
	c.sees("1 running")
	c.types("t")
	c.sees("back to the screen")
}

// resize makes the terminal larger or smaller.
func (c *console) resize(columns, rows int) {
	c.t.Helper()
	c.terminal.Resize(columns, rows)
	require.NoError(c.t, pty.Setsize(c.file, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)}))
}

// hangUp takes the terminal away, as a lost connection does.
func (c *console) hangUp() {
	c.t.Helper()
	require.NoError(c.t, c.file.Close())
	select {
	case <-c.gone:
	case <-time.After(2 * time.Minute):
		require.Fail(c.t, "the screen does not end without its terminal")
	}
}

// ends sees the command end, and comes back to the screen.
func (c *console) ends(how string) {
	c.t.Helper()
	c.sees("output, " + how)
	c.types("\x1d")
	c.loses("back to the screen")
}

// recorded is everything that the session has put on disk.
func (c *console) recorded() string {
	c.t.Helper()
	return strings.Join(slices.Collect(maps.Values(exectest.Files(c.t, filepath.Join(c.dir, "state")))), "\n")
}

// needs is the first of some programs that is installed. Where all of this is to be tested, one must be.
func needs(t *testing.T, programs ...string) string {
	t.Helper()
	for _, program := range programs {
		if path, err := osexec.LookPath(program); err == nil {
			return path
		}
	}
	if os.Getenv("GATEWALK_SHARED") != "" {
		require.Failf(t, "not installed", "one of %v; .ci/run installs it", programs)
	}
	t.Skipf("none of %v is installed", programs)
	return ""
}

// editor is the command that edits a file, whatever its user has set up.
func editor(t *testing.T, file string) string {
	t.Helper()
	return needs(t, "vim.tiny", "vim", "vi") + " -u NONE -N -c 'set showmode' " + file
}

// pager is the command that shows 900 lines a screen at a time.
func pager(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for i := range 900 {
		fmt.Fprintf(&text, "service number %d\n", i)
	}
	list := filepath.Join(t.TempDir(), "list")
	write(t, list, text.String())
	return needs(t, "less") + " " + list
}

const (
	escape = "\x1b"
	back   = "\x1d" // ctrl+]
	up     = "\x1b[A"
)

// What asks at its terminal: one that shows what is typed, and one that at first does not.
const (
	question = "read -r -p 'Continue? [y/N] ' answer\necho \"the answer is <$answer>\"\n"
	password = "read -r -s -p 'Word: ' word\necho\necho \"it has ${#word} letters\"\nread -r -p 'And? ' more\n"
)

// saves ends an editor that is inserting, and keeps what was written.
func (c *console) saves() {
	c.t.Helper()
	c.types(escape)
	c.loses("-- INSERT --")
	c.types(":wq\r")
}

// calculates has an interpreter work: with its history, and on a terminal of so many rows.
func (c *console) calculates(rows int) {
	c.t.Helper()
	c.sees(">>>")
	c.types("6 * 7\r")
	c.sees("\n42")
	c.types(up + " + 1\r")
	c.sees("\n43")
	c.types("import os; os.get_terminal_size()\r")
	c.sees(fmt.Sprintf("columns=%d, lines=%d", consoleColumns, rows))
}

// keepsItsWord sees to it that what was typed unseen is on no screen and in no file, only that it was typed.
func (c *console) keepsItsWord(word string) {
	c.t.Helper()
	require.NotContains(c.t, c.screen(), word)
	record := c.recorded()
	require.NotContains(c.t, record, word)
	require.Contains(c.t, record, `"hidden":1`)
}

func TestAnEditorInTheScreen(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes")
	write(t, notes, "the first line\n")
	c := sitDown(t, editor(t, notes))
	c.begins()
	c.sees("the first line")
	c.types("osecond, 漢字")
	c.sees("second, 漢字")
	c.sees("-- INSERT --")
	c.types(escape)
	c.loses("-- INSERT --")
	c.types(back)
	c.sees("t goes in")
	c.sees("second, 漢字")
	c.types("n")
	c.sees("Note at")
	c.types(escape)
	c.loses("Note at")
	c.types("t")
	c.sees("back to the screen")
	c.sees("second, 漢字")
	c.types(":wq\r")
	c.ends("exit 0")
	require.Equal(t, "the first line\nsecond, 漢字\n", contents(t, notes))
}

// A lost connection costs nothing: the editor stands where it stood, on a terminal of another size.
func TestAnEditorInTheNextScreen(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes")
	dir := interactive(t, editor(t, notes))
	c := open(t, dir, "run", "walk.md")
	c.begins()
	c.sees("\n~\n")
	c.types("iunsaved words")
	c.sees("unsaved words")
	c.hangUp()
	c = open(t, dir, "resume", onlySession(t, dir))
	c.resize(100, 30)
	c.sees("t goes in")
	c.sees("unsaved words")
	c.types("t")
	c.sees("-- INSERT --")
	c.types(" and more")
	c.saves()
	c.ends("exit 0")
	require.Equal(t, "unsaved words and more\n", contents(t, notes))
	c.types("q")
	<-c.gone
}

// Whoever leaves a screen whose keeper was killed is told one thing, and it is true: who holds the session is gone.
func TestLeavingAfterTheKeeperDiedSaysOneThing(t *testing.T) {
	dir := interactive(t, "sleep 60")
	c := open(t, dir, "run", "walk.md")
	c.sees("Do it at the terminal")
	holder := (&killing{t: t, dir: dir}).keeper(0)
	require.Greater(t, holder, 1)
	require.NoError(t, syscall.Kill(holder, syscall.SIGKILL))
	c.sees("The keeper of this session is gone")
	c.types("q")
	<-c.gone
	c.sees("starts another one")
	require.NotContains(t, c.screen(), "the session is kept")
}

// A terminal that says it cannot be drawn on gets a sentence, no picture in pieces.
func TestATerminalThatCannotBeDrawnOnIsLeftAlone(t *testing.T) {
	t.Setenv("TERM", "dumb")
	dir := interactive(t, "sleep 60")
	program := gatewalk(dir, "run", "walk.md")
	program.Stderr = nil
	file, err := pty.Start(program)
	require.NoError(t, err)
	defer file.Close()
	said, _ := io.ReadAll(file)
	_ = program.Wait()
	require.Contains(t, string(said), "there is no terminal that can be drawn on; walk it as lines with --plain")
	require.NotContains(t, string(said), escape)
	require.Empty(t, onlySession(t, dir), "nothing was begun")
}

func TestAPagerInTheScreen(t *testing.T) {
	c := sitDown(t, pager(t))
	c.begins()
	c.sees("service number 18\n")
	c.types("G")
	c.sees("service number 899")
	c.types(up)
	c.sees("service number 880")
	c.resize(consoleColumns, consoleRows-3)
	c.sees("service number 895\n:") // a pager that is still drawing may miss a key
	c.types("g")
	c.sees("service number 0\n")
	c.types("q")
	c.ends("exit 0")
}

func TestAMonitorInTheScreen(t *testing.T) {
	c := sitDown(t, needs(t, "top"))
	c.begins()
	c.sees("load average")
	c.types("d")
	c.sees("Change delay")
	c.types("9\r")
	c.loses("Change delay")
	c.types("q")
	c.ends("exit 0")
}

func TestAnInterpreterInTheScreen(t *testing.T) {
	c := sitDown(t, needs(t, "python3")+" -q")
	c.begins()
	c.calculates(consoleRows - 4)
	c.types("\x04")
	c.ends("exit 0")
}

func TestAShellInTheScreen(t *testing.T) {
	c := sitDown(t, "PS1='inside> ' bash --norc")
	c.begins()
	c.sees("inside>")
	c.types("echo $((40 + 2))" + escape + "b\r")
	c.sees("\n42")
	c.types("exit 3\r")
	c.ends("exit 3")
}

func TestAQuestionInTheScreen(t *testing.T) {
	c := sitDown(t, question)
	c.begins()
	c.sees("Continue? [y/N]")
	c.types("yes\r")
	c.sees("the answer is <yes>")
	c.ends("exit 0")
	require.NotContains(t, c.recorded(), `"hidden"`)
}

func TestAPasswordInTheScreen(t *testing.T) {
	c := sitDown(t, password)
	c.begins()
	c.sees("asks for something it does not show")
	c.types("open sesame")
	c.sees("•••••••••••")
	require.NotContains(t, c.screen(), "sesame")
	c.types("\r")
	c.sees("it has 11 letters")
	c.loses("asks for something it does not show")
	c.types("seen\r")
	c.ends("exit 0")
	c.keepsItsWord("sesame")
}

// Who may do nothing is asked for a password before it is refused; who is asked none cannot be tested with it.
func TestSudoInTheScreen(t *testing.T) {
	sudo := needs(t, "sudo")
	command := sudo + " -k true"
	if os.Getuid() == 0 {
		command = needs(t, "setpriv") + " --reuid=65534 --regid=65534 --clear-groups " + command
	} else if osexec.Command(sudo, "-n", "-k", "true").Run() == nil {
		t.Skip("sudo asks this user for no password")
	}
	c := sitDown(t, command)
	c.begins()
	c.sees("asks for something it does not show")
	c.sees("password for")
	c.types("never the right one\r")
	c.sees("try again")
	c.sees("asks for something it does not show")
	c.types("\x03")
	c.ends("exit 1")
	c.keepsItsWord("never the right one")
}
