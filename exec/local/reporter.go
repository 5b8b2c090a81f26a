package local

import (
	"time"

	"golang.org/x/sys/unix"
)

// reporter tells the process that started the shim what is new, and never waits for it: that process may be busy, stopped or dead.
type reporter struct {
	descriptor int
	news       chan struct{}
}

func newReporter(descriptor int) *reporter {
	_ = unix.SetNonblock(descriptor, true)
	r := &reporter{descriptor: descriptor, news: make(chan struct{}, 1)}
	go r.report()
	return r
}

// tell says whether the word got through. Where the pipe is full, news are waiting there already.
func (r *reporter) tell(word byte) bool {
	_, err := unix.Write(r.descriptor, []byte{word})
	return err == nil
}

func (r *reporter) refuse(reason error) {
	_, _ = unix.Write(r.descriptor, []byte(string(rune(toldRefused))+reason.Error()))
}

// printed tells of output, soon.
func (r *reporter) printed() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// report tells of the first output at once and of a flood now and then: to be woken for every line would slow down both sides.
func (r *reporter) report() {
	const breath = 5 * time.Millisecond
	for range r.news {
		r.tell(toldNews)
		time.Sleep(breath)
	}
}
