package local

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"syscall"
	"time"

	"gatewalk/exec"
)

// order is all that a shim needs. It travels through a pipe and not by the socket: it holds secrets, and is there before the socket is.
// Names of files and values may hold any byte, so it travels as gob: JSON would change what is not UTF-8.
type order struct {
	Root      layout
	Launch    exec.Launch
	Shell     string // path of bash
	Environ   []string
	Directory string // of a fresh context
	Umask     int    // of a fresh context
}

// Launch is exec.Runner's. It returns when the command runs.
func (r *Runner) Launch(ctx context.Context, launch exec.Launch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.lock(launch.Attempt).Lock()
	defer r.lock(launch.Attempt).Unlock()
	if f := r.layout.attempt(launch.Attempt); f.claimant() != "" {
		return f.launchedBefore()
	}
	order, err := r.order(launch)
	if err != nil {
		return fmt.Errorf("attempt %d was not started: %w", launch.Attempt, err)
	}
	return r.start(order)
}

// start lets one of all who try start a shim.
func (r *Runner) start(order order) error {
	f := r.layout.attempt(order.Launch.Attempt)
	first, err := r.layout.reserve(order.Launch.Attempt)
	if err != nil {
		return err
	}
	if !first {
		return f.claimedByAnother()
	}
	if err := r.startShim(order); err != nil {
		return f.notStarted(fmt.Errorf("attempt %d was not started: %w", order.Launch.Attempt, err))
	}
	return nil
}

// notStarted makes that true, unless the shim had come so far that it is too late: then a probe tells what became of it.
func (f folder) notStarted(reason error) error {
	if err := f.bury(); err != nil {
		return errors.Join(reason, err)
	}
	if f.claimant() != cancelled {
		return nil
	}
	return reason
}

// claimedByAnother waits until it is decided what another process does with the attempt. One that was killed decides nothing any more.
func (f folder) claimedByAnother() error {
	const patience, pause = 2 * time.Second, 2 * time.Millisecond
	for began := time.Now(); f.claimant() == "" && time.Since(began) < patience; {
		time.Sleep(pause)
	}
	if err := f.bury(); err != nil {
		return err
	}
	return f.launchedBefore()
}

func (f folder) launchedBefore() error {
	if f.claimant() == cancelled {
		return errCancelled
	}
	return nil
}

// order checks a launch and completes it.
func (r *Runner) order(launch exec.Launch) (order, error) {
	if launch.From < 0 || launch.From >= len(launch.Commands) {
		return order{}, fmt.Errorf("it has %d commands and was to begin at number %d", len(launch.Commands), launch.From+1)
	}
	if err := checkNames(launch); err != nil {
		return order{}, err
	}
	if err := r.layout.checkContext(launch.Context); err != nil {
		return order{}, err
	}
	operator := r.operator()
	shell, err := operator.find("bash")
	if err != nil {
		return order{}, err
	}
	return order{
		Root: r.layout, Launch: launch, Shell: shell,
		Environ: operator.environ(launch), Directory: operator.Directory, Umask: operator.Umask,
	}, nil
}

func checkNames(launch exec.Launch) error {
	for name := range launch.Assign {
		if !isVariableName(name) {
			return fmt.Errorf("%q cannot be the name of a variable", name)
		}
	}
	for _, secret := range launch.Secrets {
		if !isVariableName(secret.Name) {
			return fmt.Errorf("%q cannot be the name of a secret", secret.Name)
		}
	}
	return nil
}

// startShim returns when the shim has started the command or has given up.
func (r *Runner) startShim(order order) error {
	shim, orders, answer, err := spawn(r.layout.attempt(order.Launch.Attempt))
	if err != nil {
		return err
	}
	defer orders.Close()
	defer answer.Close()
	go func() { _ = shim.Wait() }()
	// Meanwhile the shim comes up: the folder's name need not be durable before the order is out.
	if err := syncDirectory(r.layout.attempts()); err != nil {
		return err
	}
	if err := gob.NewEncoder(orders).Encode(order); err != nil {
		return err
	}
	return awaitStart(answer)
}

// spawn starts this very program once more, in a session of its own, with nothing of this process but two pipes.
func spawn(f folder) (shim *osexec.Cmd, orders, answer *os.File, err error) {
	theirOrders, orders, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	defer theirOrders.Close()
	answer, theirAnswer, err := os.Pipe()
	if err != nil {
		orders.Close()
		return nil, nil, nil, err
	}
	defer theirAnswer.Close()
	shim = &osexec.Cmd{
		Path: "/proc/self/exe", Args: []string{"gatewalk", shimWord, string(f)}, Dir: "/",
		// It does one thing after the other: more threads that look for work would take the command's time.
		// Where races are looked for, one ends it: otherwise nobody would hear of it.
		Env:         []string{"GOMAXPROCS=1", "GORACE=halt_on_error=1"},
		ExtraFiles:  []*os.File{theirOrders, theirAnswer},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := shim.Start(); err != nil {
		orders.Close()
		answer.Close()
		return nil, nil, nil, err
	}
	return shim, orders, answer, nil
}

// What a shim answers.
const (
	answerStarted = 's'
	answerRefused = '!' // the rest is the reason
)

// awaitStart hears what the shim answers, once. Only the socket leads to it from then on.
func awaitStart(answer io.Reader) error {
	word := make([]byte, 1)
	if _, err := io.ReadFull(answer, word); err != nil {
		return errors.New("its shim ended before it could start anything")
	}
	if word[0] == answerStarted {
		return nil
	}
	reason, _ := io.ReadAll(answer)
	return errors.New(string(reason))
}
