package keeper

import (
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// Client is a screen's end of the socket: the Session of the screen and of the plain walk. It is safe for concurrent use.
type Client struct {
	dir    string
	conn   *net.UnixConn
	wire   *wire
	status Status
	label  string
	plan   *runbook.Plan

	mu      sync.Mutex
	events  []steps.Event
	news    chan struct{} // closed by the next event
	request uint64
	waiting map[uint64]chan frame    // for answers
	later   map[uint64]chan struct{} // for more than was answered
	silent  map[uint64]silence       // attempts of which there was no more
	lost    chan struct{}            // closed when the connection has ended
	why     error                    // it did
}

// silence is an offset behind which an attempt had printed nothing yet, and what is closed when it has.
type silence struct {
	offset int64
	news   <-chan struct{}
}

// ErrLost says that the connection to the keeper has ended. Whether what was said last was written down shows when the session is
// resumed.
var ErrLost = errors.New("the keeper of this session is gone; what runs goes on, and gatewalk resume starts another one")

// Dir is the session's directory.
func (c *Client) Dir() string { return c.dir }

// ID is the session's name.
func (c *Client) ID() string { return filepath.Base(c.dir) }

// Status is who keeps the session, as it was when this screen attached.
func (c *Client) Status() Status { return c.status }

// Label is this screen as the others see it, and as the facts name who drives.
func (c *Client) Label() string { return c.label }

// Plan is what is walked.
func (c *Client) Plan() *runbook.Plan { return c.plan }

// Lost is closed when the connection has ended.
func (c *Client) Lost() <-chan struct{} { return c.lost }

// Err is why the connection has ended, nil while it has not.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.why
}

// Drop lets the connection end as it does when a screen is killed.
func (c *Client) Drop() error { return c.conn.Close() }

// Close leaves: the keeper goes on, and if this screen drove nobody does.
func (c *Client) Close() error {
	_ = c.conn.SetWriteDeadline(time.Now().Add(time.Second))
	_ = c.wire.send(frame{Kind: leaveFrame}) // a keeper that is gone, or does not listen, finds out by itself
	return c.conn.Close()
}

// Do is the Session's. It answers once the facts are on disk and here.
func (c *Client) Do(input steps.Input, seen uint64) error { return c.say(input, seen, "") }

// ByFile is the session as a file speaks to it. The record says so.
func (c *Client) ByFile(name string) *Voice { return &Voice{c, name} }

// Voice is a client through which a file speaks.
type Voice struct {
	*Client
	file string
}

// Do says an input for the file.
func (v *Voice) Do(input steps.Input, seen uint64) error { return v.say(input, seen, v.file) }

func (c *Client) say(input steps.Input, seen uint64, file string) error {
	input, err := located(input)
	if err != nil {
		return err
	}
	raw, err := steps.MarshalInput(input)
	if err != nil {
		return err
	}
	answer, err := c.ask(frame{Kind: doFrame, Input: raw, Seen: seen, File: file})
	if err != nil {
		return err
	}
	return c.await(answer.Head)
}

// located names an attached file as the keeper finds it, which has another working directory.
func located(input steps.Input) (steps.Input, error) {
	attach, ok := input.(steps.Attach)
	if !ok || strings.Contains(attach.Source, "://") {
		return input, nil
	}
	path, err := filepath.Abs(attach.Source)
	attach.Source = path
	return attach, err
}

// await waits until the events up to a number are here.
func (c *Client) await(head uint64) error {
	for {
		c.mu.Lock()
		have, news := uint64(len(c.events)), c.news
		c.mu.Unlock()
		if have >= head {
			return nil
		}
		select {
		case <-news:
		case <-c.lost:
			return c.why
		}
	}
}

// Facts is the Session's.
func (c *Client) Facts(from uint64) ([]steps.Event, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	from = min(from, uint64(len(c.events)))
	return c.events[from:len(c.events):len(c.events)], c.news
}

// ready is a channel that never waits.
var ready = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// Output is the Session's. While an attempt is silent the keeper is asked once, and tells when that has changed.
func (c *Client) Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error) {
	if news := c.stillSilent(attempt, offset); news != nil {
		return nil, news, nil
	}
	answer, news, err := c.askMore(frame{Kind: outputFrame, Attempt: attempt, Offset: offset})
	if err != nil || answer.On {
		return answer.body, ready, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent[attempt] = silence{offset, news}
	return nil, news, nil
}

func (c *Client) stillSilent(attempt uint64, offset int64) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	quiet, ok := c.silent[attempt]
	if !ok || quiet.offset != offset {
		return nil
	}
	select {
	case <-quiet.news:
		delete(c.silent, attempt)
		return nil
	default:
		return quiet.news
	}
}

// Type is the Session's. Only who drives may type.
func (c *Client) Type(attempt uint64, keys []byte) error {
	_, err := c.ask(frame{Kind: typeFrame, Attempt: attempt, body: keys})
	return err
}

// Echo is the Session's. Of an attempt that cannot be asked any more it is true.
func (c *Client) Echo(attempt uint64) bool {
	answer, err := c.ask(frame{Kind: echoFrame, Attempt: attempt})
	return err != nil || answer.On
}

// Resize is the Session's. Commands have the size of the screen that drives.
func (c *Client) Resize(columns, rows int) {
	// Without a keeper there is nothing that could be resized.
	_, _ = c.ask(frame{Kind: resizeFrame, Columns: columns, Rows: rows})
}

// ask sends a request and waits for its answer.
func (c *Client) ask(f frame) (frame, error) {
	answer, _, err := c.askMore(f)
	return answer, err
}

// askMore is ask; the channel is closed when the keeper has more to this request than it answered.
func (c *Client) askMore(f frame) (frame, <-chan struct{}, error) {
	answers, more := make(chan frame, 1), make(chan struct{})
	c.mu.Lock()
	c.request++
	f.ID = c.request
	c.waiting[f.ID] = answers
	if f.Kind == outputFrame {
		c.later[f.ID] = more
	}
	c.mu.Unlock()
	if err := c.wire.send(f); err != nil {
		return frame{}, ready, fmt.Errorf("%w (%w)", ErrLost, err)
	}
	select {
	case answer := <-answers:
		return answer, more, answer.Failure.error()
	case <-c.lost:
		return frame{}, ready, c.why
	}
}

// receive takes in what comes until the connection ends.
func (c *Client) receive() {
	for {
		f, err := c.wire.receive()
		if err == nil {
			err = c.take(f)
		}
		if err != nil {
			c.lose(err)
			return
		}
	}
}

func (c *Client) take(f frame) error {
	events, err := unmarshalEvents(f)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch f.Kind {
	case factsFrame:
		c.events = append(c.events, events...)
		close(c.news)
		c.news = make(chan struct{})
	case answerFrame:
		c.answered(f)
	case moreFrame:
		if news, ok := c.later[f.ID]; ok {
			close(news)
			delete(c.later, f.ID)
		}
	default:
		return fmt.Errorf("%q came, which no keeper says to a screen that is attached", f.Kind)
	}
	return nil
}

func (c *Client) answered(f frame) {
	if f.On || f.Failure != nil {
		delete(c.later, f.ID) // there will be no more to it
	}
	if answers, ok := c.waiting[f.ID]; ok {
		answers <- f
		delete(c.waiting, f.ID)
	}
}

func unmarshalEvents(f frame) ([]steps.Event, error) {
	var events []steps.Event
	for _, raw := range f.Events {
		e, err := unmarshalEvent(raw)
		if err != nil {
			return nil, fmt.Errorf("an event of this session is not understood (%w); attach with the gatewalk that keeps it", err)
		}
		events = append(events, e)
	}
	return events, nil
}

// lose wakes everybody who waits: nothing comes any more.
func (c *Client) lose(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.why = ErrLost
	if !errors.Is(err, io.EOF) {
		c.why = fmt.Errorf("%w (%w)", ErrLost, err)
	}
	close(c.lost)
	for _, news := range c.later {
		close(news)
	}
	clear(c.later)
}
