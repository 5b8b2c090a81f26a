package keeper_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	osexec "os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/steps"
)

// machine is a folder with files as a machine has them.
func machine(t *testing.T, files map[string]string) string {
	root := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o644))
	}
	return root
}

func self(t *testing.T) string {
	who, err := user.Current()
	require.NoError(t, err)
	return who.Username
}

const (
	inLogin   = "0::/user.slice/user-1000.slice/session-3.scope\n"
	inManager = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.service\n"
	inSystem  = "0::/system.slice/cron.service\n"
)

// TestWhatLoggingOutWouldDo is said before it happens.
func TestWhatLoggingOutWouldDo(t *testing.T) {
	const lingers = "var/lib/systemd/linger/operator"
	for name, c := range map[string]struct {
		files map[string]string
		how   string
		warns string
	}{
		"not in a login":          {map[string]string{"proc/self/cgroup": inSystem}, keeper.BySetsid, ""},
		"killed":                  {map[string]string{"proc/self/cgroup": inLogin}, keeper.BySetsid, "logging out will end it and what it runs: to prevent that run loginctl enable-linger"},
		"lingers":                 {map[string]string{"proc/self/cgroup": inManager, lingers: ""}, keeper.BySystemd, ""},
		"lingers beside it":       {map[string]string{"proc/self/cgroup": inLogin, lingers: ""}, keeper.BySetsid, "logging out will end it and what it runs: systemd-run --user was refused"},
		"the manager ends itself": {map[string]string{"proc/self/cgroup": inManager}, keeper.BySystemd, "the last logout of this user will end it and what it runs: to prevent that run loginctl enable-linger"},
		"under a manager already": {map[string]string{"proc/self/cgroup": inManager}, keeper.BySetsid, "the last logout of this user will end it and what it runs: to prevent that run loginctl enable-linger"},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["run/systemd/system/x"] = ""
			manner := keeper.MannerOn(machine(t, c.files), "operator", c.how)
			require.Equal(t, c.how, manner.How)
			if c.warns == "" {
				require.Empty(t, manner.Warning)
				require.Equal(t, c.how+"; logging out does not end it", manner.String())
				return
			}
			require.Contains(t, manner.String(), c.warns)
		})
	}
	manner := keeper.MannerOn(machine(t, map[string]string{"proc/self/cgroup": inLogin}), "operator", keeper.BySetsid)
	require.Empty(t, manner.Warning, "a machine whose logins are not systemd's ends nobody's processes")
}

// TestWhoseProcessesALogoutEnds is as logind.conf(5) has it: who is excluded is spared, then who is named is not, then all alike.
func TestWhoseProcessesALogoutEnds(t *testing.T) {
	const file, later = "etc/systemd/logind.conf", "etc/systemd/logind.conf.d/10.conf"
	for name, c := range map[string]struct {
		files map[string]string
		user  string
		ends  bool
	}{
		"nobody says":                {nil, "operator", true},
		"nobody says, of root":       {nil, "root", false},
		"it was built to spare them": {map[string]string{file: "#KillUserProcesses=no\n"}, "operator", false},
		"it is set to end them":      {map[string]string{file: "[Login]\nKillUserProcesses = yes\n"}, "operator", true},
		"of root":                    {map[string]string{file: "KillUserProcesses=yes\n"}, "root", false},
		"by a later word":            {map[string]string{file: "#KillUserProcesses=no\n", later: "KillUserProcesses=yes\n"}, "operator", true},
		"nobody is excluded":         {map[string]string{file: "KillUserProcesses=yes\nKillExcludeUsers=\n"}, "root", true},
		"excluded":                   {map[string]string{file: "KillUserProcesses=yes\nKillExcludeUsers=root\n", later: "KillExcludeUsers=operator\n"}, "operator", false},
		"others are excluded":        {map[string]string{file: "KillUserProcesses=yes\nKillExcludeUsers=operator\n"}, "root", true},
		"named":                      {map[string]string{file: "KillUserProcesses=no\nKillOnlyUsers=operator guest\n"}, "operator", true},
		"others are named":           {map[string]string{file: "KillUserProcesses=yes\nKillOnlyUsers=guest\n"}, "operator", false},
		"named no longer":            {map[string]string{file: "KillUserProcesses=no\nKillOnlyUsers=operator\n", later: "KillOnlyUsers=\n"}, "operator", false},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"run/systemd/system/x": "", "proc/self/cgroup": inLogin}
			maps.Copy(files, c.files)
			require.Equal(t, c.ends, keeper.MannerOn(machine(t, files), c.user, keeper.BySetsid).Warning != "")
		})
	}
}

// started is a keeper in a process of its own, which is this test binary: see TestMain.
func started(t *testing.T, root string) (*house, keeper.Status) {
	h := newHouse(t)
	require.NoError(t, keeper.StartOn(context.Background(), root, h.dir))
	status, err := keeper.Look(context.Background(), h.dir)
	require.NoError(t, err)
	t.Cleanup(func() { endProcess(t, h.dir, status.PID) })
	return h, status
}

// endProcess ends a keeper, and waits until it is gone.
func endProcess(t *testing.T, dir string, pid int) {
	_ = unix.Kill(pid, unix.SIGKILL) // it may have ended by itself
	free(t, dir)
}

// free waits until nobody holds a session, or it is gone.
func free(t *testing.T, dir string) {
	t.Helper()
	require.Eventually(t, func() bool {
		held, err := journal.Open(dir)
		if err == nil {
			err = held.Close()
		}
		_, gone := os.Stat(dir)
		return err == nil || gone != nil
	}, time.Minute, 5*time.Millisecond)
}

func TestAKeeperHasNothingOfWhoStartedIt(t *testing.T) {
	var leaked [2]int
	require.NoError(t, unix.Pipe(leaked[:]), "as a shell hands one down, not to be closed on exec")
	h, status := started(t, machine(t, nil))
	require.NoError(t, unix.Close(leaked[1]))
	ended, err := os.NewFile(uintptr(leaked[0]), "leaked").Read(make([]byte, 1))
	require.Zero(t, ended)
	require.ErrorIs(t, err, io.EOF, "who waits for the pipe's end does not wait for the keeper's")
	require.NotEqual(t, os.Getpid(), status.PID)
	require.Equal(t, keeper.BySetsid, status.Manner.How)
	proc := "/proc/" + strconv.Itoa(status.PID)
	for name, target := range map[string]string{"cwd": "/", "fd/0": "/dev/null", "fd/1": "/dev/null", "fd/2": filepath.Join(h.dir, "keeper.log")} {
		link, err := os.Readlink(filepath.Join(proc, name))
		require.NoError(t, err)
		require.Equal(t, target, link, name)
	}
	session, err := unix.Getsid(status.PID)
	require.NoError(t, err)
	require.Equal(t, status.PID, session)
	environ, err := os.ReadFile(filepath.Join(proc, "environ"))
	require.NoError(t, err)
	require.Empty(t, environ)
	info, err := os.Stat(filepath.Join(h.dir, "keeper.log"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
}

func TestAHangUpIsNoneOfItsBusiness(t *testing.T) {
	h, status := started(t, machine(t, nil))
	a := h.attach("", begin())
	for _, signal := range []unix.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT} {
		require.NoError(t, unix.Kill(status.PID, signal))
	}
	a.must(steps.Note{Text: "still here"})
	require.NoError(t, unix.Kill(status.PID, unix.SIGTERM))
	<-a.Lost()
	free(t, h.dir)
	require.NoFileExists(t, filepath.Join(h.dir, "socket"), "asked to end, it leaves in order")
}

// TestAKilledKeeperIsFollowedByAnother: the journal says all there is to know, and the dead one's socket is in nobody's way.
func TestAKilledKeeperIsFollowedByAnother(t *testing.T) {
	h, status := started(t, machine(t, nil))
	a := h.attach("", begin())
	a.must(steps.Note{Text: "acknowledged"})
	seen, _ := a.Facts(0)
	require.NoError(t, unix.Kill(status.PID, unix.SIGKILL))
	<-a.Lost()
	require.FileExists(t, filepath.Join(h.dir, "socket"))

	b, err := keeper.Open(context.Background(), h.dir, "", keeper.Order{})
	require.NoError(t, err)
	t.Cleanup(func() { endProcess(t, h.dir, b.Status().PID) })
	require.NotEqual(t, status.PID, b.Status().PID)
	events, _ := b.Facts(0)
	require.Equal(t, seen, events[:len(seen)])
	require.NoError(t, b.Close())
}

// TestAUserManagerThatStaysRunsTheKeeper, here by a systemd-run that writes down what it was asked and does it.
func TestAUserManagerThatStaysRunsTheKeeper(t *testing.T) {
	bin := t.TempDir()
	asked := filepath.Join(bin, "asked")
	fake := "#!/bin/sh\necho \"$@\" > " + asked + "\nwhile [ \"$1\" != -- ]; do shift; done; shift\nsetsid \"$@\" < /dev/null > /dev/null 2>&1 &\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "systemd-run"), []byte(fake), 0o755))
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))

	stays := machine(t, map[string]string{"run/systemd/system/x": "", "var/lib/systemd/linger/" + self(t): ""})
	h, status := started(t, stays)
	require.Equal(t, keeper.BySystemd, status.Manner.How)
	words, err := os.ReadFile(asked)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(words), "--user --collect --quiet --property=KillMode=process --property=OOMPolicy=continue "), "%s", words)
	require.Contains(t, string(words), h.dir)
	h.attach("", begin()).must(steps.Note{Text: "through a unit"})

	require.NoError(t, os.Remove(asked))
	leaves := machine(t, map[string]string{"run/systemd/system/x": "", "etc/systemd/logind.conf": "KillUserProcesses=no\n"})
	_, status = started(t, leaves)
	require.Equal(t, keeper.BySetsid, status.Manner.How, "a manager that ends with the last login is no place for it")
	require.NoFileExists(t, asked)

	h = newHouse(t)
	require.NoError(t, os.WriteFile(filepath.Join(h.dir, "journal.jsonl"), []byte("nonsense\n"), 0o600))
	require.ErrorContains(t, keeper.StartOn(context.Background(), stays, h.dir), "its keeper ended before it could listen", "a unit's end is heard of as well")

	old := strings.Replace(fake, "while", "case \"$*\" in *OOMPolicy*) exit 1;; esac\nwhile", 1)
	require.NoError(t, os.WriteFile(filepath.Join(bin, "systemd-run"), []byte(old), 0o755))
	_, status = started(t, stays)
	require.Equal(t, keeper.BySystemd, status.Manner.How, "an old manager is asked for what it knows")

	require.NoError(t, os.WriteFile(filepath.Join(bin, "systemd-run"), []byte("#!/bin/sh\nexit 1\n"), 0o755))
	_, status = started(t, stays)
	require.Equal(t, keeper.BySetsid, status.Manner.How, "a manager that does not answer runs nothing")
}

// TestTheRealUserManagerRunsTheKeeper, though the environment leads to another user's manager, as behind su.
func TestTheRealUserManagerRunsTheKeeper(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "/run/user/"+strconv.Itoa(os.Geteuid()))
	if err := osexec.Command("systemd-run", "--user", "--collect", "--quiet", "--wait", "true").Run(); err != nil {
		t.Skip("no user manager runs here, so nothing is said about a real one: ", err)
	}
	t.Setenv("XDG_RUNTIME_DIR", "/run/user/none")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/none/bus")
	stays := machine(t, map[string]string{"run/systemd/system/x": "", "var/lib/systemd/linger/" + self(t): ""})
	h, status := started(t, stays)
	require.Equal(t, keeper.BySystemd, status.Manner.How)
	group, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", status.PID))
	require.NoError(t, err)
	require.Regexp(t, `/run-[^/]*\.service\n`, string(group))
	h.attach("", begin()).must(steps.Note{Text: "in a unit of its own"})
}

// TestAKeeperThatCannotKeepSaysWhy.
func TestAKeeperThatCannotKeepSaysWhy(t *testing.T) {
	h := newHouse(t)
	require.NoError(t, os.Mkdir(filepath.Join(h.dir, "socket"), 0o700))
	err := keeper.StartOn(context.Background(), machine(t, nil), h.dir)
	require.ErrorContains(t, err, "a directory stands where a socket should be")
	said(t, h.dir, "a directory stands where a socket should be") // it has gone: it comes upon nothing of what follows

	require.NoError(t, os.Remove(filepath.Join(h.dir, "socket")))
	held, err := journal.Open(h.dir)
	require.NoError(t, err)
	_, err = keeper.Open(context.Background(), h.dir, "", keeper.Order{})
	require.ErrorIs(t, err, journal.ErrLocked, "what a walk without a keeper holds is its own")
	require.NoError(t, held.Close())

	h = newHouse(t)
	require.NoError(t, unix.Mkfifo(filepath.Join(h.dir, "keeper.log"), 0o600))
	err = keeper.StartOn(context.Background(), machine(t, nil), h.dir)
	require.ErrorContains(t, err, "its keeper ended before it could listen: keeper.log is no file")

	h = newHouse(t)
	require.NoError(t, os.Symlink("/nowhere", filepath.Join(h.dir, "keeper.log")))
	err = keeper.StartOn(context.Background(), machine(t, nil), h.dir)
	require.ErrorContains(t, err, "its keeper ended before it could listen: keeper.log is no file")
}

// said waits until a keeper has said why it ends, which is the last that it does.
func said(t *testing.T, dir, words string) {
	t.Helper()
	require.Eventually(t, func() bool {
		log, _ := os.ReadFile(filepath.Join(dir, "keeper.log")) // it may not have come so far yet
		return strings.Contains(string(log), words)
	}, time.Minute, 5*time.Millisecond)
}

// TestAKeeperThatDoesNotAnswerIsNotWaitedForForEver, and is named.
func TestAKeeperThatDoesNotAnswerIsNotWaitedForForEver(t *testing.T) {
	h, status := started(t, machine(t, nil))
	a := h.attach("", begin())
	stop(t, status.PID)
	_, err := keeper.Open(context.Background(), h.dir, "", begin())
	require.ErrorContains(t, err, fmt.Sprintf("its keeper, process %d, does not answer: kill -CONT", status.PID))
	require.NoError(t, unix.Kill(status.PID, unix.SIGCONT))
	a.must(steps.Note{Text: "awake"})
}

// stop stops a process, and waits until it has.
func stop(t *testing.T, pid int) {
	require.NoError(t, unix.Kill(pid, unix.SIGSTOP))
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err == nil && strings.Contains(string(stat), ") T ")
	}, time.Minute, time.Millisecond)
}
