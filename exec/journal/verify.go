package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"gatewalk/steps"
)

// Report is what a check of a session found.
type Report struct {
	Session  string
	Lines    int       // that hold
	First    time.Time // of the first line's clock
	Last     time.Time
	Sum      string  // sha256 of the last line that holds: it stands for all lines
	Files    int     // compared with the digest in the journal
	Problems []error // each says its place, what is wrong and what to do
}

// Holds says whether the record is whole: every line follows its predecessor, every file has the digest that a line gives.
func (r Report) Holds() bool { return len(r.Problems) == 0 }

// Verify checks the record of a session, whoever it belongs to and whoever holds it. It writes nothing. The error is why
// nothing could be checked at all; what a check found wrong is in the report.
func Verify(dir string) (Report, error) {
	dir = absolute(dir)
	folder, err := openAnyFolder(dir)
	if err != nil {
		return Report{}, err
	}
	r := &Reader{dir, folder, openWitness(dir, os.O_RDONLY)}
	defer r.Close()
	names, unlisted := folder.names(attempts)
	events, h, end, err := r.load(context.Background())
	if err != nil && !wrongWithin(err) {
		return Report{}, err
	}
	check := verification{r, Report{Session: r.ID(), Lines: len(events), Sum: h.prev}}
	check.problem(err)
	check.problem(unlisted)
	check.ending(h, end)
	check.clocks(events)
	if err == nil { // after a damage, what the lost lines started is no news
		check.orphans(r.unknown(names, events), h.seq)
	}
	for _, e := range events {
		check.event(e)
	}
	return check.report, nil
}

// wrongWithin says whether an error is about what a journal says, not about getting at it.
func wrongWithin(err error) bool {
	var damage *Damage
	return errors.As(err, &damage) || errors.Is(err, ErrVersion) || errors.Is(err, ErrOtherSession)
}

// verification collects what it finds in a report.
type verification struct {
	*Reader
	report Report
}

func (v *verification) problem(err error) {
	if err != nil {
		v.report.Problems = append(v.report.Problems, err)
	}
}

func (v *verification) ending(h head, end ending) {
	if end.dropped > 0 {
		place := fmt.Sprintf("%s:%d", v.path(journalFile), h.seq+1)
		v.problem(&Problem{place, fmt.Sprintf("%d bytes of an unfinished line, which was never acknowledged", end.dropped), "resume the session, which drops them and says so", nil})
	}
}

func (v *verification) clocks(events []steps.Event) {
	if len(events) > 0 {
		v.report.First, v.report.Last = events[0].At, events[len(events)-1].At
	}
}

func (v *verification) orphans(dirs []string, last uint64) {
	for _, dir := range dirs {
		v.problem(orphaned(dir, last))
	}
}

// event compares the files that an event speaks of. A digest that is empty, as that of a link is, speaks of none.
func (v *verification) event(e steps.Event) {
	for _, f := range e.Facts {
		switch f := f.(type) {
		case steps.Opened:
			v.file(e.Seq, planFile, f.Plan, 0)
			for _, name := range slices.Sorted(maps.Keys(f.Sources)) {
				v.file(e.Seq, sources+"/"+name, f.Sources[name], 0)
			}
		case steps.Attached:
			v.file(e.Seq, attachments+"/"+f.Stored, f.Digest, f.Bytes)
		case steps.Finished:
			v.file(e.Seq, outputOf(f.Attempt), f.Output, f.Bytes)
		}
	}
}

// file compares one file with what line seq says of it.
func (v *verification) file(seq uint64, name, want string, size int64) {
	if want == "" {
		return
	}
	v.report.Files++
	have, err := v.digestOf(name)
	var problem *Problem
	switch {
	case err == nil && have == want:
	case err == nil:
		v.problem(&Problem{v.path(name), fmt.Sprintf("is not what line %d recorded (%s, recorded %s)", seq, have, want), "it was changed afterwards: look for an untouched copy", nil})
	case errors.Is(err, fs.ErrNotExist) && size == 0 && want == emptyDigest:
	case errors.Is(err, fs.ErrNotExist):
		v.problem(&Problem{v.path(name), fmt.Sprintf("is missing, and line %d recorded it", seq), "look for it where this directory was copied from", err})
	case errors.As(err, &problem):
		v.problem(err)
	default:
		v.problem(&Problem{v.path(name), fmt.Sprintf("cannot be read (%s), so that line %d cannot be checked", errno(err), seq), "check it as the user who owns the session", err})
	}
}

var emptyDigest = "sha256:" + digest(nil)
