package local

import "sync"

// gather stands between who reads the terminal and who records, so that the command need not wait while its output is redacted and
// written, and so that a flood is recorded in large portions.
type gather struct {
	mutex   sync.Mutex
	changed sync.Cond
	bytes   []byte
	closed  bool
}

// mostGathered is how many bytes may wait. A command that prints faster than the disk takes it waits, as on a slow terminal.
const mostGathered = 256 * 1024

func newGather() *gather {
	g := &gather{}
	g.changed.L = &g.mutex
	return g
}

// put copies bytes in, and waits while there are too many.
func (g *gather) put(p []byte) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for len(g.bytes) > mostGathered {
		g.changed.Wait()
	}
	g.bytes = append(g.bytes, p...)
	g.changed.Broadcast()
}

// close says that nothing more will come.
func (g *gather) close() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.closed = true
	g.changed.Broadcast()
}

// take waits for bytes and returns all there are; nothing means that nothing more will come. Spare is room that take may keep.
func (g *gather) take(spare []byte) []byte {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for len(g.bytes) == 0 && !g.closed {
		g.changed.Wait()
	}
	taken := g.bytes
	g.bytes = spare[:0]
	g.changed.Broadcast()
	return taken
}
