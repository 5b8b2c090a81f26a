package tui

import (
	"bytes"
	"fmt"
	"os"
	osexec "os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/steps"
)

// stream is a session whose command prints faster than anybody reads, 1 GiB of it.
type stream struct {
	*fake
	printed atomic.Int64
}

const gibibyte = 1 << 30

var flooding = bytes.Repeat([]byte("a flood of words that nobody reads\r\n"), 2000)

func (s *stream) Output(_ uint64, offset int64) ([]byte, <-chan struct{}, error) {
	n := min(s.printed.Add(512<<10), gibibyte) - offset
	if n <= 0 {
		return nil, nil, nil
	}
	at := offset % int64(len(flooding))
	return flooding[at:min(at+64<<10, at+n, int64(len(flooding)))], nil, nil
}

// TestScreenProcess is not a test: it is the process that the tests below start on a terminal.
func TestScreenProcess(t *testing.T) {
	which := os.Getenv("GATEWALK_SCREEN")
	if which == "" {
		t.Skip("a screen is started here by other tests")
	}
	f, session := newFake(rollout(), scripted), steps.Session(nil)
	session = f
	if which == "flood" {
		f = printing()
		session = &stream{fake: f}
	}
	ctx, cancel := signal.NotifyContext(t.Context(), cancelling)
	defer cancel()
	err := Run(ctx, session, Options{Plan: f.state.Plan(), Events: f.events, Operator: "alice", Host: "ncn-m001", Width: 80, Height: 24})
	var usage unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &usage)
	fmt.Printf("ended %v, %d MB\n", err, usage.Maxrss>>10)
}

// cancelling is the signal at which that process ends the screen's context.
const cancelling = unix.SIGUSR1

// terminal is a pseudo-terminal with a screen on it.
type terminal struct {
	t    *testing.T
	pid  int
	file *os.File
	mu   sync.Mutex
	all  bytes.Buffer
	more chan struct{}
}

func onTerminal(t *testing.T, which string) *terminal {
	t.Helper()
	cmd := osexec.Command(os.Args[0], "-test.run=^TestScreenProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "GATEWALK_SCREEN="+which, "TERM=xterm-256color")
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 80, Rows: 24})
	require.NoError(t, err)
	p := &terminal{t: t, pid: cmd.Process.Pid, file: file, more: make(chan struct{}, 1)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for buffer := make([]byte, 64<<10); ; {
			n, err := file.Read(buffer)
			p.mu.Lock()
			p.all.Write(buffer[:n])
			p.mu.Unlock()
			select {
			case p.more <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-read
		_ = cmd.Wait()
		_ = file.Close()
	})
	return p
}

// sees waits until a text was written after so many bytes, and answers how many there are then and how long it took.
func (p *terminal) sees(text string, after int) (int, time.Duration) {
	p.t.Helper()
	began, deadline := time.Now(), time.After(2*time.Minute)
	for {
		p.mu.Lock()
		all := p.all.Len()
		shown := ansi.Strip(string(p.all.Bytes()[after:]))
		p.mu.Unlock()
		if regexp.MustCompile(text).MatchString(shown) {
			return all, time.Since(began)
		}
		select {
		case <-p.more:
		case <-deadline:
			require.Fail(p.t, "not on the terminal: "+text, shown)
		}
	}
}

func (p *terminal) types(keys string) {
	p.t.Helper()
	_, err := p.file.WriteString(keys)
	require.NoError(p.t, err)
}

func (p *terminal) everything() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all.String()
}

func TestTheScreenLeavesTheTerminalAsItWas(t *testing.T) {
	for how, leave := range map[string]func(p *terminal){
		"by a key":     func(p *terminal) { p.types("q") },
		"by its owner": func(p *terminal) { require.NoError(p.t, unix.Kill(p.pid, cancelling)) },
	} {
		t.Run(how, func(t *testing.T) {
			p := onTerminal(t, "walk")
			at, _ := p.sees("Name the activity", 0)
			leave(p)
			p.sees("ended (<nil>|context canceled)", at)
			after, err := unix.IoctlGetTermios(int(p.file.Fd()), unix.TCGETS)
			require.NoError(t, err)
			require.NotZero(t, after.Lflag&unix.ECHO, "what is typed is shown again")
			require.NotZero(t, after.Lflag&unix.ICANON, "and read in lines")
			require.Contains(t, p.everything(), "\x1b[?1049h", "it draws on a screen of its own")
			require.Contains(t, p.everything(), "\x1b[?1049l", "and gives the other one back")
		})
	}
}

// While 1 GiB streams by, every key is answered, and no more is held than before. How long a key waits is printed.
func TestKeysAreAnsweredInAFlood(t *testing.T) {
	p := onTerminal(t, "flood")
	at, _ := p.sees("a flood of words", 0)
	worst := time.Duration(0)
	for range 5 {
		for key, answer := range map[string]string{"?": "shows this page", "d": "Departed from the text"} {
			p.types(key)
			next, took := p.sees(answer, at)
			p.types("\r")
			at, _ = p.sees("a flood of words", next)
			worst = max(worst, took)
		}
	}
	t.Logf("the slowest of 10 keys took %s", worst)
	p.types("q")
	at, _ = p.sees("Leave", at)
	p.types("y\r\r")
	p.sees(`ended <nil>, \d+ MB`, at)
	held, err := strconv.Atoi(regexp.MustCompile(`, (\d+) MB`).FindStringSubmatch(p.everything())[1])
	require.NoError(t, err)
	t.Logf("%d MB were held at most", held)
	require.Less(t, held, 80)
}
