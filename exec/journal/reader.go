package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gatewalk/steps"
)

const (
	journalFile = "journal.jsonl"
	planFile    = "plan.json"
	sources     = "source"
	attachments = "attachments"
	attempts    = "attempts"
	contexts    = "contexts"
)

// Reader looks at a session without holding it. It never writes.
type Reader struct {
	dir     string
	disk    disk
	witness *witness // nil if nothing is remembered
}

// OpenReadOnly opens a session of this user to look at it, whether or not a process holds it.
func OpenReadOnly(dir string) (*Reader, error) {
	dir = absolute(dir)
	folder, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	return &Reader{dir, folder, openWitness(dir, os.O_RDONLY)}, nil
}

// Dir is the session's directory.
func (r *Reader) Dir() string { return r.dir }

// ID is the session's name.
func (r *Reader) ID() string { return filepath.Base(r.dir) }

// AttemptDir is the directory of an attempt's files. The one who launches it makes it.
func (r *Reader) AttemptDir(attempt uint64) string {
	return filepath.Join(r.dir, attempts, strconv.FormatUint(attempt, 10))
}

// Close lets go of the directory.
func (r *Reader) Close() error {
	r.witness.close()
	return r.disk.close()
}

// Load reads every event and checks it against its sum and its predecessor. Where the journal is damaged it returns the
// events before the damage and a *Damage. An unfinished last line is left out; a writer may just be at it.
func (r *Reader) Load(ctx context.Context) ([]steps.Event, error) {
	events, _, _, err := r.load(ctx)
	return events, err
}

func (r *Reader) load(ctx context.Context) ([]steps.Event, head, ending, error) {
	begin := head{session: r.ID()}
	seq, sum := r.witness.saw() // before the journal, which a writer may make longer meanwhile
	opened, err := r.disk.open(journalFile, os.O_RDONLY)
	if err != nil {
		return nil, begin, ending{}, r.cannotOpen(err)
	}
	defer opened.Close()
	var events []steps.Event
	h, end, err := begin.follow(ctx, opened, func(e steps.Event) { events = append(events, e) })
	if err != nil {
		return events, h, end, h.explain(r.path(journalFile), err)
	}
	return events, h, end, contradicts(r.dir, h, seq, sum)
}

func (r *Reader) cannotOpen(err error) error {
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return &Problem{r.path(journalFile), "there is no journal here", "name another session", fs.ErrNotExist}
	default:
		return &Problem{r.path(journalFile), fmt.Sprintf("cannot be opened (%s)", errno(err)), "resume the session as the user who began it", err}
	}
}

func (r *Reader) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

// Source opens a stored document by the name it was stored under.
func (r *Reader) Source(name string) (io.ReadCloser, error) {
	return r.disk.open(sources+"/"+name, os.O_RDONLY)
}

// Output opens what an attempt has printed so far. Where it printed nothing yet the error is fs.ErrNotExist.
func (r *Reader) Output(attempt uint64) (io.ReadCloser, error) {
	return r.disk.open(outputOf(attempt), os.O_RDONLY)
}

func outputOf(attempt uint64) string {
	return attemptDir(attempt) + "/out"
}

func attemptDir(attempt uint64) string {
	return fmt.Sprintf("%s/%d", attempts, attempt)
}

// Plan reads the stored plan.
func (r *Reader) Plan() ([]byte, error) {
	opened, err := r.disk.open(planFile, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return io.ReadAll(opened)
}

// digestOf is the digest of a file as events spell it.
func (r *Reader) digestOf(name string) (string, error) {
	opened, err := r.disk.open(name, os.O_RDONLY)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, opened); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// lookEvery is how often a reader looks whether another process has written. Notifications by the kernel do not reach
// home directories on network file systems.
const lookEvery = 200 * time.Millisecond

// Watch returns a channel that is closed when the journal is longer than it is now, or ctx is done. Ask for it before
// Load, so that nothing falls between the two.
func (r *Reader) Watch(ctx context.Context) <-chan struct{} {
	news := make(chan struct{})
	size := r.size()
	go func() {
		defer close(news)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for r.size() == size {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return news
}

// size is that of the journal; -1 while it cannot be looked at.
func (r *Reader) size() int64 {
	opened, err := r.disk.open(journalFile, os.O_RDONLY)
	if err != nil {
		return -1
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return -1
	}
	return info.Size()
}
