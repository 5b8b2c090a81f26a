package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// stateFile is what a stored journal replayed to when it was written.
const stateFile = "state.txt"

// TestEveryStoredJournalReplays: a record is read for years. Each directory in testdata/journals was written by a version
// of this program, and is never written again: it must hold, and replay to the state that is stored beside it.
// A journal that is added, by copying a session there, has no such file yet: the test then says what to put in it.
func TestEveryStoredJournalReplays(t *testing.T) {
	stored, err := filepath.Glob("testdata/journals/*/journal.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, stored)
	for _, file := range stored {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			dir := filepath.Dir(file)
			record := filepath.Join(t.TempDir(), filepath.Base(dir))
			require.NoError(t, os.CopyFS(record, os.DirFS(dir)))
			require.NoError(t, os.Chmod(record, 0o700))
			report, err := journal.Verify(record)
			require.NoError(t, err)
			require.Empty(t, report.Problems)

			reader, err := journal.OpenReadOnly(record)
			require.NoError(t, err)
			defer reader.Close()
			events, err := reader.Load(context.Background())
			require.NoError(t, err)
			plan, err := session.StoredPlan(reader, events)
			require.NoError(t, err)
			want, err := os.ReadFile(filepath.Join(dir, stateFile))
			have := pictureOf(steps.Replay(plan, events), events)
			require.NoError(t, err, "write it: %s", have)
			require.Equal(t, string(want), have)
		})
	}
}

// pictureOf is a state in words: what stands where, what ran and how it ended, and what it left.
func pictureOf(s steps.State, events []steps.Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "event %d of epoch %d, opened on %s\n", s.Seq(), s.Epoch(), s.Opened().Machine)
	if closed := s.Closed(); closed != nil {
		fmt.Fprintf(&b, "closed: %s %s\n", closed.Outcome, closed.Reason)
	}
	place, trouble := s.Trouble()
	fmt.Fprintf(&b, "driver %q, trouble %t %q, debts %d, secrets %v\n", s.Driver(), trouble, s.Name(place), len(s.Debts()), s.Committed())
	for _, line := range s.Outline() {
		fmt.Fprintf(&b, "%s: %s\n", s.Name(line.Place), s.Spot(line.Place).Status)
	}
	contexts := map[string]bool{}
	for _, e := range events {
		a := s.Attempt(e.Seq)
		if a == nil {
			continue
		}
		fmt.Fprintf(&b, "attempt %d on %s as %s: %s\n", a.ID, a.Started.Host, a.Started.User, a.Started.Digest)
		if a.End != nil {
			fmt.Fprintf(&b, "  exit %d, %s\n", a.End.Code, a.End.Output)
		}
		contexts[a.Started.Host+" "+a.Started.User] = true
	}
	for _, key := range slices.Sorted(maps.Keys(contexts)) {
		host, user, _ := strings.Cut(key, " ")
		c := s.Context(host, user)
		fmt.Fprintf(&b, "context of %s: %s\n", key, c.Digest)
		for _, name := range slices.Sorted(maps.Keys(c.Table)) {
			fmt.Fprintf(&b, "  %s=%q %s\n", name, c.Table[name].Value, c.Table[name].Commitment)
		}
	}
	return b.String()
}
