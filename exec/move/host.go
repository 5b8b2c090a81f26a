package move

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"gatewalk/exec/session"
	"gatewalk/runbook/doc"
	"gatewalk/steps/safe"
)

// What both sides say, a line each, before and after the archive.
const greeting = "gatewalk-move 1 "

// ready is the receiving side's first line: who it is.
type ready struct {
	Machine string `json:"machine"`
	Boot    string `json:"boot"`
	Root    string `json:"root"` // device and file number of its directory of sessions
}

// receipt is its second line.
type receipt struct {
	ID     string `json:"id"`
	Sum    string `json:"sum"`
	Before bool   `json:"before,omitempty"`
}

var hostForm = doc.Pattern(`^(?:[A-Za-z_][A-Za-z0-9._-]*@)?[A-Za-z0-9](?:[A-Za-z0-9.:_-]*[A-Za-z0-9])?$`)

// longestHost is that of a name by RFC 1035; with a user before it, too, nobody has a longer one.
const longestHost = 254

// CheckHost refuses what is no name of a host, or an option to ssh in disguise.
func CheckHost(host string) error {
	if len(host) > longestHost || !hostForm().MatchString(host) {
		return fmt.Errorf("%q: is no host; write HOST or USER@HOST, or ./NAME%s for a file", host, Extension)
	}
	return nil
}

// sshOptions let nothing of this machine be used from there, and notice a line that is dead.
var sshOptions = []string{
	"-T", "-oClearAllForwardings=yes", "-oForwardAgent=no", "-oForwardX11=no", "-oPermitLocalCommand=no", "-oEscapeChar=none",
	"-oConnectTimeout=20", "-oServerAliveInterval=5", "-oServerAliveCountMax=3",
}

// ToHost seals a session and has it taken up by the gatewalk of another machine, over the system's ssh. Until that one has
// said that it is ready, nothing is sealed. What ssh says goes to errors, made safe to show.
func (l *Leaving) ToHost(ctx context.Context, host, reason string, complaints io.Writer) (machine string, err error) {
	if err := CheckHost(host); err != nil {
		return "", err
	}
	if _, err := l.sealing(host, reason); err != nil {
		return "", err
	}
	there, err := call(ctx, host, complaints)
	if err != nil {
		return "", err
	}
	late := time.AfterFunc(longHello, there.kill) // a password may have to be typed
	hello, err := there.hello()
	late.Stop()
	if err == nil && hello == hereIs(l.held.Dir(), l.here) {
		err = errors.New("is this machine; there is nothing to move")
	}
	if err != nil {
		return "", there.failed(host, err)
	}
	if err := l.send(there, host, reason); err != nil {
		err = there.failed(host, err)
		if moved := l.Moved(); moved != nil && moved.To == host {
			err = fmt.Errorf("%w\nthe session is sealed, and whether it arrived at %s is not known: do the same again, which finishes the move and does nothing twice", err, host)
		}
		return "", err
	}
	return hello.Machine, nil
}

// send hands the archive over and waits for the receipt.
func (l *Leaving) send(there *other, host, reason string) error {
	if err := l.Write(there.in, host, reason); err != nil {
		return err
	}
	if err := there.in.Close(); err != nil {
		return err
	}
	var got receipt
	if err := there.line(&got); err != nil {
		return err
	}
	if got.ID != l.held.ID() || got.Sum != l.Sum() {
		return errors.New("what arrived there is not what was sent")
	}
	there.kill() // it has nothing more to say, and what it did is done
	_ = there.ssh.Wait()
	return nil
}

// other is the gatewalk of another machine, behind ssh.
type other struct {
	ssh  *osexec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	kill context.CancelFunc
}

// call starts it. The host is behind "--", and what runs there is a constant: nothing in it is read by a shell of ours or theirs.
func call(ctx context.Context, host string, complaints io.Writer) (*other, error) {
	ctx, kill := context.WithCancel(ctx)
	c := osexec.CommandContext(ctx, "ssh", append(slices.Clone(sshOptions), "--", host, "gatewalk", "move", "--receive")...)
	c.Stderr = &shown{to: complaints}
	o := &other{ssh: c, kill: kill}
	if err := o.start(); err != nil {
		kill()
		return nil, fmt.Errorf("ssh cannot be started: %w; install it, or move the session to a file", err)
	}
	return o, nil
}

func (o *other) start() (err error) {
	if o.in, err = o.ssh.StdinPipe(); err != nil {
		return err
	}
	out, err := o.ssh.StdoutPipe()
	if err != nil {
		return err
	}
	o.out = bufio.NewReaderSize(out, 64<<10)
	return o.ssh.Start()
}

// shown makes what ssh and the other side say safe to show.
type shown struct {
	to     io.Writer
	filter safe.Filter
}

func (s *shown) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.to, s.filter.Write(p).String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (o *other) hello() (r ready, err error) { return r, o.line(&r) }

// chatter is how many lines a login may print before ours.
const chatter = 200

var errSilent = errors.New("it did not answer as gatewalk does")

func (o *other) line(to any) error {
	for range chatter {
		text, err := o.out.ReadSlice('\n')
		if err != nil {
			return errSilent
		}
		if said, ok := strings.CutPrefix(string(text), greeting); ok {
			return json.Unmarshal([]byte(said), to)
		}
	}
	return errSilent
}

// longHello is how long the other side may take to say that it is ready.
const longHello = 3 * time.Minute

// patience is how long the other side may take to see that nothing more comes.
const patience = 10 * time.Second

// failed says why the other side did not do it, by how ssh ended.
func (o *other) failed(host string, err error) error {
	o.in.Close()
	defer time.AfterFunc(patience, o.kill).Stop()
	var exit *osexec.ExitError
	if !errors.As(o.ssh.Wait(), &exit) {
		return fmt.Errorf("%s: %w", host, err)
	}
	switch exit.ExitCode() {
	case 127:
		return fmt.Errorf("%s: there is no gatewalk on the path of a command there; install it, or move the session to a file", host)
	case 255:
		return fmt.Errorf("%s: cannot be reached, or the line broke; see what ssh says above", host)
	}
	return fmt.Errorf("%s: %w; see what it says above", host, err)
}

// Receive is the other side: it says that it is ready, takes up the session whose archive comes in, and says so.
func Receive(in io.Reader, out io.Writer, root string, here session.Options, limits Limits) error {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	if err := say(out, hereIs(filepath.Join(root, "any"), here)); err != nil {
		return err
	}
	arrived, err := Arrive(in, root, here, limits)
	if err != nil {
		return err
	}
	return say(out, receipt{arrived.ID, arrived.Sum, arrived.Before})
}

func say(out io.Writer, what any) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s%s\n", greeting, text)
	return err
}

// hereIs is this side, by a session's directory.
func hereIs(dir string, here session.Options) ready {
	r := ready{Machine: here.Machine, Boot: here.Boot}
	if info, err := os.Stat(filepath.Dir(dir)); err == nil {
		r.Root = rootOf(info)
	}
	return r
}

func rootOf(info fs.FileInfo) string {
	stat := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%d:%d", stat.Dev, stat.Ino)
}
