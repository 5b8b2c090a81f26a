package rehearse_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"
)

const (
	realContent = "this is a real file"
	realValue   = "a value of the real environment"
)

// attacks are commands that would reach something real in a real shell. REAL is a directory on the real disk.
var attacks = []struct {
	command string
	code    int    // what it ends with
	prints  string // what its output holds
}{
	// The disk.
	{command: "rm -rf /", code: 0},
	{command: "rm -rf REAL", code: 0},
	{command: "rm REAL/file", code: 1, prints: "No such file or directory"},
	{command: "echo gone > /etc/passwd", code: 0},
	{command: "echo gone > REAL/file", code: 1, prints: "no such file or directory"},
	{command: "mkdir -p REAL && echo gone > REAL/file && cat REAL/file", code: 0, prints: "gone"},
	{command: "[ -r /etc/shadow ]", code: 1},
	{command: "[[ -e REAL/file ]]", code: 1},
	{command: "test -d REAL", code: 1},
	{command: "[ REAL/file -nt REAL ]", code: 1},
	{command: "cat REAL/file", code: 1},
	{command: "cat < REAL/file", code: 1},
	{command: "x=$(<REAL/file); echo \"<$x>\"", code: 0, prints: "<>"},
	{command: "x=$(</etc/passwd); echo \"<$x>\"", code: 0, prints: "<>"},
	{command: "cd REAL", code: 1},
	{command: "pushd REAL", code: 1},
	{command: "echo REAL/*", code: 0, prints: "/*"},
	{command: "echo /etc/*", code: 0, prints: "/etc/hostname"},
	{command: "for f in REAL/*; do cat $f; done", code: 1},
	{command: "source REAL/file", code: 1},
	{command: ". /etc/profile", code: 1},
	{command: "mapfile -t lines < REAL/file", code: 1},
	{command: "pwd -P", code: 0, prints: "/root"},
	{command: "cp REAL/file /tmp/copy", code: 1},
	{command: "mv REAL/file REAL/moved", code: 1},
	{command: "echo gone | tee REAL/file", code: 1},
	{command: "touch REAL/new", code: 1},
	{command: "sed -i s/real/gone/ REAL/file", code: 1},
	{command: "echo x | sed 'w REAL/file'", code: 1, prints: "not rehearsed"},
	{command: "echo x | sed 'r REAL/file'", code: 1, prints: "not rehearsed"},
	{command: "awk '{print}' REAL/file", code: 2},
	{command: `awk 'BEGIN { while ((getline line < "REAL/file") > 0) print line }'`, code: 2},
	{command: `awk 'BEGIN { print "gone" > "REAL/file" }'`, code: 2},
	{command: "jq . REAL/file", code: 2},
	{command: `jq -n 'input'`, code: 3},
	{command: "grep real REAL/file", code: 2},
	{command: "find /", code: 127, prints: "site/find.sh"},
	{command: "echo x > REAL/sh-interp-1", code: 1},
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
	{command: "command bash -c 'rm -rf REAL'", code: 127, prints: "site/bash.sh"},
	{command: "/bin/sh -c 'rm -rf REAL'", code: 127, prints: "site/sh.sh"},
	{command: "REAL/program", code: 127, prints: "site/program.sh"},
	{command: "./program", code: 127},
	{command: "eval 'curl x'", code: 127, prints: "site/curl.sh"},
	{command: "trap 'curl x' EXIT; exit 3", code: 127, prints: "site/curl.sh"},
	{command: "alias ll='curl x'; shopt -s expand_aliases; eval ll", code: 127, prints: "site/curl.sh"},
	{command: `awk 'BEGIN { system("rm -rf REAL") }'`, code: 2},
	{command: `awk 'BEGIN { "cat REAL/file" | getline x; print x }'`, code: 2},
	{command: `awk 'BEGIN { print "x" | "cat > REAL/file" }'`, code: 2},
	{command: "kill -9 $$", code: 2},

	// Where programs stand: the site's, never the real ones.
	{command: "command -v jq", code: 0, prints: "/usr/bin/jq"},
	{command: "command -v program", code: 1},
	{command: "command -v REAL/program", code: 1},
	{command: "PATH=REAL command -v program", code: 1},
	{command: "PATH=REAL; type program", code: 1, prints: "program: not found"},
	{command: "PATH=REAL; type -P program", code: 1},
	{command: "PATH=REAL; builtin command -v program", code: 1},
	{command: "PATH=REAL; command builtin type program", code: 1},
	{command: "which bash", code: 1},
	{command: "PATH=REAL; program", code: 127},
	{command: "PATH=REAL; source file", code: 1},
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
	{command: "[ -O REAL ]", code: 127, prints: "-O cannot be rehearsed"},
	{command: "[[ -N REAL ]]", code: 2, prints: "-N cannot be rehearsed"},
	{command: "exec 3<>/dev/tcp/127.0.0.1/1", code: 1},
	{command: "echo x > /dev/tcp/127.0.0.1/1", code: 1},
	{command: "cat < /dev/udp/127.0.0.1/1", code: 1},

	// The environment.
	{command: "echo \"<$SENTINEL>\"", code: 0, prints: "<>"},
	{command: "env", code: 0, prints: "HOME=/root"},
	{command: "export -p; set; declare -p SENTINEL", code: 1},
	{command: "echo ~ $HOME $USER $UID", code: 0, prints: "/root /root root 0"},
	{command: "jq -n 'env.SENTINEL'", code: 0, prints: "null"},
	{command: "jq -n '$ENV.SENTINEL'", code: 0, prints: "null"},
	{command: `awk 'BEGIN { print "<" ENVIRON["SENTINEL"] ">" }'`, code: 0, prints: "<>"},
	{command: "hostname; cat /etc/hostname", code: 0, prints: "ncn-m001\nncn-m001\n"},
}

func TestNothingRealIsTouched(t *testing.T) {
	real := realDirectory(t)
	t.Setenv("SENTINEL", realValue)
	t.Setenv("TMPDIR", real)
	before := listed(t, real)
	for _, attack := range attacks {
		t.Run(attack.command, func(t *testing.T) {
			bench := openBench(t, sessionDirectory(t, filepath.Dir(real)), fstest.MapFS{}, rehearse.Options{Host: "ncn-m001"})
			result := bench.Do(strings.ReplaceAll(attack.command, "REAL", real))
			require.Equal(t, attack.code, result.Code, result.Text)
			require.Contains(t, result.Text, attack.prints)
			require.NotContains(t, result.Text, realContent)
			require.NotContains(t, result.Text, realValue)
			require.Equal(t, before, listed(t, real))
		})
	}
}

// openBench opens a rehearsal and a bench to drive it with.
func openBench(t *testing.T, dir string, site fs.FS, options rehearse.Options) *exectest.Bench {
	t.Helper()
	runner, err := rehearse.New(dir, site, options)
	require.NoError(t, err)
	return &exectest.Bench{T: t, Runner: runner}
}

// sessionDirectory is one outside of TMPDIR, which the attacks aim at.
func sessionDirectory(t *testing.T, parent string) string {
	t.Helper()
	dir, err := os.MkdirTemp(parent, "session-")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// realDirectory is a directory on the real disk with a file and a program in it.
func realDirectory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("echo "+realContent+"\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "program"), []byte("#!/bin/sh\necho "+realContent+"\n"), 0o700))
	return dir
}

// listed is everything in a directory: names, modes, times and content.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
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
