package move_test

import (
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/journal"
)

// daemon is the system's own ssh daemon with keys of its own, reached over a pipe: it has no port, and touches no settings.
type daemon struct {
	t   *testing.T
	dir string
}

// newDaemon starts none yet: every connection has one to itself. On the other side gatewalk is a script, which finds OTHER.
func newDaemon(t *testing.T, root string) *daemon {
	sshd, err := osexec.LookPath("sshd")
	if err != nil {
		if sshd, err = osexec.LookPath("/usr/sbin/sshd"); err != nil {
			t.Skip("there is no sshd here, so nothing is said about a real one: ", err)
		}
	}
	ssh, err := osexec.LookPath("ssh")
	if err != nil {
		t.Skip("there is no ssh here, so nothing is said about a real one: ", err)
	}
	d := &daemon{t, t.TempDir()}
	for _, key := range []string{"host", "other", "mine"} {
		out, err := osexec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", d.path(key)).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	d.write("sshd_config", "HostKey "+d.path("host")+"\nAuthorizedKeysFile "+d.path("mine.pub")+"\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"+
		"PidFile none\nSetEnv PATH="+d.path("bin")+":/usr/bin:/bin\n")
	d.write("ssh_config", "ProxyCommand "+sshd+" -i -f "+d.path("sshd_config")+"\nIdentityFile "+d.path("mine")+"\nIdentitiesOnly yes\nBatchMode yes\n"+
		"HostKeyAlias there\nUserKnownHostsFile "+d.path("known_hosts")+"\nGlobalKnownHostsFile none\nStrictHostKeyChecking yes\n")
	d.trust("host")
	require.NoError(t, os.Mkdir(d.path("bin"), 0o700))
	d.other(root, "echo reached")
	d.write("bin/ssh", "#!/bin/sh\nexec "+ssh+" -F "+d.path("ssh_config")+" \"$@\"\n")
	t.Setenv("PATH", d.path("bin")+":"+os.Getenv("PATH"))
	if out, err := osexec.Command("ssh", "--", "there", "gatewalk").CombinedOutput(); err != nil || string(out) != "reached\n" {
		t.Skipf("this machine's sshd lets nobody in, so nothing is said about a real one: %v: %s", err, out)
	}
	return d
}

func (d *daemon) path(name string) string { return filepath.Join(d.dir, name) }

func (d *daemon) write(name, text string) {
	mode := os.FileMode(0o600)
	if filepath.Dir(name) == "bin" {
		mode = 0o700
	}
	require.NoError(d.t, os.WriteFile(d.path(name), []byte(text), mode))
}

// trust has the client know the other side by a key.
func (d *daemon) trust(key string) {
	public, err := os.ReadFile(d.path(key + ".pub"))
	require.NoError(d.t, err)
	d.write("known_hosts", "there "+string(public))
}

// other is what gatewalk is on the other side; its parent is the daemon of this connection.
func (d *daemon) other(root, script string) {
	self, err := os.Executable()
	require.NoError(d.t, err)
	d.write("bin/gatewalk", fmt.Sprintf("#!/bin/sh\nOTHER='env %s=%s %s'\n%s\n", asOther, root, self, script))
}

// TestThroughARealDaemon: a host that is not the one known gets nothing; a line that is cut before the end of a session seals nothing,
// or is mended by the same command; and then it goes on there.
func TestThroughARealDaemon(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	d := newDaemon(t, away.root)

	d.trust("other")
	d.other(away.root, "exec $OTHER")
	_, complaints, err := home.toHost("there")
	require.ErrorContains(t, err, "there: cannot be reached, or the line broke")
	require.Contains(t, complaints, "Host key verification failed")
	require.Nil(t, home.moved())

	d.trust("host")
	d.other(away.root, "kill -9 $PPID; cat >/dev/null")
	_, _, err = home.toHost("there")
	require.ErrorContains(t, err, "there: cannot be reached, or the line broke")
	require.Nil(t, home.moved(), "nobody had said that they are ready")

	d.other(away.root, "{ dd bs=1 count=500 2>/dev/null; kill -9 $PPID; } | $OTHER")
	_, _, err = home.toHost("there")
	require.ErrorContains(t, err, "whether it arrived at there is not known")
	require.Equal(t, "there", home.moved().To)
	entries, err := os.ReadDir(away.root)
	require.NoError(t, err)
	require.Empty(t, entries, "half a session is none")

	d.other(away.root, "exec $OTHER")
	machine, complaints, err := home.toHost("there")
	require.NoError(t, err, complaints)
	require.Equal(t, "m2", machine)
	away.holds()
	home.holds()
	s, err := away.resume()
	require.NoError(t, err)
	away.settles(s, "A=1", "done")
	require.NoError(t, s.Close())
	report, err := journal.Verify(away.dir())
	require.NoError(t, err)
	require.True(t, report.Holds())
}
