package exectest

import (
	"fmt"
	"strings"
	"sync"
)

// Recorder is a Sink that remembers. It may be asked while output still arrives, and it notices gaps and repetitions.
type Recorder struct {
	mutex   sync.Mutex
	from    int64
	bytes   []byte
	echoes  []bool
	problem string
	changed chan struct{}
}

// NewRecorder expects output from an offset on.
func NewRecorder(from int64) *Recorder {
	return &Recorder{from: from, changed: make(chan struct{})}
}

// Output takes the next bytes.
func (r *Recorder) Output(offset int64, p []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if want := r.from + int64(len(r.bytes)); offset != want && r.problem == "" {
		r.problem = fmt.Sprintf("output came at offset %d, expected %d", offset, want)
	}
	r.bytes = append(r.bytes, p...)
	r.wake()
}

// Echo takes a change of the terminal's echo.
func (r *Recorder) Echo(on bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.echoes = append(r.echoes, on)
	r.wake()
}

// Bytes is what came so far.
func (r *Recorder) Bytes() []byte {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]byte(nil), r.bytes...)
}

// Text is what came so far, with a terminal's line ends made plain.
func (r *Recorder) Text() string {
	return strings.ReplaceAll(string(r.Bytes()), "\r\n", "\n")
}

// Echoes are the changes of echo so far.
func (r *Recorder) Echoes() []bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]bool(nil), r.echoes...)
}

// Problem says in words where output had a gap or came twice; "" is good.
func (r *Recorder) Problem() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.problem
}

// Changed is closed when something more has come than at the time of the call.
func (r *Recorder) Changed() <-chan struct{} {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.changed
}

func (r *Recorder) wake() {
	close(r.changed)
	r.changed = make(chan struct{})
}
