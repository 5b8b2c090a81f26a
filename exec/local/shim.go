package local

import (
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// shimWord is the hidden first argument that makes this program a shim.
const shimWord = "shim"

// A process that was started as a shim becomes one here, and never comes to main. A package is initialised as soon as all that it
// imports are (Go specification, "Program initialization"), and this one imports little: so what reads procedures and draws screens is
// not set up beside every command, which takes three times as long as all that a shim does before its command runs.
func init() {
	if len(os.Args) > 1 && os.Args[1] == shimWord {
		go func() { os.Exit(beShim()) }() // what initialises a program cannot leave the thread it began on
		select {}
	}
}

// shim runs one attempt. It does nothing else, so that it has no reason to fail.
type shim struct {
	order    order
	folder   folder
	server   *server
	terminal *terminal
	spool    *spool
	state    *stateReader
	caught   chan struct{}      // closed when no signal ends this process any more
	shell    int                // its process, which leads its session
	status   syscall.WaitStatus // of the shell, when it has ended
	began    time.Time

	obeying  sync.Mutex // so that what several clients type arrives in whole frames
	keyboard keyboard

	cancelled sync.Once
	quiet     chan struct{} // closed when nothing is left that must be waited for
}

// What a shim is started with, besides nothing at its standard files.
const (
	orderDescriptor  = 3
	answerDescriptor = 4
)

// settled is after how long a command is one that goes on. Its shim then gives back what only coming up took: there may be many, for days.
const settled = 100 * time.Millisecond

func beShim() int {
	s := &shim{caught: make(chan struct{}), quiet: make(chan struct{})}
	s.standAlone()
	answer := os.NewFile(answerDescriptor, "answer")
	if err := s.read(os.NewFile(orderDescriptor, "order")); err != nil {
		return 1
	}
	if err := s.prepare(); err != nil {
		reply(answer, string(rune(answerRefused))+err.Error())
		return 1
	}
	if err := s.start(); err != nil {
		return s.finishUnstarted(err)
	}
	reply(answer, string(rune(answerStarted)))
	go s.server.serve()
	time.AfterFunc(settled, debug.FreeOSMemory)
	s.run()
	s.finish()
	return 0
}

// reply tells whoever has started this process, if it is still there.
func reply(to *os.File, words string) {
	_, _ = to.WriteString(words)
	to.Close()
}

func (s *shim) read(from *os.File) error {
	defer from.Close()
	if err := gob.NewDecoder(from).Decode(&s.order); err != nil {
		return err
	}
	s.folder = s.order.Root.attempt(s.order.Launch.Attempt)
	return nil
}

// fatal are the signals that end or stop a Go program that does not ask for them, and those it was given to ignore and leaves so. All
// others are caught in any case and do nothing (os/signal), and to ask for one takes time.
var fatal = []os.Signal{
	unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGABRT, unix.SIGTERM, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU, unix.SIGCONT,
	unix.SIGILL, unix.SIGTRAP, unix.SIGBUS, unix.SIGFPE, unix.SIGSEGV, unix.SIGSTKFLT, unix.SIGSYS,
}

// standAlone lets go of everything this process was given, so that its command begins like one of a login shell. Signals are caught
// and not ignored: what is ignored stays so in the command. None that can be caught ends a shim: when the machine goes down its
// command is told as well, and the shim has the end to record.
func (s *shim) standAlone() {
	go func() { // while the disk is waited for
		signal.Notify(make(chan os.Signal, 1), fatal...)
		close(s.caught)
	}()
	unix.Umask(0o077)
	closeInherited()
	// It holds secrets: no other process of the operator may look into it.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// closeInherited closes what the parent has let slip, so that nobody waits for its other end as long as this process lives. What this
// process has opened itself is marked to be closed on exec; what it was given cannot be.
func closeInherited() {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range entries {
		descriptor, err := strconv.Atoi(entry.Name())
		if err != nil || descriptor <= 2 {
			continue
		}
		flags, err := unix.FcntlInt(uintptr(descriptor), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC != 0 {
			continue
		}
		if descriptor == orderDescriptor || descriptor == answerDescriptor {
			unix.CloseOnExec(descriptor)
		} else {
			unix.Close(descriptor)
		}
	}
}

// prepare writes down everything, and claims the attempt last. After that it counts as started.
func (s *shim) prepare() error {
	record, err := json.Marshal(recordOf(s.order.Launch))
	if err != nil {
		return err
	}
	if err := replace(s.folder.file(commandFile), append(record, '\n')); err != nil {
		return err
	}
	if err := s.folder.writeScript(s.order, os.Getpid()); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	who, err := identify(os.Getpid())
	if err != nil {
		return err
	}
	<-s.caught
	if err := s.folder.claim(who.String()); errors.Is(err, fs.ErrExist) {
		return errCancelled
	} else if err != nil {
		return err
	}
	return nil
}

func (s *shim) open() (err error) {
	if err := os.Mkdir(s.folder.file(goneDir), 0o700); err != nil {
		return err
	}
	if err := keepRoom(s.folder.file(reserveFile), roomForEnd); err != nil {
		return err
	}
	if err := keepRoom(s.folder.file(exitsFile), roomForExits); err != nil {
		return err
	}
	if s.state, err = openState(s.folder.file(stateFile)); err != nil {
		return err
	}
	if s.spool, err = openSpool(s.folder, s.order.Launch.Secrets); err != nil {
		return err
	}
	if s.terminal, err = openTerminal(s.order.Launch.Size); err != nil {
		return err
	}
	if s.server, err = newServer(s.folder); err != nil {
		return err
	}
	s.server.now, s.server.obey = s.now, s.obey
	return nil
}

// now is how it stands.
func (s *shim) now() news {
	return news{Bytes: s.spool.size(), Echo: !s.terminal.hidesTyping()}
}

// start begins the shell in a session of its own, with the terminal as all it has.
func (s *shim) start() error {
	// The mask of blocked signals is inherited from this very thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &unix.Sigset_t{}, nil); err != nil {
		return err
	}
	s.began = time.Now()
	s.spool.began = s.began
	terminal := s.terminal.far.Fd()
	shell, err := syscall.ForkExec(s.order.Shell, []string{"bash", "--noprofile", "--norc", "-c", `. "$1"`, "bash", s.folder.file(scriptFile)}, &syscall.ProcAttr{
		Dir: "/", Env: s.order.Environ, Files: []uintptr{terminal, terminal, terminal},
		Sys: &syscall.SysProcAttr{Setsid: true, Setctty: true},
	})
	s.shell = shell
	return errors.Join(err, s.terminal.far.Close())
}

// run lasts until the shell has ended and what it printed is in the spool.
func (s *shim) run() {
	ended := make(chan struct{})
	go func() {
		s.wait()
		close(ended)
	}()
	go s.watchEcho()
	if left := s.terminal.copyUntil(ended, s.record); left {
		s.spool.warn("processes it left in the background have lost their terminal")
	}
	<-ended
}

// record writes down what was printed, then tells of it.
func (s *shim) record(p []byte) {
	s.spool.write(p)
	s.server.changed()
}

// watchEcho tells when the command stops or resumes to show what is typed. The kernel does not tell, so the shim looks.
func (s *shim) watchEcho() {
	const interval = 40 * time.Millisecond
	hidden := false
	for range time.Tick(interval) {
		if hides := s.terminal.hidesTyping(); hides != hidden {
			hidden = hides
			s.server.changed()
		}
	}
}

func (s *shim) obey(f frame) {
	s.obeying.Lock()
	defer s.obeying.Unlock()
	switch {
	case len(f.Stdin) > 0:
		s.keyIn(f.Stdin)
	case f.Resize != nil:
		s.terminal.resize(*f.Resize)
	case f.Signal != "":
		s.terminal.signal(signals[f.Signal])
	case f.Cancel:
		s.cancel()
	}
}

// keyIn types. What is typed while the terminal does not show it is a secret from then on.
func (s *shim) keyIn(keys []byte) {
	for _, hidden := range s.keyboard.hidden(keys, s.terminal.hidesTyping()) {
		s.spool.hide(hidden)
	}
	s.terminal.typeIn(keys)
}

// cancel asks the command to end.
func (s *shim) cancel() {
	s.cancelled.Do(func() {
		_ = unix.Kill(-s.shell, unix.SIGTERM)
		s.terminal.signal(unix.SIGTERM)
		go s.insist()
	})
}

// insist gives a cancelled command time to tidy up, and then no more. The shell may be gone long before what it has started.
func (s *shim) insist() {
	const grace, pause = 3 * time.Second, 10 * time.Millisecond
	defer close(s.quiet)
	for began := time.Now(); time.Since(began) < grace; time.Sleep(pause) {
		if len(sessionOf(s.shell)) == 0 {
			return
		}
	}
	for _, pid := range sessionOf(s.shell) {
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}

// wait lasts until the shell has ended, and if it was cancelled all else as well.
func (s *shim) wait() {
	for {
		if _, err := syscall.Wait4(s.shell, &s.status, 0, nil); err != unix.EINTR {
			break
		}
	}
	s.cancelled.Do(func() { close(s.quiet) })
	<-s.quiet
}

// finishUnstarted records that the claim was made but the shell could not be started. Nothing of the attempt has run.
func (s *shim) finishUnstarted(reason error) int {
	s.spool.warn(fmt.Sprintf("no command was started: %s: %v", s.order.Shell, reason))
	end := s.spool.end()
	end.Code = 127
	if err := writeEnd(s.folder, end); err != nil {
		return 1
	}
	return 0
}

// finish puts the result on disk, the output and the context before it.
func (s *shim) finish() {
	took := time.Since(s.began)
	kept := s.keep()
	end := s.spool.end()
	end.Took = took
	end.Code, end.Signal = codeOf(s.status)
	end.Context, end.Variables = kept.digest, kept.public
	s.countExits(&end)
	end.Warning = joinWarnings(end.Warning, kept.warning)
	if err := writeEnd(s.folder, end); err != nil {
		os.Exit(1)
	}
	_ = os.Remove(s.folder.file(socketFile))
	s.server.hangUp()
}

func codeOf(status syscall.WaitStatus) (code int, name string) {
	if !status.Signaled() {
		return status.ExitStatus(), ""
	}
	for known, number := range signals {
		if number == status.Signal() {
			name = known
		}
	}
	if name == "" {
		name = fmt.Sprintf("%d", status.Signal())
	}
	return 128 + int(status.Signal()), name
}
