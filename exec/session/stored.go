package session

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"gatewalk/exec/journal"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// Stored is what a session walks, as it was stored when it began.
type Stored struct {
	Plan      *runbook.Plan
	Source    []byte
	Documents []Document // what the plan was made from beside its source
}

// StoredIn reads what a session walks, also where its journal is damaged. Each document must be the one its opening names.
func StoredIn(dir string) (Stored, error) {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return Stored{}, err
	}
	defer reader.Close()
	events, _, damage := reader.Inspect(context.Background())
	if len(events) == 0 {
		return Stored{}, damage
	}
	var s Stored
	if s.Plan, err = StoredPlan(reader, events); err != nil {
		return Stored{}, err
	}
	documents := events[0].Facts[0].(steps.Opened).Sources
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		text, err := document(reader, name, documents[name])
		switch {
		case err != nil:
			return Stored{}, err
		case name == journal.SourceName(s.Plan.Source):
			s.Source = text
		default:
			s.Documents = append(s.Documents, Document{Name: name, Source: text})
		}
	}
	return s, nil
}

func document(reader *journal.Reader, name, digest string) ([]byte, error) {
	file, err := reader.Source(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	if steps.Digest(text) != digest {
		return nil, fmt.Errorf("%s/source/%s: it is not the document that this session began with; give that one with --revised", reader.Dir(), name)
	}
	return text, nil
}
