package local

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"sync"
)

// digest sums up bytes beside whoever writes them down, so that a flood is written as fast as it comes.
type digest struct {
	mutex   sync.Mutex
	changed sync.Cond
	waiting []byte
	closed  bool
	sum     hash.Hash
	summed  chan struct{}
}

// mostWaiting is how many bytes may wait to be summed up before the writer waits too.
const mostWaiting = 256 * 1024

func newDigest() *digest {
	d := &digest{sum: sha256.New(), summed: make(chan struct{})}
	d.changed.L = &d.mutex
	go d.add()
	return d
}

func (d *digest) write(p []byte) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for len(d.waiting) > mostWaiting {
		d.changed.Wait()
	}
	d.waiting = append(d.waiting, p...)
	d.changed.Broadcast()
}

func (d *digest) add() {
	defer close(d.summed)
	var taken []byte
	for {
		if taken = d.take(taken); len(taken) == 0 {
			return
		}
		d.sum.Write(taken)
	}
}

// take waits for bytes and returns all there are; none means that no more will come. It may keep what is spare.
func (d *digest) take(spare []byte) []byte {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for len(d.waiting) == 0 && !d.closed {
		d.changed.Wait()
	}
	taken := d.waiting
	d.waiting = spare[:0]
	d.changed.Broadcast()
	return taken
}

// end is "sha256:…" of all bytes.
func (d *digest) end() string {
	d.mutex.Lock()
	d.closed = true
	d.changed.Broadcast()
	d.mutex.Unlock()
	<-d.summed
	return fmt.Sprintf("sha256:%x", d.sum.Sum(nil))
}
