package rehearse_test

import (
	"bufio"
	"context"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"
)

// files makes a site of names and contents.
func files(content map[string]string) fstest.MapFS {
	site := fstest.MapFS{}
	for name, text := range content {
		site[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return site
}

// oven is a small site: something put in is done ten minutes later, on any host.
var oven = files(map[string]string{
	"faults":     "cold  The oven does not get warm.\n",
	"state/menu": "bread\n",
	"oven.sh": `
oven() {
  case "$1" in
    bake) date +%s > /site/since; echo "$(hostname) bakes $(cat /site/menu)"; _count ;;
    look) if fault cold; then echo raw; elif [ $(($(date +%s) - $(cat /site/since))) -ge 600 ]; then echo done; else echo rising; fi ;;
    wait) sleep 10m; echo "slept to $(date +%T)" ;;
    *) return 3 ;;
  esac
}
_count() { SECRETLY=kept; echo x >> /site/count; }
_begin() { on kitchen 'echo warm > /tmp/oven'; }
/opt/oven/clean.sh() { echo "clean: $*"; }
ssh() { local host="$1"; shift; on "$host" "$@"; }
`,
})

func TestASiteAnswersItsCommands(t *testing.T) {
	for command, want := range map[string]string{
		"oven bake":                  "kitchen bakes bread\n",
		"oven nothing; echo $?":      "3\n",
		"oven wait":                  "slept to 08:10:01\n",
		"/opt/oven/clean.sh a 'b c'": "clean: a b c\n",
		"/usr/bin/oven bake":         "kitchen bakes bread\n",
		"[ -x /opt/oven/clean.sh ] && command -v oven; type oven":              "/usr/bin/oven\noven is /usr/bin/oven\n",
		"oven bake; echo \"<$SECRETLY>\"":                                      "kitchen bakes bread\n<>\n",
		"cat /tmp/oven; ssh cellar 'cat /tmp/oven || hostname'":                "warm\ncat: /tmp/oven: No such file or directory\ncellar\n",
		"ssh cellar 'echo hidden > /tmp/x'; cat /tmp/x; ssh cellar cat /tmp/x": "cat: /tmp/x: No such file or directory\nhidden\n",
		"oven() { echo mine; }; oven; command oven bake":                       "mine\nkitchen bakes bread\n",
		"echo bake | xargs oven":                                               "kitchen bakes bread\n",
		"export MENU=1; MORE=2 oven bake":                                      "kitchen bakes bread\n",
	} {
		bench := openBench(t, t.TempDir(), oven, rehearse.Options{Host: "kitchen"})
		require.Equal(t, want, bench.Do(command).Text, command)
	}
}

func TestHelpersAreForTheSiteAlone(t *testing.T) {
	for command, says := range map[string]string{
		"_count":        "site/_count.sh",
		"fault cold":    "site/fault.sh",
		"on cellar pwd": "site/on.sh",
	} {
		result := openBench(t, t.TempDir(), oven, rehearse.Options{}).Do(command)
		require.Equal(t, 127, result.Code)
		require.Contains(t, result.Text, says)
	}
}

func TestTheWorldMovesOnWithTheClock(t *testing.T) {
	runner, err := rehearse.New(t.TempDir(), oven, rehearse.Options{Host: "kitchen"})
	require.NoError(t, err)
	bench := &exectest.Bench{T: t, Runner: runner}
	bench.Do("oven bake")
	require.Equal(t, "rising\n", bench.Do("oven look").Text)
	runner.Advance(10 * time.Minute)
	require.Equal(t, "done\n", bench.Do("oven look").Text)
	before := runner.Now()
	require.Equal(t, 2*time.Hour+time.Second, bench.Do("sleep 2h").Took)
	require.Equal(t, before.Add(2*time.Hour+time.Second), runner.Now())
}

func TestTheWorldIsOneForAllShells(t *testing.T) {
	bench := openBench(t, t.TempDir(), oven, rehearse.Options{})
	first := bench.Finish(exec.Launch{Host: "kitchen", Commands: []string{"oven bake", "X=1"}})
	other := bench.Finish(exec.Launch{Host: "cellar", Commands: []string{`oven look; echo "<$X>"; oven wait`}})
	require.Equal(t, "rising\n<>\nslept to 08:10:03\n", other.Text)
	require.Equal(t, "done\n1\n", bench.Finish(exec.Launch{Host: "kitchen", Commands: []string{"oven look; echo $X"}, Context: first.Context}).Text)
}

func TestFaults(t *testing.T) {
	dir := t.TempDir()
	bench := openBench(t, dir, oven, rehearse.Options{Faults: []string{"cold"}})
	require.Equal(t, "raw\n", bench.Do("oven look").Text)
	bench.Runner = openBench(t, dir, oven, rehearse.Options{}).Runner
	require.Equal(t, "raw\n", bench.Do("oven look").Text, "a fault stays on when the rehearsal is resumed")
	_, err := rehearse.New(t.TempDir(), oven, rehearse.Options{Faults: []string{"warm"}})
	require.EqualError(t, err, `the site has no fault "warm"; it has cold`)
}

func TestASiteThatCannotBeRead(t *testing.T) {
	for says, site := range map[string]fs.FS{
		"x.sh:1: a site's script holds functions only":                  files(map[string]string{"x.sh": "echo hello"}),
		"y.sh:2: function f was defined before":                         files(map[string]string{"x.sh": "f() { :; }", "y.sh": "\nf() { :; }"}),
		"x.sh:1:1: ":                                                    files(map[string]string{"x.sh": "(("}),
		"x.sh:2: process substitution":                                  files(map[string]string{"x.sh": "f() {\ncat <(echo); }"}),
		"faults:1: want a name and a sentence":                          files(map[string]string{"faults": "lonely"}),
		"the site's _begin: exit status 4":                              files(map[string]string{"x.sh": "_begin() { return 4; }"}),
		"site/nothing.sh: nothing is not part":                          files(map[string]string{"x.sh": "_begin() { nothing; }"}),
		"the site's _begin: on: processes start each other without end": files(map[string]string{"x.sh": "_begin() { on a x; }; x() { on b x; }"}),
	} {
		_, err := rehearse.New(t.TempDir(), site, rehearse.Options{})
		require.ErrorContains(t, err, says)
	}
}

// TestAKilledRehearsalResumes kills a process in the middle of an attempt, and goes on from what it had finished.
func TestAKilledRehearsalResumes(t *testing.T) {
	dir := t.TempDir()
	child := osexec.Command(os.Args[0])
	child.Env = append(os.Environ(), killedIn+"="+dir)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	left, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()

	bench := openBench(t, dir, oven, rehearse.Options{Host: "kitchen"})
	require.Equal(t, exec.Done, bench.Runner.Probe(1).State)
	lost := bench.Runner.Probe(2)
	require.Equal(t, exec.Lost, lost.State)
	require.Contains(t, lost.Evidence, "it printed 6 bytes and left no end")
	require.NoError(t, bench.Runner.Launch(t.Context(), exec.Launch{Attempt: 2, Commands: []string{"echo again"}}))
	require.Equal(t, exec.Lost, bench.Runner.Probe(2).State, "what was lost is not run again")
	followed := exectest.NewRecorder(0)
	require.NoError(t, bench.Runner.Follow(t.Context(), 2, 0, followed))
	require.Equal(t, "ready\n", followed.Text())
	require.Equal(t, exec.Absent, bench.Runner.Probe(3).State)

	resumed := bench.Finish(exec.Launch{Attempt: 4, Commands: []string{"echo $MENU; pwd; oven look; cat /tmp/half; greet"}, Context: strings.TrimSpace(left)})
	require.Equal(t, "rye\n/tmp\nrising\ncat: /tmp/half: No such file or directory\nhello\n", resumed.Text)
}

const killedIn = "GATEWALK_TEST_KILLED_IN"

func TestMain(m *testing.M) {
	if cage := os.Getenv(cageVariable); cage != "" {
		enterCage(cage)
	}
	if dir := os.Getenv(killedIn); dir != "" {
		waitToBeKilled(dir)
	}
	os.Exit(m.Run())
}

// waitToBeKilled finishes one attempt, says which context it left, and hangs in the next.
func waitToBeKilled(dir string) {
	runner, err := rehearse.New(dir, oven, rehearse.Options{Host: "kitchen"})
	must(err)
	recorder := exectest.NewRecorder(0)
	must(runner.Launch(context.Background(), exec.Launch{Attempt: 1, Commands: []string{"MENU=rye; greet() { echo hello; }; oven bake; cd /tmp"}}))
	must(runner.Follow(context.Background(), 1, 0, recorder))
	first := runner.Probe(1).End.Context
	must(runner.Launch(context.Background(), exec.Launch{Attempt: 2, Commands: []string{"MENU=none; echo x > half; echo ready; read forever"}, Context: first}))
	go func() { must(runner.Follow(context.Background(), 2, 0, recorder)) }()
	for !strings.HasSuffix(recorder.Text(), "ready\n") {
		<-recorder.Changed()
	}
	os.Stdout.WriteString(first + "\n")
	select {}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func TestAChangedContextIsRefused(t *testing.T) {
	dir := t.TempDir()
	bench := openBench(t, dir, oven, rehearse.Options{})
	result := bench.Do("X=1")
	name := filepath.Join(dir, "contexts", strings.TrimPrefix(result.Context, "sha256:"))
	require.NoError(t, os.WriteFile(name, []byte("{}"), 0o600))
	err := bench.Runner.Launch(t.Context(), exec.Launch{Attempt: 9, Commands: []string{"echo"}, Context: result.Context})
	require.ErrorContains(t, err, "was changed since it was written")
	_, err = rehearse.New(dir, oven, rehearse.Options{})
	require.ErrorContains(t, err, "was changed since it was written")
}

func TestWhatACommandAsksIsAnswered(t *testing.T) {
	bench := openBench(t, t.TempDir(), oven, rehearse.Options{})
	running := bench.Start(exec.Launch{Commands: []string{`read -r -p 'Continue? ' answer`, `echo "it was $answer"`}})
	running.Await("Continue? ")
	running.Type("y\n")
	require.Contains(t, running.Wait().Text, "it was y\n")
}

func TestASignalEndsACommandAndKeepsTheContext(t *testing.T) {
	bench := openBench(t, t.TempDir(), oven, rehearse.Options{})
	for name, code := range map[string]int{"INT": 130, "TERM": 143, "KILL": 137} {
		for _, hangs := range []string{"read x", "cat", "while :; do sleep 1; done", "cat | sort", "read x & wait", "awk 'BEGIN { while (1) n++ }'", "jq -n '[range(1e12)]'"} {
			running := bench.Start(exec.Launch{Commands: []string{"echo ready", hangs, "echo never"}})
			running.Await("ready")
			require.NoError(t, bench.Runner.Control(running.Attempt, exec.Signal{Name: name}))
			result := running.Wait()
			require.Equal(t, code, result.Code, hangs)
			require.Equal(t, name, result.Signal)
			require.Empty(t, result.Context)
			require.Contains(t, result.Warning, "kept")
			require.NotContains(t, result.Text, "never")
		}
	}
	running := bench.Start(exec.Launch{Commands: []string{"read x"}})
	require.ErrorContains(t, bench.Runner.Control(running.Attempt, exec.Signal{Name: "FOO"}), `no signal "FOO"`)
	require.NoError(t, bench.Runner.Control(running.Attempt, exec.Cancel{}))
	running.Wait()
}

func TestWhatIsReadWithoutEchoIsKeptNowhere(t *testing.T) {
	bench := openBench(t, t.TempDir(), oven, rehearse.Options{})
	running := bench.Start(exec.Launch{Commands: []string{`read -s word`, `COPY="<$word>"`, `echo "$word"`}})
	running.Type("open sesame\n")
	result := running.Wait()
	require.NotContains(t, result.Text, "sesame")
	require.Equal(t, 1, result.Redactions)
	require.NotContains(t, result.Variables, "word")
	require.NotContains(t, result.Variables, "COPY")
}

func TestOptionsAndParametersAreCarried(t *testing.T) {
	bench := openBench(t, t.TempDir(), oven, rehearse.Options{})
	first := bench.Do("set -u -o pipefail; shopt -s nullglob; set -- a 'b c'; readonly FIXED=1; export OUT=2")
	second := bench.After(first, `echo "$2" "$#" *.none; false | true; echo $?; oven bake > /dev/null; echo "$OUT"`, "FIXED=2")
	require.Equal(t, "b c 2\n1\n2\nFIXED: readonly variable\n", second.Text)
	require.Equal(t, 1, second.Code)
	require.Equal(t, 1, bench.After(first, `echo "$unset"`).Code)
}
