package rehearse_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"
)

const (
	realContent = "this is a real file"
	realValue   = "a value of the real environment"
)

// attacks are commands that would reach something real in a real shell. They run in a cage, whose /real holds a file and a program.
var attacks = []struct {
	command string
	code    int    // what it ends with
	prints  string // what its output holds
}{
	// The disk.
	{command: "rm -rf /", code: 0},
	{command: "rm -rf /real", code: 0},
	{command: "rm /real/file", code: 1, prints: "No such file or directory"},
	{command: "echo gone > /etc/passwd", code: 0},
	{command: "echo gone > /real/file", code: 1, prints: "no such file or directory"},
	{command: "mkdir -p /real && echo gone > /real/file && cat /real/file", code: 0, prints: "gone"},
	{command: "[ -r /etc/shadow ]", code: 1},
	{command: "[[ -e /real/file ]]", code: 1},
	{command: "test -d /real", code: 1},
	{command: "[ /real/file -nt /real ]", code: 1},
	{command: "cat /real/file", code: 1},
	{command: "cat < /real/file", code: 1},
	{command: "x=$(</real/file); echo \"<$x>\"", code: 0, prints: "<>"},
	{command: "x=$(</etc/passwd); echo \"<$x>\"", code: 0, prints: "<>"},
	{command: "cd /real", code: 1},
	{command: "pushd /real", code: 1},
	{command: "echo /real/*", code: 0, prints: "/*"},
	{command: "echo /etc/*", code: 0, prints: "/etc/hostname"},
	{command: "for f in /real/*; do cat $f; done", code: 1},
	{command: "source /real/file", code: 1},
	{command: ". /etc/profile", code: 1},
	{command: "mapfile -t lines < /real/file", code: 1},
	{command: "mkdir /tmp/deep; cd /tmp/deep; pwd -P", code: 0, prints: "/tmp/deep"},
	{command: "cp /real/file /tmp/copy", code: 1},
	{command: "mv /real/file /real/moved", code: 1},
	{command: "echo gone | tee /real/file", code: 1},
	{command: "touch /real/new", code: 1},
	{command: "sed -i s/real/gone/ /real/file", code: 1},
	{command: "echo x | sed 'w /real/file'", code: 1, prints: "not rehearsed"},
	{command: "echo x | sed 'r /real/file'", code: 1, prints: "not rehearsed"},
	{command: "awk '{print}' /real/file", code: 2},
	{command: `awk 'BEGIN { while ((getline line < "/real/file") > 0) print line }'`, code: 2},
	{command: `awk 'BEGIN { print "gone" > "/real/file" }'`, code: 2},
	{command: "jq . /real/file", code: 2},
	{command: `jq -n 'input'`, code: 3},
	{command: "grep real /real/file", code: 2},
	{command: "find /", code: 127, prints: "site/find.sh"},
	{command: "echo x > /real/sh-interp-1", code: 1},
	{command: "echo x > ${TMPDIR:-/tmp}/sh-interp-1", code: 0},

	// Programs.
	{command: "curl http://127.0.0.1:1/", code: 127, prints: "site/curl.sh: curl is not part of this rehearsal; add a function curl() there"},
	{command: "curl http://127.0.0.1:1/ || true", code: 127, prints: "site/curl.sh"},
	{command: "curl http://127.0.0.1:1/ 2>/dev/null; true", code: 127, prints: "site/curl.sh"},
	{command: "curl http://127.0.0.1:1/ | cat", code: 127, prints: "site/curl.sh"},
	{command: "x=$(curl http://127.0.0.1:1/); echo", code: 127, prints: "site/curl.sh"},
	{command: "if curl http://127.0.0.1:1/; then true; fi", code: 127, prints: "site/curl.sh"},
	{command: "curl http://127.0.0.1:1/ & wait", code: 127, prints: "site/curl.sh"},
	{command: "echo x | xargs touch-it", code: 127, prints: "site/touch-it.sh"},
	{command: "exec bash", code: 127, prints: "site/bash.sh"},
	{command: "command bash -c 'rm -rf /real'", code: 127, prints: "site/bash.sh"},
	{command: "/bin/sh -c 'rm -rf /real'", code: 127, prints: "site/sh.sh"},
	{command: "/real/program", code: 127, prints: "site/program.sh"},
	{command: "./program", code: 127},
	{command: "eval 'curl x'", code: 127, prints: "site/curl.sh"},
	{command: "trap 'curl x' EXIT; exit 3", code: 127, prints: "site/curl.sh"},
	{command: "alias ll='curl x'; shopt -s expand_aliases; eval ll", code: 127, prints: "site/curl.sh"},
	{command: `awk 'BEGIN { system("rm -rf /real") }'`, code: 2},
	{command: `awk 'BEGIN { "cat /real/file" | getline x; print x }'`, code: 2},
	{command: `awk 'BEGIN { print "x" | "cat > /real/file" }'`, code: 2},
	{command: "kill -9 $$", code: 2},

	// Where programs stand: the site's, never the real ones.
	{command: "command -v jq", code: 0, prints: "/usr/bin/jq"},
	{command: "command -v program", code: 1},
	{command: "command -v /real/program", code: 1},
	{command: "PATH=/real command -v program", code: 1},
	{command: "PATH=/real; type program", code: 1, prints: "program: not found"},
	{command: "PATH=/real; type -P program", code: 1},
	{command: "PATH=/real; builtin command -v program", code: 1},
	{command: "PATH=/real; command builtin type program", code: 1},
	{command: "which bash", code: 1},
	{command: "PATH=/real; program", code: 127},
	{command: "PATH=/real; source file", code: 1},
	{command: "[ -x /usr/bin/curl ]", code: 1},

	// Doors that cannot be replaced.
	{command: "cat <(echo x)", code: 2, prints: "process substitution cannot be rehearsed"},
	{command: "echo x > >(cat)", code: 2, prints: "process substitution cannot be rehearsed"},
	{command: "echo \"$(cat <(echo x))\"", code: 2, prints: "process substitution cannot be rehearsed"},
	{command: "eval 'cat <(echo x)'", code: 127, prints: "process substitution cannot be rehearsed"},
	{command: "trap 'cat <(echo x)' EXIT", code: 127, prints: "process substitution cannot be rehearsed"},
	{command: "alias p='cat <(echo x)'", code: 127, prints: "process substitution cannot be rehearsed"},
	{command: "echo 'cat <(echo x)' > /tmp/s; source /tmp/s", code: 127, prints: "process substitution cannot be rehearsed"},
	{command: "echo 'cat <(echo x)' > /tmp/s; chmod +x /tmp/s; /tmp/s", code: 127, prints: "process substitution cannot be rehearsed"},
	{command: "echo ~root", code: 2, prints: "another user's home"},
	{command: "x=~root; echo $x", code: 2, prints: "another user's home"},
	{command: "echo ${x:-~root}", code: 2, prints: "another user's home"},
	{command: "v='x=~root'; declare $v", code: 2, prints: "name is computed"},
	{command: "eval 'echo ~root'", code: 127, prints: "another user's home"},
	{command: "declare -A role=([ncn-m001]=master)", code: 2, prints: "cannot be rehearsed"},
	{command: "declare -A role=(a b)", code: 2, prints: "cannot be rehearsed"},
	{command: "role=([\"a\"]=1 b)", code: 2, prints: "cannot be rehearsed"},
	{command: "role[ncn-m001]=master", code: 2, prints: "taken for a subtraction"},
	{command: "echo ${role[ncn-m001]}", code: 2, prints: "taken for a subtraction"},
	{command: "coproc cat", code: 2, prints: "coprocess"},
	{command: "[ -O /real ]", code: 127, prints: "-O cannot be rehearsed"},
	{command: "[[ -N /real ]]", code: 2, prints: "-N cannot be rehearsed"},
	{command: "exec 3<>/dev/tcp/127.0.0.1/1", code: 1},
	{command: "echo x > /dev/tcp/127.0.0.1/1", code: 1},
	{command: "cat < /dev/udp/127.0.0.1/1", code: 1},

	// The environment.
	{command: "echo \"<$SENTINEL>\"", code: 0, prints: "<>"},
	{command: "env", code: 0, prints: "HOME=/root"},
	{command: "export -p; set; declare -p SENTINEL", code: 1},
	{command: "echo ~ $HOME $USER $UID", code: 0, prints: "/root /root root 0"},
	{command: "whoami; date +%Y-%j", code: 0, prints: "root\n2026-005\n"},
	{command: "jq -n 'env.SENTINEL'", code: 0, prints: "null"},
	{command: "jq -n '$ENV.SENTINEL'", code: 0, prints: "null"},
	{command: `awk 'BEGIN { print "<" ENVIRON["SENTINEL"] ">" }'`, code: 0, prints: "<>"},
	{command: "hostname; cat /etc/hostname", code: 0, prints: "ncn-m001\nncn-m001\n"},
}

func TestNothingRealIsTouched(t *testing.T) {
	if !caged(t) {
		return
	}
	before := listed(t, "/")
	for _, attack := range attacks {
		t.Run(attack.command, func(t *testing.T) {
			result := cagedBench(t, fstest.MapFS{}).Do(attack.command)
			require.Equal(t, attack.code, result.Code, result.Text)
			require.Contains(t, result.Text, attack.prints)
			require.NotContains(t, result.Text, realContent)
			require.NotContains(t, result.Text, realValue)
			require.Equal(t, before, listed(t, "/"))
		})
	}
}

// TestNothingRealIsTouchedHoweverCommandsAreJoined puts attacks together at random.
func TestNothingRealIsTouchedHoweverCommandsAreJoined(t *testing.T) {
	if !caged(t) {
		return
	}
	before := listed(t, "/")
	one := rapid.Custom(func(r *rapid.T) string { return rapid.SampledFrom(attacks).Draw(r, "attack").command })
	form := rapid.SampledFrom([]string{
		"%s; %s", "%s && %s", "%s || %s", "%s | %s", "( %s ); %s", "{ %s; } | { %s; }", "x=$(%s); %s", "echo \"$(%s)\" | %s", "if %s; then %s; fi",
		"f() { %s; }; f; %s", "! %s; %s", "%s & %s", "while %s; do %s; break; done", "%s > /real/file; %s", "%s < /real/file; cd /real; %s",
		"trap - EXIT; %s; PATH=/real:/bin; %s", "set -e; %s; %s", "case x in *) %s ;; esac; %s", "for x in /real/* /etc/*; do %s; done; %s",
	})
	bench := cagedBench(t, fstest.MapFS{})
	rapid.Check(t, func(r *rapid.T) {
		command := fmt.Sprintf(form.Draw(r, "form"), one.Draw(r, "first"), one.Draw(r, "second"))
		running := bench.Start(exec.Launch{Commands: []string{command}})
		_ = bench.Runner.Control(running.Attempt, exec.Stdin{Bytes: []byte("\n")})
		patience := time.AfterFunc(5*time.Second, func() { _ = bench.Runner.Control(running.Attempt, exec.Cancel{}) }) // some wait for input
		defer patience.Stop()
		result := running.Wait()
		require.NotContains(r, result.Text, realContent)
		require.NotContains(r, result.Text, realValue)
		require.Equal(r, before, listed(t, "/"))
	})
}

func TestAHostThatIsWipedLeavesTheOthersAndTheSite(t *testing.T) {
	if !caged(t) {
		return
	}
	bench := cagedBench(t, oven)
	require.Equal(t, "kitchen bakes bread\n", bench.Finish(exec.Launch{Host: "kitchen", Commands: []string{"ssh cellar 'rm -rf /'", "oven bake"}}).Text)
	require.Equal(t, "warm\n", bench.Finish(exec.Launch{Host: "cellar", Commands: []string{"ssh kitchen cat /tmp/oven"}}).Text)
}

// sessions is the one directory of a cage where a rehearsal keeps its files.
const sessions = "sessions"

// cagedBench opens a rehearsal in a cage.
func cagedBench(t *testing.T, site fs.FS) *exectest.Bench {
	t.Helper()
	dir, err := os.MkdirTemp("/"+sessions, "")
	require.NoError(t, err)
	return openBench(t, dir, site, rehearse.Options{Host: "ncn-m001"})
}

// openBench opens a rehearsal and a bench to drive it with.
func openBench(t *testing.T, dir string, site fs.FS, options rehearse.Options) *exectest.Bench {
	t.Helper()
	runner, err := rehearse.New(dir, site, options)
	require.NoError(t, err)
	return &exectest.Bench{T: t, Runner: runner}
}

// listed is everything in a directory but the sessions: names, modes, times and content.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.Name() == sessions {
			return filepath.SkipDir
		}
		info, err := entry.Info()
		require.NoError(t, err)
		content := ""
		if entry.Type().IsRegular() {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			content = string(data)
		}
		all = append(all, fmt.Sprint(name, info.Mode(), info.ModTime(), content))
		return nil
	}))
	return all
}

func TestASecretStaysOutOfEverythingWritten(t *testing.T) {
	dir := t.TempDir()
	bench := openBench(t, dir, fstest.MapFS{}, rehearse.Options{})
	const value = "correct-horse-battery"
	result := bench.Finish(exec.Launch{
		Commands: []string{`COPY="$API_KEY"; LIST=("x$API_KEY"); f() { echo "$API_KEY"; }; f; echo "$API_KEY" > /root/key; echo done`},
		Secrets:  []exec.Secret{{Name: "API_KEY", Value: []byte(value)}},
	})
	require.Zero(t, result.Code, result.Text)
	require.NotEmpty(t, result.Context)
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.Type().IsRegular() {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotContains(t, string(data), value, name)
			info, err := entry.Info()
			require.NoError(t, err)
			require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), name)
		}
		return nil
	}))
	resumed := openBench(t, dir, fstest.MapFS{}, rehearse.Options{})
	require.Equal(t, "[redacted]\n", resumed.Finish(exec.Launch{Attempt: 7, Commands: []string{"cat /root/key"}, Context: result.Context}).Text)
}
