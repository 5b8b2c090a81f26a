package local_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/local"
)

// shellStory is a block as procedures have them, and what must come of it. Then is run in the context it leaves.
type shellStory struct {
	name     string
	commands []string
	text     string // exactly
	holds    string // somewhere
	code     int
	signal   string
	exits    string // "0=0 1=7"
	warning  string // somewhere; "" means that a context was left and nothing was amiss
	then     string
	thenText string
}

func exitsOf(exits []exec.CommandExit) string {
	var said []string
	for _, exit := range exits {
		said = append(said, fmt.Sprintf("%d=%d", exit.Command, exit.Code))
	}
	return strings.Join(said, " ")
}

var shellStories = []shellStory{
	{name: "the code of a function is the command's", commands: []string{"f() { return 9; }; f"}, code: 9, exits: "0=9"},
	{name: "return at top level ends its command only", commands: []string{"return 0\necho never", "echo next"}, text: "next\n", exits: "0=0 1=0"},
	{name: "return with a code fails", commands: []string{"return 9", "echo never"}, code: 9, exits: "0=9"},
	{name: "break at top level does not break the block", commands: []string{"break", "echo next"}, holds: "next\n", exits: "0=0 1=0"},
	{name: "a here document", commands: []string{"cat <<'END'\n$HOME `x`\nEND", "cat <<-END\n\ttab $((2 + 3))\n\tEND"}, text: "$HOME `x`\ntab 5\n", exits: "0=0 1=0"},
	{name: "an unterminated here document", commands: []string{"cat <<END\nbody", "echo next"}, holds: "body\n", exits: "0=0 1=0"},
	{name: "an unterminated quote fails and swallows nothing", commands: []string{"echo \"a", "echo never"}, holds: "unexpected EOF", code: 2, exits: "0=2"},
	{name: "an unterminated loop fails", commands: []string{"for x in a; do", "echo never"}, holds: "syntax error", code: 2, exits: "0=2"},
	{name: "a command that is not there", commands: []string{"no-such-program"}, holds: "no-such-program: command not found", code: 127, exits: "0=127"},
	{
		name: "values of every kind come through", commands: []string{"A=$'tab\\t\"q\" \\'s\\' nl\\n$x `y` \\\\'", "declare -i N=4", "E=", "declare -r R=fixed"},
		exits: "0=0 1=0 2=0 3=0", then: "printf '%q %s %s %s\\n' \"$A\" $((N + 1)) \"${E-unset}\" \"$R\"; R=other",
		thenText: "$'tab\\t\"q\" \\'s\\' nl\\n$x `y` \\\\' 5  fixed\n", code: 0,
	},
	{
		name: "arrays with holes, keys with blanks", commands: []string{"L=([2]=c [5]=$'f\\nf')", "declare -A M=(['a b']=1 ['c\"d]']='2 3')"},
		exits: "0=0 1=0", then: "echo \"${!L[@]}\" \"${L[5]}\" \"${M[a b]}\" ${#M[@]}; k='c\"d]'; echo \"${M[$k]}\"", thenText: "2 5 f\nf 1 2\n2 3\n",
	},
	{
		name: "functions, also exported and with here documents", commands: []string{"f() { cat <<X\n}\nX\n}; g() { echo g; }; export -f g"},
		exits: "0=0", then: "f; bash -c g", thenText: "}\ng\n",
	},
	{name: "aliases and shell options", commands: []string{"shopt -s expand_aliases nullglob; alias hi='echo hello'; set -f -o pipefail"}, exits: "0=0", then: "hi\nshopt -q nullglob && echo $-\nfalse | true", thenText: "hello\nfhBc\n"},
	{name: "umask and directory, also the one before", commands: []string{"umask 027; cd /usr; cd /etc"}, exits: "0=0", then: "umask; pwd; cd -; export -p | grep -c ' PWD='", thenText: "0027\n/etc\n/usr\n1\n"},
	{name: "traps of signals", commands: []string{"trap 'echo caught' USR1"}, exits: "0=0", then: "kill -USR1 $$", thenText: "caught\n"},
	{name: "references and exported variables", commands: []string{"export T=1; declare -n REF=T"}, exits: "0=0", then: "REF=2; sh -c 'echo $T'", thenText: "2\n"},
	{name: "the code of the step before", commands: []string{"(exit 3)"}, code: 3, exits: "0=3", then: "echo $?", thenText: "3\n"},
	{name: "set -e stays in force", commands: []string{"set -e"}, exits: "0=0", then: "false\necho never", thenText: ""},
	{name: "set -e keeps what was set before it failed", commands: []string{"A=1; set -e; false; A=2"}, code: 1, exits: "0=1", then: "echo $A", thenText: "1\n"},
	{name: "set -u fails on what is unset", commands: []string{"set -u\necho \"$NOT_SET_HERE\"\necho never"}, holds: "unbound variable", code: 127, exits: "0=127", then: "echo $-", thenText: "huBc\n"},
	{name: "set -x shows the commands and not the wrapper", commands: []string{"set -x\nA=1", "true"}, holds: "A=1", exits: "0=0 1=0", then: "{ set +x; } 2>/dev/null; echo $A", thenText: "++ . "},
	{name: "hostile settings", commands: []string{"IFS=0123456789_abcdef; set -f -o posix -o noclobber; set +B; printf() { :; }; trap ': err' ERR; A=kept; false"}, code: 1, exits: "0=1", then: "echo \"$A\"", thenText: "kept\n"},
	{name: "exit keeps what was set", commands: []string{"A=1", "exit 7", "echo never"}, code: 7, exits: "0=0 1=7", then: "echo $A", thenText: "1\n"},
	{name: "exit 0 in the middle is told", commands: []string{"exit 0", "echo never", "echo never"}, exits: "0=0", warning: "command 1 ended the shell: the 2 after it were not run"},
	{name: "exit inside a function", commands: []string{"die() { local code=6; exit $code; }; die"}, code: 6, exits: "0=6", warning: "inside a function"},
	{name: "exec replaces the shell", commands: []string{"A=1", "exec sh -c 'echo other; exit 4'", "echo never"}, text: "other\n", code: 4, exits: "0=0 1=4", warning: "were not kept"},
	{name: "exec with a redirection ends with its step", commands: []string{"exec 2>/dev/null; nonsense; A=1"}, exits: "0=0", then: "echo $A; nonsense", thenText: "1\n"},
	{name: "exec with its output elsewhere ends with its step", commands: []string{"exec >/dev/null; echo hidden; A=1"}, exits: "0=0", then: "echo $A", thenText: "1\n"},
	{name: "a shell within keeps to itself", commands: []string{"A=1; bash -c 'A=2; exit 4'", "echo never"}, code: 4, exits: "0=4", then: "echo $A", thenText: "1\n"},
	{name: "a prompt and a timeout of the site", commands: []string{"PROMPT_COMMAND='echo prompt'; PS1='> '; readonly TMOUT=900"}, exits: "0=0", then: "echo $TMOUT", thenText: "900\n"},
	{name: "an EXIT trap runs when the step ends, and what was set is kept", commands: []string{"trap 'echo bye' EXIT; A=1", "echo work"}, text: "work\nbye\n", exits: "0=0 1=0", then: "echo $A", thenText: "1\n"},
	{name: "an EXIT trap when a command fails", commands: []string{"trap 'echo bye' EXIT; A=1; false"}, text: "bye\n", code: 1, exits: "0=1", then: "echo $A", thenText: "1\n"},
	{name: "an EXIT trap and exit", commands: []string{"trap 'echo bye' EXIT; exit 3"}, text: "bye\n", code: 3, exits: "0=3", warning: "EXIT trap of its own"},
	{name: "kill -9 of the shell", commands: []string{"true", "kill -9 $$", "echo never"}, code: 137, signal: "KILL", exits: "0=0 1=137", warning: "were not kept"},
	{name: "what cannot be saved is no failure of the step", commands: []string{"A=1; rm \"$__gatewalk_attempt/names\"; mkdir \"$__gatewalk_attempt/names\""}, exits: "0=0", warning: "were not kept"},
	{name: "a shell that cannot name its variables", commands: []string{"A=1; enable -n compgen"}, exits: "0=0", warning: "were not kept"},
	{name: "a child killed", commands: []string{"sh -c 'kill -9 $$'"}, holds: "Killed", code: 137, exits: "0=137"},
	{name: "an argument list is its own", commands: []string{"echo $# $0; set -- a b", "echo $2"}, text: "0 bash\nb\n", exits: "0=0 1=0"},
	{name: "one command reads the keyboard and not the next command", commands: []string{"read -t 0.1 x; echo \"[$x]\"", "echo next"}, holds: "[]\nnext\n", exits: "0=0 1=0"},
}

func TestShell(t *testing.T) {
	for _, story := range shellStories {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			story.tell(newSession(t, local.Options{}))
		})
	}
}

func (story shellStory) tell(s session) {
	result := s.Do(story.commands...)
	if story.holds == "" {
		require.Equal(s, story.text, result.Text)
	}
	require.Contains(s, result.Text, story.holds)
	require.NotContains(s, result.Text, "__gatewalk")
	require.Equal(s, story.code, result.Code)
	require.Equal(s, story.signal, result.Signal)
	require.Equal(s, story.exits, exitsOf(result.Exits))
	if story.warning != "" {
		require.Contains(s, result.Warning, story.warning)
	} else {
		require.Empty(s, result.Warning)
		require.NotEmpty(s, result.Context)
	}
	if story.then != "" {
		then := s.After(result, story.then)
		require.True(s, strings.HasPrefix(then.Text, story.thenText), "%q", then.Text)
	}
}

func TestAStepOf300Kilobytes(t *testing.T) {
	s := newSession(t, local.Options{})
	var script strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&script, "A=$((A + 1)) # line %04d of a long script, so that it is long\n", i)
	}
	require.Greater(t, script.Len(), 300_000)
	result := s.Do(script.String(), "echo $A")
	require.Equal(t, "6000\n", result.Text)
	require.Equal(t, "6000", result.Variables["A"])
}

func TestBytesThatAreNoText(t *testing.T) {
	s := newSession(t, local.Options{})
	result := s.Do("stty raw; printf '\\0\\1\\377\\033P\\200\\n\\r'; head -c 100000 /dev/zero; printf end")
	require.Equal(t, "\x00\x01\xff\x1bP\x80\n\r"+strings.Repeat("\x00", 100000)+"end", string(result.Raw))
	require.Equal(t, "fine\n", s.After(result, "echo fine").Text, "a terminal left raw is not the next step's")
}

func TestControlStringsWithoutAnEndSwallowNothing(t *testing.T) {
	notForRaces(t, "it is about bytes")
	for _, opening := range []string{"\x1bP", "\x1b]0;title", "\x1b_", "\x1b^", "\x1bX", "\x90", "\x1b[38;5", "\x1b"} {
		s := newSession(t, local.Options{})
		first := s.Do("A=1; stty -opost; printf %s "+shellQuote(opening), "echo next")
		require.Equal(t, opening+"next\n", string(first.Raw))
		require.Equal(t, "1\n", s.After(first, "echo $A").Text)
	}
}

func TestNoiseIsRecordedAsItIs(t *testing.T) {
	s := newSession(t, local.Options{})
	copied := filepath.Join(t.TempDir(), "copy")
	result := s.Do("A=1; stty raw; head -c 1000000 /dev/urandom | tee " + copied)
	noise, err := os.ReadFile(copied)
	require.NoError(t, err)
	require.Equal(t, digestOf(noise), digestOf(result.Raw))
	require.Equal(t, "1\n", s.After(result, "echo $A").Text)
}

func TestAShellWithinIsTypedTo(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("A=1; PS1='within> ' HISTFILE= bash --norc --noprofile -i"))
	running.Await("within> ")
	running.Type("A=2\r")
	running.Type("exit 3\r")
	result := running.Wait()
	require.Equal(t, 3, result.Code)
	require.Equal(t, "1\n", s.After(result, "echo $A").Text)
}

func TestCtrlCEndsALoop(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("A=1; while :; do [ $A = 2 ] || { A=2; echo ready; }; done", "echo never"))
	running.Await("ready")
	running.Type("\x03")
	result := running.Wait()
	require.Equal(t, 130, result.Code)
	require.Equal(t, "0=130", exitsOf(result.Exits))
	require.Equal(t, "2\n", s.After(result, "echo $A").Text)
}

func TestABackgroundJobDoesNotKeepAStepFromEnding(t *testing.T) {
	for name, job := range map[string]string{
		"silent":          "sleep 600 &",
		"hard to get":     "(trap '' HUP; exec sleep 600) &",
		"chatty":          "(trap '' HUP; while :; do echo noise; sleep 0.01; done) &",
		"flooding":        "(trap '' HUP; exec yes) &",
		"of job control":  "set -m; sleep 600 & set +m",
		"waited for once": "sleep 0.01 & wait",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSession(t, local.Options{})
			result := s.Do(job+"\nJOB=$!", "echo last words")
			require.Contains(t, result.Text, "last words\n")
			require.Zero(t, result.Code)
			require.NotEmpty(t, result.Context)
			s.After(result, "kill -9 $JOB 2>/dev/null; true")
		})
	}
}

func TestADirectoryThatIsGone(t *testing.T) {
	s := newSession(t, local.Options{})
	dir := t.TempDir() + "/deep"
	inside := s.Do("mkdir "+dir, "cd "+dir, "A=1")
	require.NoError(t, os.RemoveAll(dir))
	result := s.After(inside, "ls -A; echo $A; [ -w . ] && echo empty")
	require.Equal(t, "the directory "+dir+" is gone: starting in an empty one\n1\nempty\n", result.Text)
	require.Equal(t, dir, result.Variables["PWD"], "it is not forgotten where the walk was")
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.Equal(t, dir+"\n", s.After(result, "pwd").Text)

	removed := s.Do("mkdir "+dir+"/x; cd "+dir+"/x; rmdir ../x", "echo still here")
	require.Equal(t, "still here\n", removed.Text)
	require.Zero(t, removed.Code)
}

func TestCtrlCLeavesWhatWasSet(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("A=1", "sh -c 'echo ready; exec sleep 600'", "echo never"))
	running.Await("ready")
	running.Type("\x03")
	result := running.Wait()
	require.Equal(t, 130, result.Code)
	require.Equal(t, "INT", result.Signal)
	require.Equal(t, "0=0 1=130", exitsOf(result.Exits))
	require.Equal(t, "1\n", s.After(result, "echo $A").Text)
}

func TestCtrlZIsAKeyLikeAnyOther(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("echo ready; read -r line; printf %q \"$line\"", "echo next"))
	running.Await("ready")
	running.Type("a\x1ab\r")
	require.Contains(t, running.Wait().Text, `$'a\032b'next`)
}

func TestACommandThatWillNotEndIsEnded(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("trap '' TERM INT HUP; echo ready; while :; do sleep 1; done"))
	running.Await("ready")
	require.ErrorContains(t, s.Runner.Release(running.Attempt), "still running")
	require.NoError(t, s.Runner.Control(running.Attempt, exec.Cancel{}))
	require.Equal(t, "KILL", running.Wait().Signal)
}

func TestACancelledCommandMayTidyUp(t *testing.T) {
	s := newSession(t, local.Options{})
	tidy := "trap '' HUP; trap 'sleep 0.5; echo tidied; exit' TERM; echo ready; while :; do sleep 0.1; done"
	running := s.Start(launch("bash -c " + shellQuote(tidy)))
	running.Await("ready")
	require.NoError(t, s.Runner.Control(running.Attempt, exec.Cancel{}))
	require.Contains(t, running.Wait().Text, "tidied", "although its shell ends at once")
}

func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
