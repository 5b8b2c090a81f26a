package session

import (
	"context"
	"fmt"
	"io"
	"strings"

	"gatewalk/exec/journal"
	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// Summary says in one line what a session walks, where it stands and since when, what runs, who drives, and how it is held.
func Summary(entry journal.Entry, held string) string {
	if entry.Err != nil {
		return safe.Of(entry.Err.Error()).Plain()
	}
	state, err := stateOf(entry.Dir)
	if err != nil {
		return safe.Of(err.Error()).Plain()
	}
	words := []string{state.Plan().Title, standing(state)}
	if state.Opened().Simulated {
		words = append(words, "simulated")
	}
	if driver := state.Driver(); driver != "" && state.Closed() == nil && entry.Holder != nil {
		words = append(words, driver+" drives")
	}
	if held != "" {
		words = append(words, held)
	} else if state.Closed() == nil {
		words = append(words, "nobody holds it")
	}
	return safe.Of(strings.Join(words, "; ")).Plain()
}

func stateOf(dir string) (steps.State, error) {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return steps.State{}, err
	}
	defer reader.Close()
	plan, events, err := Load(reader)
	if plan == nil {
		return steps.State{}, err
	}
	return steps.Replay(plan, events), err
}

// Load reads what a session walks and what became true in it. Where the journal is damaged it answers what holds before
// the damage, and the *journal.Damage.
func Load(reader *journal.Reader) (*runbook.Plan, []steps.Event, error) {
	events, damage := reader.Load(context.Background())
	if damage != nil && len(events) == 0 {
		return nil, nil, damage
	}
	if len(events) == 0 {
		return nil, nil, fmt.Errorf("%s: it was never opened; nothing was done in it", reader.Dir())
	}
	plan, err := StoredPlan(reader, events)
	if err != nil {
		return nil, nil, err
	}
	return plan, events, damage
}

// standing is where a walk stands: closed, running something, or at the next place.
func standing(state steps.State) string {
	running := state.Running()
	if closed := state.Closed(); closed != nil {
		return closed.Outcome
	}
	if moved := state.Moved(); moved != nil {
		return "moved to " + moved.To
	}
	place, open := state.Next()
	if trouble, ok := state.Trouble(); ok {
		place = trouble
	}
	if len(running) > 0 {
		place = state.Attempt(running[0]).Started.Place.Outside()
	} else if !open {
		return "everything is settled"
	}
	words := fmt.Sprintf("%s at %s", status(state.Spot(place)), state.Name(place))
	if since := state.Spot(place).Since; !since.IsZero() {
		words += since.Local().Format(" since Jan 2 15:04")
	}
	if len(running) > 1 {
		words += fmt.Sprintf(", %d running in all", len(running))
	}
	return words
}

// status is how a place stands, in the words of who has to come and see: at which gate it waits.
func status(spot steps.Spot) string {
	if spot.Status == steps.StatusWaiting && spot.Gate != nil {
		return fmt.Sprintf("waiting at its %s gate", spot.Gate.Gate)
	}
	return string(spot.Status)
}

// Log writes what a session's commands printed, oldest first, made safe to show; of one step only, if its path or line is given.
// With follow it goes on until the session is closed or ctx is done.
func Log(ctx context.Context, w io.Writer, reader *journal.Reader, step string, follow bool) error {
	l := logger{w: w, reader: reader, step: step, shown: map[uint64]*shown{}}
	news := reader.Watch(ctx)
	for {
		plan, events, damage := Load(reader)
		if plan == nil {
			return damage
		}
		state := steps.Replay(plan, events)
		if err := l.show(state, events); err != nil {
			return err
		}
		if damage != nil {
			return damage
		}
		if !follow || state.Closed() != nil || ctx.Err() != nil {
			return l.missed()
		}
		if l.wait(ctx, news, len(state.Running()) > 0) {
			news = reader.Watch(ctx)
		}
	}
}
