package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"gatewalk/steps"
)

// screen is one client as the keeper sees it.
type screen struct {
	server  *Server
	conn    *net.UnixConn
	wire    *wire
	actor   steps.Actor
	hello   Hello
	environ []string // of its login

	gone  chan struct{} // its connection has ended
	typed chan frame    // keys, in order
	tasks chan struct{} // as many requests as are done at once
	left  atomic.Bool   // it said that it goes
	mu    sync.Mutex    // of what follows
	size  struct{ columns, rows int }
}

// Most requests of one screen at a time, and most pieces of typing that wait for a command to take them.
const (
	maxTasks = 16
	maxTyped = 64
)

func newScreen(s *Server, conn *net.UnixConn, w *wire, actor steps.Actor, hello Hello) *screen {
	return &screen{
		server: s, conn: conn, wire: w, actor: actor, hello: hello,
		gone: make(chan struct{}), typed: make(chan frame, maxTyped), tasks: make(chan struct{}, maxTasks),
	}
}

// serve lasts as long as the connection.
func (c *screen) serve() {
	first, err := c.wire.receive()
	if err != nil {
		return
	}
	switch first.Kind {
	case endFrame:
		_ = c.wire.send(frame{Kind: answerFrame, ID: first.ID, Failure: failureOf(c.server.end(c))})
	case orderFrame:
		c.attach(first)
	}
}

func (c *screen) attach(first frame) {
	var order Order
	err := json.Unmarshal(first.body, &order)
	if err == nil {
		err = c.server.attach(c, order)
	}
	if err != nil {
		_ = c.wire.send(frame{Kind: answerFrame, ID: first.ID, Failure: failureOf(err)})
		return
	}
	defer c.server.detach(c)
	defer close(c.gone)
	if err := c.board(); err != nil {
		return
	}
	c.server.work.Go(c.tellFacts)
	c.server.work.Go(c.passKeys)
	for {
		f, err := c.wire.receive()
		if err != nil || f.Kind == leaveFrame {
			c.left.Store(err == nil)
			return
		}
		c.take(f)
	}
}

// board tells a screen what it is attached to.
func (c *screen) board() error {
	state := c.server.session.State()
	plan, err := json.Marshal(state.Plan())
	if err != nil {
		return err
	}
	return c.wire.send(frame{Kind: boardFrame, Screen: c.actor.Label(), Head: state.Seq(), body: plan})
}

// farewell is why the wheel stands free when the screen is gone.
func (c *screen) farewell() string {
	if c.left.Load() {
		return "its screen was left"
	}
	return "its screen is gone"
}

// take sees to one request. A screen with too many at once waits for its own.
func (c *screen) take(f frame) {
	switch f.Kind {
	case typeFrame:
		c.keys(f)
		return
	case resizeFrame:
		c.mu.Lock()
		c.size.columns, c.size.rows = f.Columns, f.Rows
		c.mu.Unlock()
	}
	c.tasks <- struct{}{}
	c.server.work.Go(func() {
		defer func() { <-c.tasks }()
		c.answer(f)
	})
}

// keys puts typing in line. One line of a command that takes nothing must not keep the screen from ending it.
func (c *screen) keys(f frame) {
	select {
	case c.typed <- f:
	default:
		c.reply(frame{ID: f.ID}, errors.New("what was typed before has not been taken yet; wait, or end the command"))
	}
}

// passKeys passes typing on, in order.
func (c *screen) passKeys() {
	for {
		select {
		case f := <-c.typed:
			c.reply(frame{ID: f.ID}, c.typeKeys(f))
		case <-c.gone:
			return
		}
	}
}

// typeKeys types to a command, if this screen drives: typing is as good as starting something.
func (c *screen) typeKeys(f frame) error {
	if driver := c.server.session.State().Driver(); driver != c.actor.Label() {
		return &steps.Refusal{Why: steps.RefusedDriver, Text: driver + " drives", Next: "ask for the wheel"}
	}
	return c.server.session.Type(f.Attempt, f.body)
}

func (c *screen) answer(f frame) {
	session := c.server.session
	switch f.Kind {
	case doFrame:
		input, err := steps.UnmarshalInput(f.Input)
		if err == nil {
			err = session.As(c.speaker(f.File)).Do(input, f.Seen)
		}
		c.reply(frame{ID: f.ID, Head: session.State().Seq()}, err)
	case outputFrame:
		c.output(f)
	case echoFrame:
		c.reply(frame{ID: f.ID, On: session.Echo(f.Attempt)}, nil)
	case resizeFrame:
		c.resizeSession()
		c.reply(frame{ID: f.ID}, nil)
	default:
		c.reply(frame{ID: f.ID}, fmt.Errorf("%q is no request that this keeper knows", f.Kind))
	}
}

// speaker is who says an input: the person, or a file that they let speak. A screen can say that it is less than it is, never more.
func (c *screen) speaker(file string) steps.Actor {
	by := c.actor
	if file != "" {
		by.Via, by.File = steps.Answers, file
	}
	return by
}

// output answers with a piece of output, and where there is none yet tells later when there is.
func (c *screen) output(f frame) {
	piece, news, err := c.server.session.Output(f.Attempt, f.Offset)
	more := len(piece) > 0
	select {
	case <-news:
		more = true
	default:
	}
	c.reply(frame{ID: f.ID, On: more, body: piece}, err)
	if more || err != nil {
		return
	}
	c.server.work.Go(func() {
		select {
		case <-news:
			_ = c.wire.send(frame{Kind: moreFrame, ID: f.ID})
		case <-c.gone:
		}
	})
}

// resizeSession gives running commands this screen's size, if it drives.
func (c *screen) resizeSession() {
	c.mu.Lock()
	size := c.size
	c.mu.Unlock()
	if size.columns > 0 && c.server.session.State().Driver() == c.actor.Label() {
		c.server.session.Resize(size.columns, size.rows)
	}
}

func (c *screen) reply(f frame, err error) {
	f.Kind, f.Failure = answerFrame, failureOf(err)
	_ = c.wire.send(f) // a screen that is gone wants no answer
}

// tellFacts sends every event, from the first on, as they come.
func (c *screen) tellFacts() {
	for from := 0; ; {
		lines, news := c.server.linesFrom(from)
		for len(lines) > 0 {
			n := batch(lines)
			if err := c.wire.send(frame{Kind: factsFrame, Events: lines[:n]}); err != nil {
				return
			}
			lines, from = lines[n:], from+n
		}
		select {
		case <-news:
		case <-c.gone:
			return
		}
	}
}

// batch is how many lines go into one frame.
func batch(lines []json.RawMessage) int {
	const enough = 256 << 10
	size := 0
	for i, line := range lines {
		if size += len(line); size > enough {
			return i + 1
		}
	}
	return len(lines)
}

func (s *Server) linesFrom(from int) ([]json.RawMessage, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines[from:len(s.lines):len(s.lines)], s.news
}
