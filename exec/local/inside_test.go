package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	osexec "os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"gatewalk/exec"
)

func TestAZombieDoesNotRun(t *testing.T) {
	child := osexec.Command("sleep", "600")
	require.NoError(t, child.Start())
	who, err := identify(child.Process.Pid)
	require.NoError(t, err)
	require.Equal(t, exec.Running, who.state())
	require.NoError(t, child.Process.Kill())
	require.Eventually(t, func() bool { return who.state() == exec.Lost }, 2*time.Minute, time.Millisecond)
	process, err := readProcess(who.pid)
	require.NoError(t, err, "it is still in the table")
	require.Equal(t, byte('Z'), process.state)
	require.Equal(t, who.started, process.started)
	_ = child.Wait()
}

func TestNobodyHasBegunSession0(t *testing.T) {
	require.Empty(t, sessionOf(0))
	own, err := unix.Getsid(0)
	require.NoError(t, err)
	if own > 0 { // it may lie outside the container this test runs in
		require.Contains(t, sessionOf(own), os.Getpid())
	}
}

func TestAnIdentityIsReadAsWritten(t *testing.T) {
	who, err := identify(os.Getpid())
	require.NoError(t, err)
	again, err := parseIdentity(who.String())
	require.NoError(t, err)
	require.Equal(t, who, again)
	require.Equal(t, exec.Running, again.state())
	_, err = parseIdentity("cancelled")
	require.Error(t, err)
}

func TestEveryControlTravels(t *testing.T) {
	for _, control := range []exec.Control{
		exec.Stdin{Bytes: []byte("x")}, exec.Resize{Size: exec.Size{Columns: 1, Rows: 2}}, exec.Signal{Name: "QUIT"}, exec.Cancel{},
	} {
		frames, err := framesOf(control)
		require.NoError(t, err)
		require.Len(t, frames, 1)
		require.NotEqual(t, frame{}, frames[0])
	}
	_, err := framesOf(exec.Signal{Name: "SEGV"})
	require.ErrorContains(t, err, "use INT, TERM, KILL, HUP or QUIT")
}

func TestManyKeysTravelInFramesThatAreTaken(t *testing.T) {
	keys := bytes.Repeat([]byte("many keys "), 100_000)
	frames, err := framesOf(exec.Stdin{Bytes: keys})
	require.NoError(t, err)
	var all []byte
	for _, frame := range frames {
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		require.Less(t, len(text), longestFrame)
		all = append(all, frame.Stdin...)
	}
	require.Equal(t, keys, all)
}

func TestHiddenTyping(t *testing.T) {
	var k keyboard
	require.Empty(t, k.hidden([]byte("seen\r"), false))
	require.Empty(t, k.hidden([]byte("hal"), true))
	require.Equal(t, [][]byte{[]byte("half"), []byte("b")}, k.hidden([]byte("f\ra\x15b\n"), true))
	require.Empty(t, k.hidden([]byte("lost"), true))
	require.Empty(t, k.hidden([]byte("\r"), false), "what is shown again is forgotten")
}

func TestSilentReads(t *testing.T) {
	for command, want := range map[string]string{
		"read -s PW":                                      "PW",
		"echo x; read -rsp \"a; b: \" PW && use":          "PW",
		"if read -s -t 5 A B; then":                       "A B",
		"read PLAIN":                                      "",
		"spread -s PW":                                    "",
		"read -r -p 'what -s does' LINE":                  "LINE", // rather one too many
		"while true; do\n\tread -s -p $'it\\'s' PW\ndone": "PW",
	} {
		require.Equal(t, want, strings.Join(silentReads([]string{command}), " "), command)
	}
}

func TestSecretNames(t *testing.T) {
	for _, name := range []string{"PASSWORD", "db_pass", "GITHUB_TOKEN", "clientSecret", "AWS_SECRET_ACCESS_KEY", "API_KEY"} {
		require.True(t, isSecretName(name), name)
	}
	for _, name := range []string{"PATH", "KUBECONFIG", "KEY", "HOST"} {
		require.False(t, isSecretName(name), name)
	}
}

func TestAStateThatWasCutIsNone(t *testing.T) {
	whole := "options\x00o\x00traps\x00\x00function\x00declare -f f\x00f () { :; }\x00variable\x00A\x001\x00declare -- A=\"1\"\x00complete\x00"
	state, err := parseState([]byte(whole))
	require.NoError(t, err)
	require.Equal(t, []variable{{name: "A", value: "1", declaration: `declare -- A="1"`}}, state.variables)
	for cut := range len(whole) - 1 {
		_, err := parseState([]byte(whole[:cut]))
		require.Error(t, err, "cut after %d bytes", cut)
	}
}

func TestWhatIsShownOfAVariable(t *testing.T) {
	long := strings.Repeat("é", longestPublic)
	for declaration, shown := range map[string]string{
		`declare -- A="v"`: "v", `declare -x A="v"`: "v", `declare -ir A="v"`: "v", `declare -a A=([0]="v" [2]="w")`: `([0]="v" [2]="w")`,
		`declare -A A=([k]="v" )`: `([k]="v" )`, `declare -n A="B"`: `"B"`, `declare -a A=()`: "",
	} {
		v := variable{name: "A", value: "v", declaration: declaration}
		require.True(t, v.hasValue(), declaration)
		require.Equal(t, shown, v.shown(), declaration)
	}
	require.False(t, variable{name: "A", declaration: "declare -- A"}.hasValue())
	require.False(t, variable{name: "A", declaration: "declare -a A"}.hasValue())
	v := variable{name: "A", value: "x" + long, declaration: `declare -- A="x` + long + `"`}
	require.Equal(t, "x"+long[:shownOfLong-2]+fmt.Sprintf(" … (%d bytes in all)", len(v.value)), v.shown())
}

func TestAQuotedWordIsThatWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z'"$\\ `+"`"+`!\n]{0,20}`).Draw(t, "word")
		said, err := osexec.Command("bash", "-c", "printf %s "+quote(word)).Output()
		require.NoError(t, err)
		require.Equal(t, word, string(said))
	})
}

func TestADigestNamesNoOtherFile(t *testing.T) {
	for _, digest := range []string{"", "sha256:", "sha256:../../x", "sha256:" + strings.Repeat("g", 64), strings.Repeat("a", 64)} {
		_, err := layout("/s").context(digest)
		require.Error(t, err, digest)
	}
}

func TestAnEndIsReadAsWritten(t *testing.T) {
	f := folder(t.TempDir())
	require.NoError(t, keepRoom(f.file(reserveFile), roomForEnd))
	require.NoError(t, writeEnd(f, exec.End{Code: 3, Variables: map[string]string{"A": "1"}}))
	end, err := readEnd(f)
	require.NoError(t, err)
	require.Equal(t, &exec.End{Code: 3, Variables: map[string]string{"A": "1"}}, end)
	require.NoFileExists(t, f.file(reserveFile))
}
