package local_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

const sentinel = "S3NT1NEL-never-on-disk"

func withSecret(context string, commands ...string) exec.Launch {
	return exec.Launch{
		Commands: commands, Context: context,
		Secrets: []exec.Secret{{Name: "SITE_KEY", Value: []byte(sentinel)}},
	}
}

// requireNowhere looks into every file of the session.
func (s session) requireNowhere(value string) {
	s.Helper()
	for path, text := range exectest.Files(s, s.dir) {
		require.False(s, strings.Contains(text, value), "%s holds it", path)
	}
}

func TestASecretIsInNoFile(t *testing.T) {
	s := newSession(t, local.Options{})
	result := s.Finish(withSecret("",
		`[ ${#SITE_KEY} = 22 ] && sh -c 'echo "child has $SITE_KEY"'`,
		`URL="https://u:$SITE_KEY@host"; LIST=("$SITE_KEY"); declare -A MAP=(["$SITE_KEY"]=1); OTHER=$SITE_KEY; FINE=1`,
		`eval "use() { curl -u 'u:$SITE_KEY' host; }"; alias k="echo $SITE_KEY"; trap "echo $SITE_KEY" USR1; fine() { :; }`,
		`DB_PASSWORD=guess; MY_TOKEN=guess; HEADER="Authorization: Basic Z3Vlc3M="`,
	))
	require.Zero(t, result.Code, result.Text)
	require.Contains(t, result.Text, "child has [redacted]\n")
	s.requireNowhere(sentinel)
	for _, name := range []string{"URL", "LIST", "MAP", "OTHER", "function use", "aliases", "traps", "DB_PASSWORD", "MY_TOKEN", "HEADER"} {
		require.Contains(t, result.Warning, name)
	}
	require.NotContains(t, result.Warning, "SITE_KEY", "that this one goes is no news")
	then := s.After(result, `echo "${FINE-unset} ${URL-unset} ${SITE_KEY-unset} ${DB_PASSWORD-unset}"; type fine | head -1; type use`)
	require.Contains(t, then.Text, "1 unset unset unset\nfine is a function\n")
	require.Equal(t, 1, then.Code)
	again := s.Finish(withSecret(result.Context, `[ ${#SITE_KEY} = 22 ]`))
	require.Zero(t, again.Code, "it is handed over anew each time")
}

func TestASecretIsInNoArgumentList(t *testing.T) {
	notForRaces(t, "it is about processes")
	s := newSession(t, local.Options{})
	var seen atomic.Bool
	stop := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			default:
				seen.CompareAndSwap(false, anyArgumentHolds(sentinel))
			}
		}
	}()
	for range 20 {
		require.Zero(t, s.Finish(withSecret("", "true")).Code)
	}
	close(stop)
	<-watched
	require.False(t, seen.Load())
	running := s.Start(withSecret("", "sh -c 'echo ready; exec sleep 600'"))
	running.Await("ready")
	require.False(t, anyArgumentHolds(sentinel))
	require.False(t, environmentHolds(s.shimOf("21"), sentinel), "the shim has it in memory only")
	require.NoError(t, s.Runner.Control(running.Attempt, exec.Cancel{}))
	running.Wait()
}

func anyArgumentHolds(value string) bool {
	paths, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range paths {
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte(value)) {
			return true
		}
	}
	return false
}

func environmentHolds(pid int, value string) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return err == nil && strings.Contains(string(text), value)
}

func TestWhatIsTypedWithoutEchoIsASecretFromThen(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch(`stty -echo; printf 'Word: '; read -r w; stty echo; COPY="<$w>"; echo "got $w"; FINE=1`))
	running.Await("Word: ")
	running.AwaitEcho(false)
	running.Type("wrong\x15open-sesamx\x7fe\r")
	running.AwaitEcho(true)
	result := running.Wait()
	require.Contains(t, result.Text, "got [redacted]\n")
	require.Equal(t, 1, result.Redactions)
	require.Equal(t, 1, result.Hidden)
	require.Contains(t, result.Warning, "COPY, w")
	require.Equal(t, "1", result.Variables["FINE"])
	s.requireNowhere("open-sesame")
}

func TestDataThatIsTypedWithoutEchoHoldsNobodyUp(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("stty -echo; echo ready; head -n 5000 | sort -R | grep -c 'line'"))
	running.Await("ready\n")
	for i := range 5 {
		var data strings.Builder
		for line := range 1000 {
			fmt.Fprintf(&data, "line %d of data\n", 1000*i+line)
		}
		running.Type(data.String())
	}
	result := running.Wait()
	require.Contains(t, result.Text, "5000\n")
	require.Contains(t, result.Warning, "the 4800 after the first 200 were not looked for")
	require.Equal(t, 5000, result.Hidden)
}

func TestAVariableReadSilentlyIsNotKeptWhateverItHolds(t *testing.T) {
	s := newSession(t, local.Options{})
	result := s.Do("read -r -s -p 'PIN; please: ' PIN rest <<<'12 34'", "read -t 1 plain <<<kept")
	require.Contains(t, result.Warning, "PIN, rest")
	require.Equal(t, "kept", result.Variables["plain"])
	require.NotContains(t, result.Variables, "PIN")
}

func TestWhatIsTypedVisiblyIsNoSecret(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch(`read -p 'Name: ' name; echo "hello $name"`))
	running.Await("Name: ")
	running.Type("visible\r")
	result := running.Wait()
	require.Contains(t, result.Text, "hello visible\n")
	require.Equal(t, "visible", result.Variables["name"])
	require.Zero(t, result.Redactions)
	require.Zero(t, result.Hidden)
}

func TestTheDigestIsOfTheRedactedOutput(t *testing.T) {
	s := newSession(t, local.Options{})
	result := s.Finish(withSecret("", `for i in {1..3}; do printf '%s' "$SITE_KEY"; done; echo -n "$SITE_KEY" | base64`))
	require.Equal(t, 4, result.Redactions)
	require.Equal(t, int64(len(result.Raw)), result.Bytes)
	require.Equal(t, digestOf(result.Raw), result.Digest)
}
