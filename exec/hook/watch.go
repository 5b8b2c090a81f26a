package hook

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"gatewalk/steps"
)

// Session is a walk as hooks see it. What is said to it is said by the machine.
type Session interface {
	Facts(from uint64) ([]steps.Event, <-chan struct{})
	State() steps.State
	Do(input steps.Input, seen uint64) error
}

// backlog is how many facts a hook may be behind.
const backlog = 64

// Runner tells hooks of the facts of one sitting.
//
//	facts -> observe -> a queue for each hook -> run, one after another
//	                 -> a timer for each command that says how long it takes -> a note that it is overdue, which is a fact
type Runner struct {
	session Session
	hooks   []*queue
	state   steps.State
	timers  map[uint64]*time.Timer

	context context.Context
	cancel  context.CancelFunc
	closing chan struct{}
	done    chan struct{}
	workers sync.WaitGroup

	mu     sync.Mutex
	unsaid error // failures that the record did not take
}

// queue is a hook and what it has yet to be told.
type queue struct {
	Hook
	waiting chan []byte
	behind  bool
}

// Watch begins to tell hooks of what happens from the beginning of this sitting on. What an earlier sitting saw, it has told.
func Watch(s Session, hooks []Hook) *Runner {
	r := &Runner{session: s, timers: map[uint64]*time.Timer{}, closing: make(chan struct{}), done: make(chan struct{})}
	r.context, r.cancel = context.WithCancel(context.Background())
	for _, h := range hooks {
		q := &queue{Hook: h, waiting: make(chan []byte, backlog)}
		r.hooks = append(r.hooks, q)
		r.workers.Go(func() { r.work(q) })
	}
	now := s.State()
	events, _ := s.Facts(0)
	r.state = steps.Replay(now.Plan(), events[:now.Sitting()])
	for _, id := range r.state.Running() {
		r.expect(r.state.Attempt(id))
	}
	go r.follow()
	return r
}

// follow observes until Close.
func (r *Runner) follow() {
	defer close(r.done)
	for {
		events, news := r.session.Facts(r.state.Seq())
		r.observe(events)
		select {
		case <-news:
		case <-r.closing:
			events, _ := r.session.Facts(r.state.Seq())
			r.observe(events)
			return
		}
	}
}

// observe takes in what has become true. It waits for nobody.
func (r *Runner) observe(events []steps.Event) {
	for _, e := range events {
		before := r.state
		r.state = steps.Apply(r.state, e)
		for _, m := range moments(before, r.state, e) {
			r.tell(m)
		}
		r.clock(e)
	}
}

// tell queues a moment for every hook that hears of it, once.
func (r *Runner) tell(m moment) {
	for _, q := range r.hooks {
		heard := slices.IndexFunc(m.on, q.hears)
		if heard < 0 {
			continue
		}
		select {
		case q.waiting <- m.message(r.state, q.Name, m.on[heard]):
			q.behind = false
		default:
			if !q.behind {
				q.behind = true
				r.failed(q.Hook, fmt.Errorf("it is %d facts behind, and is not told of more until it has caught up", backlog))
			}
		}
	}
}

// work runs one hook, fact by fact.
func (r *Runner) work(q *queue) {
	left := 0
	for message := range q.waiting {
		if r.context.Err() != nil {
			left++
			continue
		}
		if err := q.run(r.context, message); err != nil {
			r.failed(q.Hook, err)
		}
	}
	if left > 0 {
		r.failed(q.Hook, fmt.Errorf("the session was let go of before it was told of %d more", left))
	}
}

// failed writes down that a hook failed. Beside the walk: the record may be busy.
func (r *Runner) failed(h Hook, err error) {
	text := fmt.Sprintf("hook %s: %v", h.Name, err)
	r.workers.Go(func() {
		if r.session.Do(steps.Note{Text: text}, math.MaxUint64) == nil {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.unsaid = errors.Join(r.unsaid, errors.New(text))
	})
}

// clock sets and stops the timers of what begins and ends.
func (r *Runner) clock(e steps.Event) {
	for _, fact := range e.Facts {
		if _, ok := fact.(steps.Started); ok {
			r.expect(r.state.Attempt(e.Seq))
		}
	}
	for id, timer := range r.timers {
		if !slices.Contains(r.state.Running(), id) {
			timer.Stop()
			delete(r.timers, id)
		}
	}
}

// expect has it noted when an attempt is overdue, unless that was noted before.
func (r *Runner) expect(a *steps.Attempt) {
	within := limit(r.state, a)
	listens := slices.ContainsFunc(r.hooks, func(q *queue) bool { return q.hears(Overdue) })
	place, text := a.Started.Place.Outside(), overdueText(a, within)
	noted := slices.ContainsFunc(r.state.Spot(place).Notes, func(n steps.Written) bool { return n.Text == text })
	if within == 0 || !listens || noted {
		return
	}
	r.timers[a.ID] = time.AfterFunc(time.Until(a.At.Add(within)), func() {
		// Where it has ended meanwhile, the note stands, and no hook is told.
		_ = r.session.Do(steps.Note{Place: &place, Text: text}, math.MaxUint64)
	})
}

// Close tells what there is still to tell, for no longer than one hook may take, and answers the failures that the record
// no longer took. Close it before the session.
func (r *Runner) Close() error {
	close(r.closing)
	<-r.done
	patience := time.Duration(0)
	for _, timer := range r.timers {
		timer.Stop()
	}
	for _, q := range r.hooks {
		close(q.waiting)
		patience = max(patience, q.Timeout)
	}
	kill := time.AfterFunc(patience, r.cancel)
	r.workers.Wait()
	kill.Stop()
	r.cancel()
	return r.unsaid
}
