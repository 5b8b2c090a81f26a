package keeper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"gatewalk/exec/journal"
)

// Word is the hidden verb that makes this program a keeper: gatewalk keeper DIR HOW.
const Word = "keeper"

// patience is how long a keeper may take to come up, and to take the lock from one that is just ending.
const patience = 10 * time.Second

// Start starts a keeper in a session's directory, in a process of its own that no terminal can end, and returns when it listens.
// The directory must hold a journal that can be taken up, be it empty: the errors of journal.Open are its errors.
//
// Where the user's manager outlives their logins, or a login's end would end all it has started, it runs in a unit of that manager;
// else in a session of its own by setsid. (Without lingering a manager ends with the last login, which a process by setsid may outlive.)
func Start(ctx context.Context, dir string) error {
	held, err := journal.Open(dir)
	if err != nil {
		return err
	}
	if err := held.Close(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return machine{}.start(ctx, dir)
}

func (m machine) start(ctx context.Context, dir string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	before := lastWords(dir)
	if m.hasLogins() && (m.lingers() || m.killsProcesses()) && startUnit(ctx, program, dir) == nil {
		return awaitSocket(ctx, dir, otherWords(ctx, dir, before))
	}
	ended, err := startAlone(program, dir)
	if err != nil {
		return fmt.Errorf("%s: no keeper could be started: %w; --no-keeper walks without one", dir, err)
	}
	return awaitSocket(ctx, dir, ended)
}

// startUnit has the user's manager run a keeper. What the keeper starts outlives it there as well, and a command that took too much
// memory ends alone. (That is asked for where the manager knows of it, which is from systemd 243 on.)
func startUnit(ctx context.Context, program, dir string) error {
	ends := []string{"--property=KillMode=process", "--property=OOMPolicy=continue"}
	err := runUnit(ctx, program, dir, ends)
	if err != nil {
		err = runUnit(ctx, program, dir, ends[:1])
	}
	return err
}

func runUnit(ctx context.Context, program, dir string, properties []string) error {
	words := slices.Concat([]string{"--user", "--collect", "--quiet"}, properties,
		[]string{"--description=gatewalk " + filepath.Base(dir), "--", program, Word, dir, BySystemd})
	c := osexec.CommandContext(ctx, "systemd-run", words...)
	c.Env = append(os.Environ(), ownManager()...)
	return c.Run()
}

// ownManager leads to the manager of the user that this process runs as. Behind su and sudo the environment names another user's or none.
func ownManager() []string {
	runtime := "/run/user/" + strconv.Itoa(os.Geteuid())
	if _, err := os.Stat(runtime); err != nil {
		return nil
	}
	return []string{"XDG_RUNTIME_DIR=" + runtime, "DBUS_SESSION_BUS_ADDRESS=unix:path=" + runtime + "/bus"}
}

// startAlone starts a keeper that has nothing of this process: its own session, "/", an empty environment, /dev/null.
func startAlone(program, dir string) (ended <-chan struct{}, err error) {
	keeper := &osexec.Cmd{
		Path: program, Args: []string{"gatewalk", Word, dir, BySetsid}, Dir: "/", Env: []string{},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	keepDescriptors()
	if err := keeper.Start(); err != nil {
		return nil, err
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = keeper.Wait() // how it ended is in its log
	}()
	return over, nil
}

// keepDescriptors keeps from the keeper what this process was given open: a pipe that somebody waits on would not end before it does.
func keepDescriptors() {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range entries {
		if descriptor, err := strconv.Atoi(entry.Name()); err == nil && descriptor > 2 {
			unix.CloseOnExec(descriptor)
		}
	}
}

// awaitSocket returns when a keeper listens, or has ended before it could.
func awaitSocket(ctx context.Context, dir string, ended <-chan struct{}) error {
	const pause = 2 * time.Millisecond
	for {
		status, err := Look(ctx, dir)
		if err == nil && status.PID != 0 {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNone) {
			return err
		}
		select {
		case <-ended:
			return fmt.Errorf("%s: its keeper ended before it could listen: %s", dir, lastWords(dir))
		case <-ctx.Done():
			return fmt.Errorf("%s: its keeper does not answer: %s; --no-keeper walks without one", dir, lastWords(dir))
		case <-time.After(pause):
		}
	}
}

// A log is the file in a session's directory where a keeper says what went wrong, because nobody sees its terminal.
const (
	logName = "keeper.log"
	noLog   = logName + " is no file: find out who put it there; gatewalk did not"
)

// otherWords is closed when a keeper that is nobody's child here has said why it ends.
func otherWords(ctx context.Context, dir, before string) <-chan struct{} {
	const pause = 20 * time.Millisecond
	said := make(chan struct{})
	go func() {
		for lastWords(dir) == before && ctx.Err() == nil {
			time.Sleep(pause)
		}
		close(said)
	}()
	return said
}

// lastWords is the last line of a keeper's log. Opening does not block, should something else have its name.
func lastWords(dir string) string {
	const enough, none = 64 << 10, "it left no word in " + logName
	log, err := os.OpenFile(filepath.Join(dir, logName), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, unix.ELOOP) {
		return noLog
	}
	if err != nil {
		return none
	}
	defer log.Close()
	if info, err := log.Stat(); err != nil || !info.Mode().IsRegular() {
		return noLog
	}
	text, _ := io.ReadAll(io.LimitReader(log, enough))
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return cmp.Or(lines[len(lines)-1], none)
}
