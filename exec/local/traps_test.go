package local_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

// A command must begin like one of a login shell, whatever the process that launched it was given or has done to itself.

const showSelf = "grep -E '^(Sig(Blk|Ign)|Umask)' /proc/self/status; ls -1 /proc/$$/fd; tty"

func TestSignalsAndDescriptorsOfTheLauncherAreNotInherited(t *testing.T) {
	s := newSession(t, local.Options{})
	startParent(s, []string{showSelf}, hostile)
	text := s.Follow(1, 0).Wait().Text
	require.Regexp(t, `^Umask:\t0031\nSigBlk:\t0+\nSigIgn:\t0+\n0\n1\n2\n/dev/pts/\d+\n$`, text)
}

func TestNobodyWaitsForAPipeThatTheLauncherLetSlip(t *testing.T) {
	s := newSession(t, local.Options{})
	near, slipped, err := os.Pipe()
	require.NoError(t, err)
	defer near.Close()
	parent := startParentWith(s, []*os.File{slipped, slipped, slipped}, []string{"read -p ready line"})
	slipped.Close()
	s.Follow(1, 0).Await("ready")
	kill(t, parent)
	require.NoError(t, near.SetReadDeadline(time.Now().Add(exectest.Patience)))
	_, err = near.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "the launcher is gone, and its command runs")
	require.Equal(t, exec.Running, s.Runner.Probe(1).State)
	require.NoError(t, s.Runner.Control(1, exec.Cancel{}))
	s.Follow(1, 0).Wait()
}

func TestCtrlCWorksWhereTheLauncherIgnoresIt(t *testing.T) {
	s := newSession(t, local.Options{})
	startParent(s, []string{"sh -c 'echo ready; exec sleep 600'"}, hostile)
	following := s.Follow(1, 0)
	following.Await("ready")
	require.NoError(t, s.Runner.Control(1, exec.Signal{Name: "INT"}))
	require.Equal(t, "INT", following.Wait().Signal)
}

func TestTheEnvironmentIsTheOperators(t *testing.T) {
	s := newSession(t, local.Options{Environ: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/", "USER=op", "LC_TIME=C", "SSH_AUTH_SOCK=/now", "KUBECONFIG=/k",
		"http_proxy=http://u:sentinel@proxy", "SENTINEL=1", "AWS_SECRET_ACCESS_KEY=1", "LD_PRELOAD=/x", "LD_LIBRARY_PATH=/x",
		"BASH_ENV=/x", "ENV=/x", "PYTHONPATH=/x", "PROMPT_COMMAND=x", "BASH_FUNC_f%%=() { echo; }",
	}})
	result := s.Do("env | cut -d= -f1 | sort | tr '\\n' ' '")
	require.Equal(t, "HOME KUBECONFIG LC_TIME PATH PWD SHLVL SSH_AUTH_SOCK TERM USER _ http_proxy ", result.Text)
	require.NotContains(t, s.contexts(), "sentinel", "a proxy may hold a password")
	require.NotContains(t, s.contexts(), "SSH_AUTH_SOCK")
}

func TestWhatBelongsToTheLoginIsOfToday(t *testing.T) {
	yesterday := newSession(t, local.Options{Environ: []string{"PATH=" + os.Getenv("PATH"), "SSH_AUTH_SOCK=/old", "DISPLAY=:1", "KUBECONFIG=/then"}})
	left := yesterday.Do("A=1; export SSH_AUTH_SOCK=/mine; unset KUBECONFIG")
	today := session{Bench: yesterday.Bench, dir: yesterday.dir}
	today.Runner = local.New(today.dir, local.Options{Environ: []string{"PATH=" + os.Getenv("PATH"), "SSH_AUTH_SOCK=/new", "KUBECONFIG=/now"}})
	require.Equal(t, "1 /new unset unset\n", today.After(left, `echo "$A $SSH_AUTH_SOCK ${DISPLAY-unset} ${KUBECONFIG-unset}"`).Text)
}

func TestNothingOfAnEarlierLoginComesBack(t *testing.T) {
	path := "PATH=" + os.Getenv("PATH")
	names := []string{
		"SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_CONNECTION", "SSH_CLIENT", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR",
		"XDG_SESSION_ID", "DBUS_SESSION_BUS_ADDRESS", "KRB5CCNAME", "https_proxy", "TERM",
	}
	show := fmt.Sprintf("for name in %s; do echo \"$name=${!name-unset}\"; done", strings.Join(names, " "))
	environ := func(value string) []string {
		all := []string{path}
		for _, name := range names {
			all = append(all, name+"="+value)
		}
		return all
	}
	s := newSession(t, local.Options{Environ: environ("yesterday")})
	first := s.Do("export KEPT=1", "declare -x "+strings.Join(names, "=changed ")+"=changed")
	require.NotContains(t, s.contexts(), "changed")
	s.Runner.(*local.Runner).LogIn([]string{path + ":/other", "SSH_AUTH_SOCK=today", "SENTINEL=1"})
	second := s.After(first, show, "env | grep -c SENTINEL; echo $KEPT; echo $PATH")
	want := strings.ReplaceAll(strings.Join(names, "=unset\n")+"=unset\n", "SSH_AUTH_SOCK=unset", "SSH_AUTH_SOCK=today")
	want = strings.ReplaceAll(want, "TERM=unset", "TERM=xterm")
	require.Equal(t, want+"0\n1\n"+os.Getenv("PATH")+"\n", second.Text)
}

func TestACommandKnowsTheTerminalItIsDrawnOn(t *testing.T) {
	for operators, told := range map[string]string{"linux": "xterm-256color", "tmux-256color": "xterm-256color", "dumb": "dumb", "": "xterm"} {
		s := newSession(t, local.Options{Environ: []string{"PATH=" + os.Getenv("PATH"), "TERM=" + operators}})
		require.Equal(t, told+"\n", s.Do(`echo "$TERM"`).Text, operators)
	}
}

func TestStandInsOnThePathAreFound(t *testing.T) {
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "kubectl"), []byte("#!/bin/sh\necho stand-in \"$@\"\n"), 0o755))
	s := newSession(t, local.Options{Environ: []string{"PATH=" + bin + ":" + os.Getenv("PATH")}})
	first := s.Do("kubectl get nodes")
	require.Equal(t, "stand-in get nodes\n", first.Text)
	require.Equal(t, "stand-in\n", s.After(first, "kubectl").Text)
}

func TestWithoutBashNothingStarts(t *testing.T) {
	s := newSession(t, local.Options{Environ: []string{"PATH=" + t.TempDir()}})
	require.ErrorContains(t, s.Runner.Launch(t.Context(), exec.Launch{Attempt: 1, Commands: []string{"true"}}), "bash is not on PATH")
	require.Equal(t, exec.Absent, s.Runner.Probe(1).State)
}

func TestABashThatCannotStartIsAnEndAndNoSilence(t *testing.T) {
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "bash"), []byte("no program\n"), 0o755))
	s := newSession(t, local.Options{Environ: []string{"PATH=" + bin}})
	result := s.Do("true")
	require.Equal(t, 127, result.Code)
	require.Empty(t, result.Exits)
	require.Contains(t, result.Warning, "no command was started")
}

func TestAFreshContextBeginsAtHome(t *testing.T) {
	home := t.TempDir()
	s := newSession(t, local.Options{Environ: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}, Umask: 0o077})
	require.Equal(t, home+"\n0077\n", s.Do("pwd", "umask").Text)
	elsewhere := newSession(t, local.Options{Directory: filepath.Join(home, "nowhere")})
	require.Equal(t, "/\n", elsewhere.Do("pwd").Text)
}

func TestFilesAreTheOperatorsOnly(t *testing.T) {
	s := newSession(t, local.Options{})
	s.Do("umask 000; f() { :; }")
	require.NoError(t, filepath.WalkDir(s.dir, func(path string, entry os.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		if path != s.dir {
			require.Zero(t, info.Mode().Perm()&0o077, path)
		}
		return nil
	}))
}

func TestAQuoteInTheNameOfTheSession(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "it's a $dir")
	s := session{Bench: newSession(t, local.Options{}).Bench, dir: dir}
	s.Runner = local.New(dir, local.Options{})
	require.Equal(t, "1\n", s.After(s.Do("A=1"), "echo $A").Text)
}

func TestADamagedContextStartsNothing(t *testing.T) {
	s := newSession(t, local.Options{})
	first := s.Do("A=1")
	path := filepath.Join(s.dir, "contexts", strings.TrimPrefix(first.Context, "sha256:"))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for name, damage := range map[string][]byte{"cut": text[:len(text)/2], "changed": []byte(strings.Replace(string(text), "A=", "B=", 1)), "empty": nil} {
		require.NoError(t, os.WriteFile(path, damage, 0o600))
		attempt := s.Next()
		err := s.Runner.Launch(t.Context(), exec.Launch{Attempt: attempt, Commands: []string{"echo never"}, Context: first.Context})
		require.ErrorContains(t, err, "damaged", name)
		require.Equal(t, exec.Absent, s.Runner.Probe(attempt).State)
	}
}

func TestAValueThatCannotBeSetStartsNothing(t *testing.T) {
	s := newSession(t, local.Options{})
	first := s.Do("readonly FIXED=1")
	result := s.Finish(exec.Launch{Commands: []string{"echo never"}, Context: first.Context, Assign: map[string]string{"FIXED": "2"}})
	require.NotContains(t, result.Text, "never")
	require.NotZero(t, result.Code)
	require.Empty(t, result.Exits)
	require.Contains(t, result.Warning, "no command was started")
}
