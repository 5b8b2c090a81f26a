package move_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/move"
	"gatewalk/steps"
)

// What the program that stands in for ssh finds in its environment.
const (
	asOther = "GATEWALK_TEST_RECEIVES"  // a root of sessions: this test binary is gatewalk on the other machine
	onFull  = "GATEWALK_TEST_FULL_DISK" // a directory: this test binary may mount a small disk there
)

func TestMain(m *testing.M) {
	if root := os.Getenv(asOther); root != "" {
		if err := move.Receive(os.Stdin, os.Stdout, root, on("m2", "b2"), move.DefaultLimits); err != nil {
			os.Stderr.WriteString("gatewalk: " + err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// ssh puts a script of that name on the path. What it is told stands in the file "told"; OTHER is gatewalk on the other machine.
func (c *console) ssh(root, script string) {
	dir := c.t.TempDir()
	self, err := os.Executable()
	require.NoError(c.t, err)
	text := "#!/bin/sh\nprintf '%s\\n' \"$@\" >" + dir + "/told\nOTHER=\"env " + asOther + "=" + root + " " + self + "\"\n" + script + "\n"
	require.NoError(c.t, os.WriteFile(filepath.Join(dir, "ssh"), []byte(text), 0o700))
	c.t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	c.t.Setenv("TOLD", filepath.Join(dir, "told"))
}

// toHost moves the session, and answers what ssh complained of.
func (c *console) toHost(host string) (machine, complaints string, err error) {
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(c.t, err)
	defer l.Close()
	var said bytes.Buffer
	machine, err = l.ToHost(context.Background(), host, "", &said)
	return machine, said.String(), err
}

func (c *console) moved() *steps.Moved {
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(c.t, err)
	defer l.Close()
	return l.Moved()
}

func TestASessionIsSentToAHost(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	home.ssh(away.root, "echo 'Welcome. Authorized use only.'; exec $OTHER")
	machine, _, err := home.toHost("root@ncn-m002")
	require.NoError(t, err)
	require.Equal(t, "m2", machine)
	away.holds()
	told, err := os.ReadFile(os.Getenv("TOLD"))
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(told), "\n--\nroot@ncn-m002\ngatewalk\nmove\n--receive\n"), string(told))
	require.Contains(t, string(told), "-oForwardAgent=no")
	s, err := away.resume()
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

func TestNothingIsSealedBeforeTheOtherSideIsReady(t *testing.T) {
	for name, tc := range map[string]struct{ script, why string }{
		"it cannot be reached":  {"echo 'ssh: no route to host' >&2; exit 255", "cannot be reached"},
		"no gatewalk there":     {"echo 'sh: gatewalk: not found' >&2; exit 127", "there is no gatewalk on the path"},
		"an old gatewalk there": {"echo 'gatewalk: unknown command \"move\"' >&2; exit 1", "did not answer as gatewalk does"},
		"another answer":        {"echo hello", "did not answer as gatewalk does"},
		"no room there":         {"exec $OTHER", "did not answer as gatewalk does"},
		"a newer answer":        {"echo 'gatewalk-move 2 {}'", "did not answer as gatewalk does"},
	} {
		t.Run(name, func(t *testing.T) {
			home := walked(t)
			home.ssh("/proc/nowhere", tc.script)
			_, _, err := home.toHost("ncn-m002")
			require.ErrorContains(t, err, tc.why)
			require.Nil(t, home.moved())
		})
	}
}

func TestAnOtherSideThatSaysNothingIsNotWaitedForForEver(t *testing.T) {
	home := walked(t)
	home.ssh(t.TempDir(), "exec sleep 1000")
	l, err := move.Leave(home.dir(), home.options)
	require.NoError(t, err)
	defer l.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err = l.ToHost(ctx, "ncn-m002", "", io.Discard)
	require.Error(t, err)
	require.Nil(t, l.Moved())
}

func TestThisMachineIsNoOther(t *testing.T) {
	home := walked(t)
	home.options = on("m2", "b2")
	home.ssh(home.root, "exec $OTHER")
	_, _, err := home.toHost("localhost")
	require.ErrorContains(t, err, "is this machine")
	require.Nil(t, home.moved())
}

// TestALineThatBreaksIsMendedByTheSameCommand breaks it after the seal: before anything came through, in the middle, and
// when all had arrived but the receipt.
func TestALineThatBreaksIsMendedByTheSameCommand(t *testing.T) {
	for name, script := range map[string]string{
		"before anything came": "$OTHER </dev/null; cat >/dev/null; exit 255",
		"in the middle":        "{ dd bs=1 count=500 2>/dev/null; cat >/dev/null; } | $OTHER; exit 255",
		"but for the receipt":  "$OTHER | head -1; exit 255",
	} {
		t.Run(name, func(t *testing.T) {
			home, away := walked(t), newConsole(t, "m2", "b2")
			home.ssh(away.root, script)
			_, complaints, err := home.toHost("ncn-m002")
			require.ErrorContains(t, err, "whether it arrived at ncn-m002 is not known", complaints)
			require.Equal(t, "ncn-m002", home.moved().To)
			home.ssh(away.root, "exec $OTHER")
			_, complaints, err = home.toHost("ncn-m002")
			require.NoError(t, err, complaints)
			away.holds()
			home.holds()
		})
	}
}

// TestWhatWasSentToOneHostIsNotSentToAnotherUnasked: it may go on at the first, and nobody is called before there is a reason.
func TestWhatWasSentToOneHostIsNotSentToAnotherUnasked(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	home.ssh(away.root, "$OTHER </dev/null; cat >/dev/null; exit 255")
	_, _, err := home.toHost("ncn-m002")
	require.ErrorContains(t, err, "whether it arrived at ncn-m002 is not known")
	home.ssh(away.root, "exec $OTHER")
	_, complaints, err := home.toHost("ncn-m003")
	require.ErrorContains(t, err, "it was moved to ncn-m002 already, and may go on there; say why it is moved once more, with --reason")
	require.NotContains(t, err.Error(), "ncn-m003")
	require.Empty(t, complaints)
	require.NoFileExists(t, os.Getenv("TOLD"), "nobody was called")
}

func TestWhatTheOtherSideSaysIsSafeToShow(t *testing.T) {
	home := walked(t)
	home.ssh(t.TempDir(), `printf 'Permission denied\033]52;c;AAAA\007\n' >&2; exit 255`)
	_, complaints, err := home.toHost("ncn-m002")
	require.Error(t, err)
	require.Contains(t, complaints, "Permission denied")
	require.NotContains(t, complaints, "\x1b")
}

var hostile = []string{
	"", "-oProxyCommand=touch /tmp/x", "--", "-J", "a b", "a;id", "a`id`", "$(id)", "a|b", "a\nb", "a'b", "a\"b", "@host", "user@", "user@-oX", "-l root@h", "a/b",
	"host>x", "host&", "höst", "a\x00b", "*", "user name@host", "h\x1b[2J", "host-", strings.Repeat("a", 300), "root@host@host", "~root", "!ls", "%h",
}

func TestWhatIsNoHostStartsNothing(t *testing.T) {
	for _, host := range hostile {
		require.ErrorContains(t, move.CheckHost(host), "is no host", host)
	}
	for _, host := range []string{"ncn-m002", "root@ncn-m002.local", "10.1.1.2", "fe80::1", "m", "my_host"} {
		require.NoError(t, move.CheckHost(host), host)
	}
	home := walked(t)
	home.ssh(t.TempDir(), "exit 0")
	for _, host := range hostile {
		_, _, err := home.toHost(host)
		require.Error(t, err, host)
	}
	require.NoFileExists(t, os.Getenv("TOLD"), "ssh was never started")
}

// FuzzCheckHost: whatever passes cannot be an option, and holds nothing that a shell reads.
func FuzzCheckHost(f *testing.F) {
	for _, host := range hostile {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if move.CheckHost(host) == nil {
			require.False(t, strings.HasPrefix(host, "-"))
			require.False(t, strings.ContainsAny(host, " \t\n;|&$`'\"\\<>()*?[]{}!%~#/\x00\x1b"))
		}
	})
}

func TestAWordIsAFileOrAHost(t *testing.T) {
	for word, file := range map[string]bool{"./ncn-m002": true, "/mnt/usb/x": true, "walk.gatewalk": true, "ncn-m002": false, "root@ncn-m002.local": false} {
		require.Equal(t, file, move.IsFile(word), word)
	}
}
