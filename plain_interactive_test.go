package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"gatewalk/tui/terminal"
)

// sitDownToLines walks as lines, on a terminal, to one command that is read as interactive, and starts it.
func sitDownToLines(t *testing.T, command string) *console {
	t.Helper()
	c := open(t, interactive(t, command), "run", "walk.md", "--plain", "--no-keeper")
	c.starts()
	return c
}

// starts starts the command, which then has the terminal.
func (c *console) starts() {
	c.t.Helper()
	c.sees("\n1>")
	c.types("run\r")
	c.sees("--- the keys go to 1;")
}

// comesBack takes the lines back while the command runs on.
func (c *console) comesBack() {
	c.t.Helper()
	c.types(back)
	c.sees("the lines are back")
}

// ended sees the command end and the lines again, on a terminal as it was: typed lines show.
func (c *console) ended(how string) {
	c.t.Helper()
	c.sees("\nended: " + how)
	c.loses("--- the keys go")
	c.sees(">")
	require.False(c.t, c.terminal.Whole())
	require.False(c.t, terminal.Broken(c.file))
}

func contents(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

func TestAnEditorBetweenLines(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes")
	write(t, notes, "the first line\n")
	c := sitDownToLines(t, editor(t, notes))
	c.sees("the first line")
	c.types("osecond, 漢字")
	c.sees("-- INSERT --")
	c.comesBack()
	c.sees("| second, 漢字")
	c.types("note still editing\r")
	c.sees("noted: still editing")
	c.types("enter\r")
	c.sees("-- INSERT --")
	c.resize(100, 30)
	c.sees(strings.Repeat("\n~", 26) + "\n-- INSERT --")
	c.saves()
	c.ended("exit 0")
	require.Equal(t, "the first line\nsecond, 漢字\n", contents(t, notes))
	c.types("close\r")
	<-c.gone
}

func TestAPagerBetweenLines(t *testing.T) {
	c := sitDownToLines(t, pager(t))
	c.sees("service number 21\n")
	c.types("G")
	c.sees("service number 899")
	c.types(string(c.terminal.Key(tea.KeyPressMsg{Code: tea.KeyUp}))) // in the form that the terminal was asked for
	c.sees("service number 877\n")
	c.types("q")
	c.ended("exit 0")
}

func TestAnInterpreterBetweenLines(t *testing.T) {
	c := sitDownToLines(t, needs(t, "python3")+" -q")
	c.calculates(consoleRows - 1)
	c.comesBack()
	c.sees("| 43")
	c.types("type 6 * 9\r")
	c.sees("\n| 54")
	c.types("enter\r")
	c.sees("--- the keys go")
	c.types("7 * 9\r")
	c.sees("\n63")
	c.types("\x04")
	c.ended("exit 0")
}

func TestAQuestionBetweenLines(t *testing.T) {
	c := sitDownToLines(t, question)
	c.sees("Continue? [y/N]")
	c.types("yes\r")
	c.ended("exit 0")
	c.sees("| the answer is <yes>")
	require.NotContains(t, c.recorded(), `"hidden"`)
}

func TestAQuestionBetweenTheNextLines(t *testing.T) {
	dir := interactive(t, question)
	c := open(t, dir, "run", "walk.md", "--plain")
	c.starts()
	c.sees("Continue? [y/N]")
	c.hangUp()
	c = open(t, dir, "resume", onlySession(t, dir), "--plain")
	c.sees("| Continue? [y/N]")
	c.types("enter\r")
	c.sees("--- the keys go")
	c.sees("Continue? [y/N]\n")
	c.types("yes\r")
	c.ended("exit 0")
	c.sees("| the answer is <yes>")
	c.types("quit\r")
	<-c.gone
}

func TestAPasswordBetweenLines(t *testing.T) {
	c := sitDownToLines(t, password)
	c.sees("Word:")
	c.types("open sesame\r")
	c.sees("it has 11 letters")
	c.sees("And?")
	require.NotContains(t, c.screen(), "sesame")
	c.types("seen\r")
	c.ended("exit 0")
	c.keepsItsWord("sesame")
}

// A command that was not read as one that draws is shown as lines until the operator gives it the terminal.
func TestADrawingCommandIsEnteredOnAWord(t *testing.T) {
	dir := t.TempDir()
	command := `printf '\033[?1049h\033[5;10Hdrawn'; key=$(head -c 1); printf '\033[?1049l'; echo "it was <$key>"`
	write(t, filepath.Join(dir, "walk.md"), fmt.Sprintf("# A walk\n\n1. (`%s#`) Look.\n\n    ```bash\n    %s\n    ```\n", thisHost(), command))
	c := open(t, dir, "run", "walk.md", "--plain", "--no-keeper")
	c.sees("\n1>")
	c.types("run\r")
	c.sees("enter gives it yours")
	require.NotContains(t, c.screen(), "drawn\n")
	c.types("enter\r")
	c.sees("         drawn\n")
	c.types("x\r")
	c.ended("exit 0")
	c.sees("| it was <x>")
}

// What is typed while a command has the terminal goes to the command or nowhere, however fast it is: it starts nothing and
// passes no gate.
func TestKeysForACommandPassNoGate(t *testing.T) {
	dir := interactive(t, "read -r -p 'Continue? ' answer")
	text := contents(t, filepath.Join(dir, "walk.md"))
	text += fmt.Sprintf("\n2. (`%s#`) Restart it.\n\n   <!-- gatewalk gate=disruptive weight=key sentence=\"It is gone for a minute.\" -->\n   ```bash\n   echo restarted\n   ```\n", thisHost())
	write(t, filepath.Join(dir, "walk.md"), text)
	c := open(t, dir, "run", "walk.md", "--plain", "--no-keeper")
	c.starts()
	c.sees("Continue?")
	c.types("yes\rrun\rgo\rrun\r\ngo\r\n")
	c.ended("exit 0")
	c.sees("\n2>")
	c.types("run\rgo\r")
	c.sees("to pass it type: go")
	c.sees("gate 2>")
	require.False(t, strings.Contains(c.recorded(), `"gate_passed"`))
	c.types("go\r")
	c.sees("the code ")
	code := regexp.MustCompile(`the code (\d+)`).FindStringSubmatch(c.screen())
	require.NotNil(t, code)
	c.types(code[1] + "\r")
	c.sees("| restarted")
	require.True(t, strings.Contains(c.recorded(), `"gate_passed"`))
}

// The escape key ends what is passed on: what came with it is not a line of the walk.
func TestWhatComesWithTheEscapeKeyIsDropped(t *testing.T) {
	c := sitDownToLines(t, "read -r -p 'Name? ' name\necho \"the name is <$name>\"\n")
	c.sees("Name?")
	c.types("ada" + back + "abort KILL\rquit\r")
	c.sees("the lines are back")
	c.types("type  lovelace\r")
	c.ended("exit 0")
	c.sees("| the name is <ada lovelace>")
}

// A command whose terminal is lost goes on, and the next walk as lines gives it another one when it is told to.
func TestAnEditorBetweenTheNextLines(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes")
	dir := interactive(t, editor(t, notes))
	c := open(t, dir, "run", "walk.md", "--plain")
	c.starts()
	c.sees("\n~\n")
	c.types("iunsaved words")
	c.sees("unsaved words")
	c.hangUp()
	c = open(t, dir, "resume", onlySession(t, dir), "--plain")
	c.resize(100, 30)
	c.sees("enter gives it this terminal")
	c.types("enter\r")
	c.sees("unsaved words\n~")
	c.sees("-- INSERT --")
	c.types(" and more")
	c.saves()
	c.ended("exit 0")
	require.Equal(t, "unsaved words and more\n", contents(t, notes))
	c.types("quit\r")
	<-c.gone
}
