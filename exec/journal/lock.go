package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const lockFile = "lock"

// Holder is the process that holds a session. A process is its number, its start and its machine's boot: the number
// alone is given out again.
type Holder struct {
	PID      int       `json:"pid"`
	Start    uint64    `json:"start,omitempty"` // clock ticks after boot, as in proc(5); 0 where that is not known
	Boot     string    `json:"boot,omitempty"`
	Host     string    `json:"host"`
	Terminal string    `json:"terminal,omitempty"`
	Since    time.Time `json:"since"` // when it took the session
}

func (h Holder) String() string {
	if h.PID == 0 {
		return "a process that has not yet said who it is"
	}
	terminal := "no terminal"
	if h.Terminal != "" {
		terminal = h.Terminal
	}
	return fmt.Sprintf("process %d on %s (%s) since %s", h.PID, h.Host, terminal, h.Since.Local().Format("2006-01-02 15:04:05"))
}

// Locked says who holds a session. It is ErrLocked.
type Locked struct {
	Dir    string
	Holder Holder
}

func (l *Locked) Error() string {
	return fmt.Sprintf("%s: is held by %s: go on there, or end that process and resume", l.Dir, l.Holder)
}

func (l *Locked) Unwrap() error { return ErrLocked }

// lock is a flock on the lock file. The kernel lets go of it when the process dies, however it dies.
type lock struct{ file *os.File }

// A lister looks at a lock by taking a share of it for a moment, which must not turn an opener away.
const (
	lockTries = 10
	lockPause = 10 * time.Millisecond
)

func acquire(f folder, dir string) (*lock, error) {
	opened, err := openLock(f, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be locked: %w", dir, err)
	}
	for range lockTries {
		if err = unix.Flock(int(opened.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
			break
		}
		time.Sleep(lockPause)
	}
	if err != nil {
		defer opened.Close()
		return nil, refuseLock(dir, opened, err)
	}
	if err := name(opened, self()); err != nil {
		opened.Close()
		return nil, fmt.Errorf("%s: cannot be locked: %w", dir, failedWrite(err))
	}
	return &lock{opened}, nil
}

func refuseLock(dir string, opened *os.File, err error) error {
	if errors.Is(err, unix.EWOULDBLOCK) {
		return &Locked{dir, readHolder(opened)}
	}
	return &Problem{dir, fmt.Sprintf("cannot be locked (%s)", errno(err)), "set XDG_STATE_HOME to a file system that knows locks", err}
}

func openLock(f folder, flag int) (*os.File, error) {
	opened, err := f.open(lockFile, flag)
	if err != nil {
		return nil, err
	}
	return opened.(*os.File), nil
}

// name writes the holder over the last one. Nobody's life depends on it: the lock is the flock, this is its label. It is
// written in place, so that a full disk keeps nobody from resuming.
func name(opened *os.File, holder Holder) error {
	label, err := json.Marshal(holder)
	if err != nil {
		return err
	}
	if _, err := opened.WriteAt(append(label, '\n'), 0); err != nil {
		return err
	}
	return opened.Truncate(int64(len(label)) + 1)
}

// readHolder is the zero Holder where the label is not there or not whole.
func readHolder(opened *os.File) Holder {
	label, err := io.ReadAll(io.NewSectionReader(opened, 0, 1<<16))
	if err != nil {
		return Holder{}
	}
	var holder Holder
	if json.Unmarshal(label, &holder) != nil {
		return Holder{}
	}
	return holder
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}

// holderOf is who holds a session now; nil if nobody does.
func holderOf(f folder) (*Holder, error) {
	opened, err := openLock(f, os.O_RDONLY)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	err = unix.Flock(int(opened.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		holder := readHolder(opened)
		return &holder, nil
	}
	return nil, err
}

// self is this process.
func self() Holder {
	host, _ := os.Hostname()
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return Holder{PID: os.Getpid(), Start: startOfSelf(), Boot: strings.TrimSpace(string(boot)), Host: host, Terminal: terminalOfSelf(), Since: time.Now().Round(0)}
}

// startOfSelf is field 22 of proc_pid_stat(5). The name in field 2 may hold spaces, so count from behind its bracket.
func startOfSelf() uint64 {
	stat, _ := os.ReadFile("/proc/self/stat")
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 20 {
		return 0
	}
	start, _ := strconv.ParseUint(fields[19], 10, 64)
	return start
}

func terminalOfSelf() string {
	for _, fd := range []string{"0", "1", "2"} {
		target, _ := os.Readlink("/proc/self/fd/" + fd)
		if strings.HasPrefix(target, "/dev/pts/") || strings.HasPrefix(target, "/dev/tty") {
			return target
		}
	}
	return ""
}
