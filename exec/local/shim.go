package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	osexec "os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// shimWord is the hidden first argument that makes this program a shim.
const shimWord = "shim"

// Shim becomes the shim of an attempt, and never returns, if this process was started as one. Otherwise it does nothing.
// Call it before anything else in main, and in TestMain of tests that launch.
func Shim() {
	if len(os.Args) > 1 && os.Args[1] == shimWord {
		os.Exit(beShim())
	}
}

// shim runs one attempt. It does nothing else, so that it has no reason to fail.
type shim struct {
	order    order
	folder   folder
	reporter *reporter
	terminal *terminal
	spool    *spool
	keyboard keyboard
	state    *stateReader
	shell    *osexec.Cmd
	began    time.Time
}

// What a shim is started with, besides nothing at its standard files.
const (
	orderDescriptor = 3
	tellDescriptor  = 4
)

func beShim() int {
	caught := standAlone()
	reporter := newReporter(tellDescriptor)
	orders := json.NewDecoder(os.NewFile(orderDescriptor, "orders"))
	s := &shim{reporter: reporter}
	if err := orders.Decode(&s.order); err != nil {
		return 1
	}
	s.folder = s.order.Root.attempt(s.order.Launch.Attempt)
	if err := s.prepare(); err != nil {
		reporter.refuse(err)
		return 1
	}
	if err := s.start(); err != nil {
		return s.finishUnstarted(err)
	}
	reporter.tell(toldStarted)
	go s.obeyFrames(orders)
	go s.obeySignals(caught)
	s.finish(s.run())
	return 0
}

// standAlone lets go of everything this process was given, so that its command begins like one of a login shell. Signals are caught
// and not ignored: what is ignored stays so in the command.
func standAlone() <-chan os.Signal {
	caught := make(chan os.Signal, 16)
	signal.Notify(caught, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGUSR1, unix.SIGUSR2)
	signal.Notify(make(chan os.Signal, 1)) // all the others, to no effect
	unix.Umask(0o077)
	_ = unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	unix.CloseOnExec(orderDescriptor)
	unix.CloseOnExec(tellDescriptor)
	// It holds secrets: no other process of the operator may look into it.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	return caught
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
	if err := reserveEnd(s.folder); err != nil {
		return err
	}
	if s.state, err = openState(s.folder.file(stateFile)); err != nil {
		return err
	}
	if s.spool, err = openSpool(s.folder.file(outputFile), s.order.Launch.Secrets); err != nil {
		return err
	}
	s.terminal, err = openTerminal(s.order.Launch.Size)
	return err
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
	s.shell = &osexec.Cmd{
		Path: s.order.Shell, Args: []string{"bash", "--noprofile", "--norc", "-c", `. "$1"`, "bash", s.folder.file(scriptFile)},
		Env: s.order.Environ, Dir: "/",
		Stdin: s.terminal.far, Stdout: s.terminal.far, Stderr: s.terminal.far,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: true},
	}
	return errors.Join(s.shell.Start(), s.terminal.far.Close())
}

// run lasts until the shell has ended and what it printed is in the spool.
func (s *shim) run() *os.ProcessState {
	ended := make(chan struct{})
	go func() {
		_ = s.shell.Wait()
		close(ended)
	}()
	go s.watchEcho()
	if left := s.terminal.copyUntil(ended, s.take); left {
		s.spool.warn("processes it left in the background have lost their terminal")
	}
	<-ended
	return s.shell.ProcessState
}

// take records what was printed, then tells of it.
func (s *shim) take(p []byte) {
	s.spool.write(p)
	s.reporter.tell(toldNews)
}

// watchEcho tells when the command stops or resumes to show what is typed. The kernel does not tell, so the shim looks.
func (s *shim) watchEcho() {
	const interval = 40 * time.Millisecond
	told := true
	for range time.Tick(interval) {
		shown := !s.terminal.hidesTyping()
		if shown == told {
			continue
		}
		word := byte(toldEchoOff)
		if shown {
			word = toldEchoOn
		}
		if s.reporter.tell(word) {
			told = shown
		}
	}
}

func (s *shim) obeyFrames(orders *json.Decoder) {
	for {
		var f frame
		if err := orders.Decode(&f); err != nil {
			return
		}
		s.obey(f)
	}
}

func (s *shim) obeySignals(caught <-chan os.Signal) {
	for number := range caught {
		s.obey(fromSignal(number))
	}
}

func (s *shim) obey(f frame) {
	switch {
	case len(f.Stdin) > 0:
		s.keyIn(f.Stdin)
	case f.Resize != nil:
		s.terminal.resize(*f.Resize)
	case f.Signal != "":
		s.terminal.signal(signals[f.Signal])
	case f.Cancel:
		go s.cancel()
	}
}

// keyIn types. What is typed while the terminal does not show it is a secret from then on.
func (s *shim) keyIn(keys []byte) {
	for _, hidden := range s.keyboard.hidden(keys, s.terminal.hidesTyping()) {
		s.spool.hide(hidden)
	}
	s.terminal.typeIn(keys)
}

// cancel asks the command to end, and after a while no longer asks.
func (s *shim) cancel() {
	const grace = 3 * time.Second
	leader := s.shell.Process.Pid
	_ = unix.Kill(-leader, unix.SIGTERM)
	s.terminal.signal(unix.SIGTERM)
	time.Sleep(grace)
	for _, pid := range sessionOf(leader) {
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}

// finishUnstarted records that the claim was made but the shell could not be started. Nothing of the attempt has run.
func (s *shim) finishUnstarted(reason error) int {
	s.spool.warn(fmt.Sprintf("no command was started: %s: %v", s.order.Shell, reason))
	end := s.spool.end()
	end.Code = 127
	s.reporter.tell(toldStarted)
	if err := writeEnd(s.folder, end); err != nil {
		return 1
	}
	return 0
}

// finish puts the result on disk, the output and the context before it.
func (s *shim) finish(state *os.ProcessState) {
	took := time.Since(s.began)
	kept := s.keep()
	end := s.spool.end()
	end.Took = took
	end.Code, end.Signal = codeOf(state)
	end.Context, end.Variables = kept.digest, kept.public
	s.countExits(&end)
	end.Warning = joinWarnings(end.Warning, kept.warning)
	if err := writeEnd(s.folder, end); err != nil {
		os.Exit(1)
	}
	s.reporter.tell(toldNews)
}

func codeOf(state *os.ProcessState) (code int, name string) {
	status := state.Sys().(syscall.WaitStatus)
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

// sessionOf are the processes that still belong to the session a shell has led.
func sessionOf(leader int) []int {
	var members []int
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		var pid int
		if _, err := fmt.Sscanf(entry.Name(), "%d", &pid); err != nil {
			continue
		}
		if p, err := readProcess(pid); err == nil && p.session == leader {
			members = append(members, pid)
		}
	}
	return members
}
