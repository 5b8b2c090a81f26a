package journal

import (
	"context"
	"strconv"

	"gatewalk/runbook/doc"
	"gatewalk/steps"
)

var digits = doc.Pattern(`^[0-9]+$`)

// Orphans names the directories of attempts that no event started. Nothing is started that is not written down first, so
// each of them stands for a line that has been lost. Where the journal is damaged, the events before the damage count.
func (r *Reader) Orphans(ctx context.Context) ([]string, error) {
	// The names first: an attempt that a live session starts meanwhile is in the events then.
	names, err := r.disk.names(attempts)
	if err != nil {
		return nil, err
	}
	events, err := r.Load(ctx)
	if err != nil && !wrongWithin(err) {
		return nil, err
	}
	return r.unknown(names, events), nil
}

// unknown are those of the names of attempts that the events did not start.
func (r *Reader) unknown(names []string, events []steps.Event) []string {
	started := map[string]bool{}
	for _, e := range events {
		for _, f := range e.Facts {
			if _, ok := f.(steps.Started); ok {
				started[strconv.FormatUint(e.Seq, 10)] = true
			}
		}
	}
	var orphans []string
	for _, name := range names {
		if digits().MatchString(name) && !started[name] {
			orphans = append(orphans, r.path(attempts+"/"+name))
		}
	}
	return orphans
}

func orphaned(dir string, last uint64) *Damage {
	return &Damage{File: dir, Reason: "an attempt was started that the journal does not know", LastGood: last}
}
