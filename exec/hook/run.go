package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"strings"
	"syscall"
	"time"

	"gatewalk/exec/redact"
	"gatewalk/steps/safe"
)

// handed are the variables of ours that a hook gets. What it needs beside them it reads from a file of its own.
var handed = []string{"HOME", "PATH", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ"}

func environment() []string {
	var env []string
	for _, name := range handed {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// lingering is how long the output of a hook that has ended is waited for, where a child of it keeps it open.
const lingering = time.Second

// run runs a hook once. It is in a session of its own, without a terminal, and killed with its group at the timeout.
func (h Hook) run(ctx context.Context, message []byte) error {
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	said := &tail{}
	c := osexec.CommandContext(ctx, h.Command[0], h.Command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(message), said, said
	c.Env, c.Dir = environment(), "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = lingering
	err := c.Run()
	switch {
	case err == nil, errors.Is(err, osexec.ErrWaitDelay):
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it was killed at its timeout of %s%s", h.Timeout, said)
	case ctx.Err() != nil:
		return fmt.Errorf("it was killed because the session was let go of%s", said)
	}
	return fmt.Errorf("%w%s", err, said)
}

// kept is how much of what a hook says is kept.
const kept = 1 << 10

// tail keeps the end of what is written to it.
type tail struct{ end []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.end = append(t.end, p...)
	if len(t.end) > 8*kept {
		t.end = bytes.Clone(t.end[len(t.end)-4*kept:])
	}
	return len(p), nil
}

// String is what was said last, without what looks like a secret, safe to show.
func (t *tail) String() string {
	filter := redact.New(nil)
	said := strings.TrimSpace(safe.Of(string(append(filter.Next(t.end), filter.Rest()...))).Plain())
	if len(said) > kept {
		said = "…" + strings.ToValidUTF8(said[len(said)-kept:], "")
	}
	if said == "" {
		return ""
	}
	return ": " + said
}
