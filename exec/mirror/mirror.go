// Package mirror keeps a copy of a session's record in another place while the walk goes on.
//
// Its promise: the copy never holds the walk up, not even where its disk hangs; what stands in it holds by itself at any
// moment; and that it cannot be kept is written down once, and once that it can again.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"gatewalk/exec/journal"
	"gatewalk/steps"
)

// Session is a walk whose record is copied. What is said to it is said by the machine.
type Session interface {
	Dir() string
	Facts(from uint64) ([]steps.Event, <-chan struct{})
	State() steps.State
	Do(input steps.Input, seen uint64) error
}

// The times of a copy.
const (
	outputEvery = 5 * time.Second  // how often the output of what runs is copied: it is no fact
	againAfter  = 5 * time.Second  // how long after a failure it is tried again
	longest     = 30 * time.Second // how long the other disk may say nothing before that is a failure
	patience    = 10 * time.Second // how long Close waits for it
)

// Keeping is a copy that is being kept.
//
//	a decision, or time ──▶ Sync ──▶ the copy
//	                         └─ fails, or hangs ──▶ a note, once
type Keeping struct {
	session Session
	place   string // the directory that the copy lies in
	silence time.Duration
	round   func() (seq uint64, err error) // brings the copy up to date
	context context.Context
	cancel  context.CancelFunc
	closing chan struct{}
	done    chan struct{}
	copy    *journal.Mirror

	mu      sync.Mutex
	disk    uint64 // that the place was on when it was seen last
	told    bool   // that it cannot be kept
	problem error
}

// Keep begins to copy a session's record to a directory of its name in a place, and copies until Close.
func Keep(s Session, place string) *Keeping {
	k := newKeeping(s, place)
	go k.follow()
	return k
}

func newKeeping(s Session, place string) *Keeping {
	k := &Keeping{session: s, place: place, silence: longest, closing: make(chan struct{}), done: make(chan struct{})}
	k.round = k.bring
	status, _ := Of(s.Dir())
	if status.Place == place { // as the sitting before left it
		k.told, k.disk = status.Problem != "", status.Disk
	}
	k.context, k.cancel = context.WithCancel(context.Background())
	return k
}

// follow copies what is new, until Close. The last round is for what came just before.
func (k *Keeping) follow() {
	defer close(k.done)
	for last := false; ; {
		state := k.session.State()
		_, news := k.session.Facts(state.Seq())
		err := k.watched()
		if last {
			k.end()
			return
		}
		select {
		case <-news:
		case <-k.closing:
			last = true
		case <-again(err != nil, len(state.Running()) > 0):
		}
	}
}

// again is when the next round is due that nobody asks for; never where nothing would be new.
func again(failed, running bool) <-chan time.Time {
	switch {
	case failed:
		return time.After(againAfter)
	case running:
		return time.After(outputEvery)
	}
	return nil
}

// watched does one round, and says so where it takes suspiciously long.
func (k *Keeping) watched() error {
	said := make(chan struct{})
	slow := time.AfterFunc(k.silence, func() {
		defer close(said)
		k.tell(0, fmt.Errorf("nothing is heard of it for %s", k.silence))
	})
	seq, err := k.round()
	if !slow.Stop() {
		<-said // what is true now is said last
	}
	if k.context.Err() == nil {
		k.tell(seq, err)
	}
	return err
}

// bring brings the copy up to date.
func (k *Keeping) bring() (seq uint64, err error) {
	if err := k.sameDisk(); err != nil {
		k.end()
		return 0, err
	}
	if k.copy == nil {
		dir := k.session.Dir()
		if k.copy, err = journal.OpenMirror(k.context, dir, filepath.Join(k.place, filepath.Base(dir))); err != nil {
			k.copy = nil
			return 0, ofCopy(err)
		}
	}
	copied, err := k.copy.Sync(k.context)
	if err != nil {
		k.end() // what is wrong with it may be mended by opening it anew
	}
	return copied.Seq, ofCopy(err)
}

// ofCopy words what a session's own full disk would mean for the copy's.
func ofCopy(err error) error {
	if errors.Is(err, journal.ErrFull) {
		return errors.New("its disk is full; make room there")
	}
	return err
}

// sameDisk refuses the empty directory that is left where a disk was taken away. The same disk may have another number when it is back,
// and is known by the copy on it.
func (k *Keeping) sameDisk() error {
	var info unix.Stat_t
	if err := unix.Stat(k.place, &info); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.disk != 0 && k.disk != info.Dev {
		if _, err := os.Stat(filepath.Join(k.place, filepath.Base(k.session.Dir()))); err != nil {
			return errors.New("another disk is there now, without the copy")
		}
	}
	k.disk = info.Dev
	return nil
}

func (k *Keeping) end() {
	if k.copy != nil {
		_ = k.copy.Close() // the copy is complete or not by what it says, not by how it was closed
		k.copy = nil
	}
}

// tell notes that the copy cannot be kept, or can again; the same is not said twice.
func (k *Keeping) tell(seq uint64, err error) {
	k.mu.Lock()
	k.problem = err
	changed := (err != nil) != k.told
	k.told = err != nil
	disk := k.disk
	k.mu.Unlock()
	Status{Place: k.place, Disk: disk, Seq: seq, At: time.Now(), Problem: text(err)}.write(k.session.Dir())
	switch {
	case !changed:
	case err != nil:
		k.note(fmt.Sprintf("mirror %s: %v: until it can be reached again, the record is kept here only", k.place, err))
	default:
		k.note(fmt.Sprintf("mirror %s: it is kept again, up to event %d", k.place, seq))
	}
}

// note writes something down. A record that takes no more is not there to be copied either.
func (k *Keeping) note(text string) { _ = k.session.Do(steps.Note{Text: text}, math.MaxUint64) }

// Close brings the copy up to date a last time and lets go of it. It answers what keeps the copy from being complete. Close
// it before the session. A disk that hangs is waited for a while.
func (k *Keeping) Close() error {
	close(k.closing)
	defer k.cancel()
	select {
	case <-k.done:
	case <-time.After(patience):
		k.cancel()
		return fmt.Errorf("mirror %s: it does not answer; the record is complete here", k.place)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.problem != nil {
		return fmt.Errorf("mirror %s: %w: the record is complete here", k.place, k.problem)
	}
	return nil
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
