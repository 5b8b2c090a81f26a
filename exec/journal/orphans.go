package journal

import (
	"regexp"
	"strconv"

	"gatewalk/steps"
)

var digits = regexp.MustCompile(`^[0-9]+$`)

// Orphans names the directories of attempts that the events did not start. Nothing is started that is not written down
// first, so each of them stands for a line that has been lost.
func (r *Reader) Orphans(events []steps.Event) ([]string, error) {
	names, err := r.disk.names(attempts)
	if err != nil {
		return nil, err
	}
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
		if digits.MatchString(name) && !started[name] {
			orphans = append(orphans, r.path(attempts+"/"+name))
		}
	}
	return orphans, nil
}

func (r *Reader) checkAttempts(events []steps.Event, last uint64) error {
	orphans, err := r.Orphans(events)
	if err != nil {
		return err
	}
	if len(orphans) > 0 {
		return orphaned(orphans[0], last)
	}
	return nil
}

func orphaned(dir string, last uint64) *Damage {
	return &Damage{File: dir, Reason: "an attempt was started that the journal does not know", LastGood: last}
}
