package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// witness remembers, beside the directory of a session and not in it, which event was acknowledged last. The chain of a
// journal that was put back from an older copy holds; its witness tells that it was longer once.
//
// Nothing is ever synced here, and nothing fails if it cannot be kept: after a power cut it remembers less than there is,
// never more.
type witness struct{ file file }

// witnessDir is a directory beside the sessions. No session has such a name.
const witnessDir = ".heads"

// openWitness opens the witness of a session's directory; nil if there is none and none can be made.
func openWitness(dir string, flag int) *witness {
	heads := filepath.Join(filepath.Dir(dir), witnessDir)
	if err := os.Mkdir(heads, 0o700); flag&os.O_CREATE != 0 && err != nil && !errors.Is(err, fs.ErrExist) {
		return nil
	}
	folder, err := openFolder(heads)
	if err != nil {
		return nil
	}
	defer folder.close()
	opened, err := folder.open(filepath.Base(dir), flag)
	if err != nil {
		return nil
	}
	return &witness{opened}
}

// saw is the last event that it remembers, and the sha256 of its line; 0 if it remembers none.
func (w *witness) saw() (seq uint64, sum string) {
	if w == nil {
		return 0, ""
	}
	if _, err := fmt.Fscanf(io.NewSectionReader(w.file, 0, 100), "%020d %64s\n", &seq, &sum); err != nil {
		return 0, ""
	}
	return seq, sum
}

// see remembers where a journal ends. Its lines are all of one length, so that each covers the one before.
func (w *witness) see(h head) {
	if w != nil {
		_, _ = fmt.Fprintf(io.NewOffsetWriter(w.file, 0), "%020d %64s\n", h.seq, h.prev)
	}
}

// contradicts says what is wrong with a journal that ends with h, given what was seen before it was read.
func contradicts(dir string, h head, seq uint64, sum string) error {
	reason, last := "", h.seq
	switch {
	case seq > h.seq:
		reason = fmt.Sprintf("it ends with event %d, and event %d was acknowledged here", h.seq, seq)
	case seq == h.seq && seq > 0 && sum != h.prev:
		reason, last = fmt.Sprintf("its event %d is not the one that was acknowledged here", seq), seq-1
	default:
		return nil
	}
	reason += fmt.Sprintf(" (%s): an older or another copy was put in its place", filepath.Join(filepath.Dir(dir), witnessDir, filepath.Base(dir)))
	return &Damage{File: filepath.Join(dir, journalFile), Reason: reason, LastGood: last}
}

// forget begins anew, for another session of the same name.
func (w *witness) forget() {
	if w != nil {
		_ = w.file.Truncate(0)
	}
}

func (w *witness) close() {
	if w != nil {
		w.file.Close()
	}
}
