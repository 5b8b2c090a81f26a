package keeper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/runbook"
)

// Open attaches to the keeper of a session, or starts one and gives it the order. Where the session is held by something else than
// a keeper the error is journal.ErrLocked.
func Open(ctx context.Context, dir, terminal string, order Order) (*Client, error) {
	const pause = 20 * time.Millisecond
	for began := time.Now(); ; {
		client, err := Attach(ctx, dir, terminal, order)
		if !errors.Is(err, ErrNone) {
			return client, err
		}
		// A keeper that is just ending still has the lock for a moment.
		if err := Start(ctx, dir); err != nil && (!errors.Is(err, journal.ErrLocked) || time.Since(began) > patience/4) {
			return nil, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Attach attaches to the keeper that listens in a session's directory, as a screen on a terminal ("" for none). The order counts
// only where the keeper holds no session yet. Where no keeper listens the error is ErrNone.
func Attach(ctx context.Context, dir, terminal string, order Order) (*Client, error) {
	raw, err := json.Marshal(order)
	if err != nil {
		return nil, err
	}
	conn, w, status, err := greet(ctx, dir, terminal)
	if err != nil {
		return nil, err
	}
	defer bounded(ctx, conn, longOrder)()
	if err := w.send(frame{Kind: orderFrame, body: raw}); err != nil {
		conn.Close()
		return nil, ended(err)
	}
	board, err := expect(w, boardFrame)
	if err != nil {
		conn.Close()
		return nil, err
	}
	plan := &runbook.Plan{}
	if err := json.Unmarshal(board.body, plan); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: its keeper's plan is not understood: %w", dir, err)
	}
	client := &Client{
		dir: dir, conn: conn, wire: w, status: status, label: board.Screen, plan: plan, news: make(chan struct{}),
		waiting: map[uint64]chan frame{}, later: map[uint64]chan struct{}{}, silent: map[uint64]silence{}, lost: make(chan struct{}),
	}
	go client.receive()
	return client, client.await(board.Head)
}

// Look asks who keeps a session. Where no keeper listens the error is ErrNone.
func Look(ctx context.Context, dir string) (Status, error) {
	conn, _, status, err := greet(ctx, dir, "")
	if err != nil {
		return Status{}, err
	}
	return status, conn.Close()
}

// End asks a keeper to let go of the session, which it does where nobody else is attached and nothing runs, and returns when it has.
// Where no keeper listens the error is ErrNone.
func End(ctx context.Context, dir string) error {
	conn, w, _, err := greet(ctx, dir, "")
	if err != nil {
		return err
	}
	defer conn.Close()
	defer bounded(ctx, conn, longHello)()
	if err := w.send(frame{Kind: endFrame}); err != nil {
		return ended(err)
	}
	if _, err := expect(w, answerFrame); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return awaitLock(ctx, dir)
}

// awaitLock waits until nobody holds a session.
func awaitLock(ctx context.Context, dir string) error {
	const pause = 5 * time.Millisecond
	for began := time.Now(); ; time.Sleep(pause) {
		held, err := journal.Open(dir)
		if err == nil {
			return held.Close()
		}
		if !errors.Is(err, journal.ErrLocked) || time.Since(began) > patience || ctx.Err() != nil {
			return err
		}
	}
}

// greet reaches the keeper and makes sure that it is one of this user and of this version.
func greet(ctx context.Context, dir, terminal string) (*net.UnixConn, *wire, Status, error) {
	conn, pid, err := dial(dir)
	if err != nil {
		return nil, nil, Status{}, err
	}
	w := newWire(conn)
	status, err := introduce(ctx, conn, w, terminal)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = &journal.Problem{Place: dir, What: fmt.Sprintf("its keeper, process %d, does not answer", pid), Next: fmt.Sprintf("kill -CONT %[1]d if it was stopped, else kill -KILL %[1]d: what runs goes on, and gatewalk resume takes it up", pid), Cause: err}
	case err == nil && status.Version != version:
		err = otherVersion(dir, status)
	}
	if err != nil {
		conn.Close()
	}
	return conn, w, status, err
}

func introduce(ctx context.Context, conn *net.UnixConn, w *wire, terminal string) (Status, error) {
	defer bounded(ctx, conn, longHello)()
	if err := w.send(frame{Kind: helloFrame, Hello: &Hello{Version: version, Build: session.Build(), Terminal: terminal}}); err != nil {
		return Status{}, ended(err)
	}
	welcome, err := expect(w, welcomeFrame)
	if err != nil {
		return Status{}, err
	}
	if welcome.Welcome == nil {
		return Status{}, errors.New("its keeper does not say who it is")
	}
	return *welcome.Welcome, nil
}

func otherVersion(dir string, s Status) error {
	which := "an older"
	if s.Version > version {
		which = "a newer"
	}
	return &journal.Problem{
		Place: dir, What: fmt.Sprintf("is kept by %s gatewalk (process %d, %s, protocol %d; this one has %d)", which, s.PID, s.Build, s.Version, version),
		Next: fmt.Sprintf("attach with that one (%s), or end it with kill %d: what runs goes on, and gatewalk resume takes it up", s.Program, s.PID),
	}
}

// expect receives a frame of a kind. An answer instead says why it does not come.
func expect(w *wire, wanted kind) (frame, error) {
	f, err := w.receive()
	switch {
	case err != nil:
		return f, ended(err)
	case f.Kind == answerFrame && f.Failure != nil:
		return f, f.Failure.error()
	case f.Kind != wanted:
		return f, fmt.Errorf("its keeper said %q where %q was expected", f.Kind, wanted)
	}
	return f, nil
}

// ended is what a connection means that ends before anything was agreed: the keeper is just ending.
func ended(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w (%w)", ErrNone, err)
}

// How long a keeper may take to say who it is, and to take a session up.
const (
	longHello = 3 * time.Second
	longOrder = time.Minute
)

// bounded ends a connection that takes longer than a limit, or than ctx lasts, until the answer is called.
func bounded(ctx context.Context, conn *net.UnixConn, limit time.Duration) (free func()) {
	_ = conn.SetDeadline(time.Now().Add(limit))
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return func() {
		stop()
		_ = conn.SetDeadline(time.Time{})
	}
}
