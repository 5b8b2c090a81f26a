package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// inspected is a session as it can be read without holding it.
type inspected struct {
	state  steps.State
	damage *journal.Damage // nil if it could be taken up
	lost   []steps.Lost    // of a damaged one: the attempts it knows no end of
}

// inspect reads a session. Of a damaged one it finds what the lost lines may have started.
func inspect(dir string) (inspected, error) {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return inspected{}, err
	}
	defer reader.Close()
	events, orphans, err := reader.Inspect(context.Background())
	var found inspected
	if err != nil && (!errors.As(err, &found.damage) || len(events) == 0) {
		return found, err
	}
	if len(events) == 0 {
		return found, fmt.Errorf("%s: it was never opened; nothing was done in it", dir)
	}
	plan, err := StoredPlan(reader, events)
	if err != nil {
		return found, err
	}
	found.state = steps.Replay(plan, events)
	if found.damage != nil {
		found.lost = lost(reader, found.state, *found.damage, orphans)
	}
	return found, nil
}

// lost are the attempts that a damaged record knows no end of, oldest first. Where the record ends early and nothing in it
// was changed, whatever was acknowledged after that may have left no trace at all.
func lost(reader *journal.Reader, state steps.State, damage journal.Damage, orphans []uint64) []steps.Lost {
	var lost []steps.Lost
	numbers := append(state.Doubtful(), orphans...)
	slices.Sort(numbers)
	for _, number := range slices.Compact(numbers) {
		lost = append(lost, remains(reader, state, number))
	}
	if damage.Traceless() {
		lost = append(lost, steps.Lost{Evidence: "the damaged record of session " + reader.ID() + " has lost what came after event " + fmt.Sprint(damage.LastGood) + ", and what ran then: " + damage.Reason})
	}
	return lost
}

// remains is an attempt as its files claim it was, and as far as the record holds.
func remains(reader *journal.Reader, state steps.State, number uint64) steps.Lost {
	left := reader.Remains(number)
	found := steps.Lost{Attempt: number, Evidence: fmt.Sprintf("attempt %d of the damaged record of session %s: %s", number, reader.ID(), evidence(left))}
	var launched struct {
		Host, User string
		Commands   []string
	}
	if json.Unmarshal(left.Command, &launched) == nil {
		found.Host, found.User, found.Commands = launched.Host, launched.User, launched.Commands
	}
	if !left.Began.IsZero() {
		found.Began = left.Began.UTC().Format(time.RFC3339)
	}
	if a := state.Attempt(number); a != nil {
		found.Host, found.User, found.Commands, found.Began = a.Started.Host, a.Started.User, a.Started.Commands, a.At.UTC().Format(time.RFC3339)
	}
	return found
}

// evidence says in words what is left of an attempt.
func evidence(left journal.Remains) string {
	const clock = "2006-01-02 15:04:05 UTC"
	words := []string{"nothing tells when it began"}
	if !left.Began.IsZero() {
		words[0] = "it began at " + left.Began.UTC().Format(clock)
	}
	if left.Bytes > 0 {
		words = append(words, fmt.Sprintf("it printed %d bytes, the last at %s", left.Bytes, left.Printed.UTC().Format(clock)))
	} else {
		words = append(words, "nothing that it printed is left")
	}
	words = append(words, claimedEnd(left.End))
	if last := lastLine(left.Last); last != "" {
		words = append(words, fmt.Sprintf("its last line was %q", last))
	}
	return strings.Join(words, "; ")
}

func claimedEnd(file []byte) string {
	var end struct{ Code *int }
	switch err := json.Unmarshal(file, &end); {
	case file == nil:
		return "it left no end"
	case err != nil || end.Code == nil:
		return "its file of the end cannot be read"
	}
	return fmt.Sprintf("its file claims that it ended with code %d", *end.Code)
}

func lastLine(output []byte) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return safe.Of(strings.TrimSpace(lines[len(lines)-1])).Plain()
}
