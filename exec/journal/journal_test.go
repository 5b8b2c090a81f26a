package journal

import (
	"context"
	"encoding/json"
	"errors"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/steps"
)

func TestWhatWasAppendedIsThereAfterReopening(t *testing.T) {
	events := walk(20)
	dir := closedSession(t, events)

	j := reopen(t, dir)
	require.Equal(t, events, load(t, j))
	require.Equal(t, events, load(t, j), "the second load reads the disk")
	seq, epoch := j.Head()
	require.Equal(t, [2]uint64{20, 1}, [2]uint64{seq, epoch})

	appendAll(t, j, []steps.Event{note(21)})
	require.Equal(t, walk(21), load(t, j))
}

func TestAnAppendMustKnowWhereTheJournalEnds(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(3))
	newer := note(4)
	newer.Epoch = 2
	older := note(5)

	ctx := context.Background()
	require.ErrorIs(t, j.Append(ctx, 2, 1, note(3)), ErrMoved, "the head is 3")
	require.ErrorIs(t, j.Append(ctx, 4, 1, note(5)), ErrMoved, "the head is not yet 4")
	require.ErrorContains(t, j.Append(ctx, 3, 1, note(5)), "event 5 of epoch 1 cannot be appended as event 4")
	require.NoError(t, j.Append(ctx, 3, 2, newer), "a new epoch begins")
	require.ErrorIs(t, j.Append(ctx, 4, 1, older), ErrMoved, "a console that slept through the new epoch is fenced")
	require.Len(t, load(t, j), 4, "what was refused is not there")
}

func TestASessionBeginsWithItsOwnOpening(t *testing.T) {
	j := newSession(t)
	require.ErrorContains(t, j.Append(context.Background(), 0, 1, note(1)), "must be the opening of session rollout-1")
	require.ErrorContains(t, j.Append(context.Background(), 0, 1, opening("another")), "must be the opening of session rollout-1")
	appendAll(t, j, walk(1))
}

func TestACancelledAppendWritesNothing(t *testing.T) {
	j := newSession(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, j.Append(ctx, 0, 1, opening(session)), context.Canceled)
	require.Empty(t, load(t, j))
}

func TestAClosedJournalTakesNothing(t *testing.T) {
	j := newSession(t)
	news := j.Watch(context.Background())
	require.NoError(t, j.Close())
	require.NoError(t, j.Close(), "closing twice is closing once")
	soon(t, news)
	require.ErrorIs(t, j.Append(context.Background(), 0, 1, opening(session)), ErrDead)
}

func TestWatchersHearOfNews(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(1))
	r, err := OpenReadOnly(j.Dir())
	require.NoError(t, err)
	defer r.Close()

	here, there := j.Watch(t.Context()), r.Watch(t.Context())
	select {
	case <-here:
		t.Fatal("nothing has happened yet")
	case <-there:
		t.Fatal("nothing has happened yet")
	default:
	}
	appendAll(t, j, []steps.Event{note(2)})
	soon(t, here)
	soon(t, there)
	require.Equal(t, walk(2), load(t, r))
}

func TestAWatcherThatLeavesIsLetGo(t *testing.T) {
	r, err := OpenReadOnly(closedSession(t, walk(1)))
	require.NoError(t, err)
	defer r.Close()
	ctx, cancel := context.WithCancel(context.Background())
	left := r.Watch(ctx)
	cancel()
	soon(t, left)
}

// soon waits for a channel to be closed, though not for ever.
func soon(t *testing.T, news <-chan struct{}) {
	t.Helper()
	select {
	case <-news:
	case <-time.After(2 * time.Minute):
		t.Fatal("nobody was told")
	}
}

// Of all who decide upon the same event one is right.
func TestOneOfManyWritersIsRight(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(1))
	var writers sync.WaitGroup
	var right atomic.Int64
	for range 8 {
		writers.Go(func() {
			for seq, _ := j.Head(); seq < 50; seq, _ = j.Head() {
				err := j.Append(context.Background(), seq, 1, note(seq+1))
				if err == nil {
					right.Add(1)
				} else if !errors.Is(err, ErrMoved) {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	events := load(t, j)
	require.EqualValues(t, len(events)-1, right.Load())
	require.Equal(t, walk(uint64(len(events))), events)
}

// The format is a promise to others: this line was written once and must be written so for as long as v is 1.
func TestTheFormatStaysAsItIs(t *testing.T) {
	first, err := head{session: session}.encode(opening(session))
	require.NoError(t, err)
	second, err := head{session: session}.after(first, opening(session)).encode(event(2, steps.Noted{Text: "a <b> & \"c\""}, steps.Noted{Text: "\xff"}))
	require.NoError(t, err)
	want, err := os.ReadFile(filepath.Join("testdata", "v1.jsonl"))
	require.NoError(t, err)
	require.Equal(t, string(want), string(first)+"\n"+string(second)+"\n")
}

func TestEveryLineIsJSONThatNamesItsParts(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(closedSession(t, walk(2)), journalFile))
	require.NoError(t, err)
	for i, l := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		var keys map[string]any
		require.NoError(t, json.Unmarshal([]byte(l), &keys))
		want := []string{"v", "seq", "epoch", "prev", "at", "mono", "boot", "by", "facts", "sum"}
		if i == 0 {
			want = append(want, "session")
		}
		require.Len(t, keys, len(want))
		for _, k := range want {
			require.Contains(t, keys, k)
		}
	}
}

// The recipe that the package documents is run as it is printed there.
func TestTheRecipeOfTheDocumentationChecksAJournal(t *testing.T) {
	for _, tool := range []string{"sh", "jq", "sha256sum"} {
		if _, err := osexec.LookPath(tool); err != nil {
			t.Skipf("this machine has no %s: the recipe of the documentation is not tried out", tool)
		}
	}
	recipe := documentedRecipe(t)
	dir := closedSession(t, walk(12))
	run := func() (string, error) {
		check := osexec.CommandContext(t.Context(), "sh", "-c", recipe)
		check.Dir = dir
		out, err := check.CombinedOutput()
		return string(out), err
	}

	out, err := run()
	require.NoError(t, err, out)
	require.Equal(t, "12 lines hold\n", out)

	raw, err := os.ReadFile(filepath.Join(dir, journalFile))
	require.NoError(t, err)
	lines := strings.SplitAfter(string(raw), "\n")
	for name, changed := range map[string]string{
		"a changed word":    strings.Replace(string(raw), "ncn-w007", "ncn-w008", 1),
		"a dropped line":    strings.Replace(string(raw), lines[6], "", 1),
		"two lines swapped": strings.Replace(string(raw), lines[6]+lines[7], lines[7]+lines[6], 1),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, journalFile), []byte(changed), 0o600))
		out, err = run()
		require.Error(t, err, name)
		require.Equal(t, "journal.jsonl:7: does not hold\n", out, name)
	}
}

// documentedRecipe is the block of code in the package documentation that calls jq.
func documentedRecipe(t *testing.T) string {
	parsed, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	require.NoError(t, err)
	for _, block := range new(comment.Parser).Parse(parsed.Doc.Text()).Content {
		if code, ok := block.(*comment.Code); ok && strings.Contains(code.Text, "jq") {
			return code.Text
		}
	}
	t.Fatal("doc.go documents no recipe")
	return ""
}

// Whatever bytes people and machines put into a session come back as they were.
func TestEveryEventComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")) })
		h := head{session: session}
		begun := opening(session)
		raw, err := h.encode(begun)
		require.NoError(t, err)
		h = h.after(raw, begun)
		for seq := uint64(2); seq < 5; seq++ {
			e := event(seq, steps.Noted{Text: text.Draw(t, "text")},
				steps.Finished{Attempt: seq, Changed: map[string]string{text.Draw(t, "name"): text.Draw(t, "value")}, Unset: []string{text.Draw(t, "unset")}})
			e.By = steps.Actor{Name: text.Draw(t, "who"), UID: rapid.Int().Draw(t, "uid"), Via: steps.Answers, File: text.Draw(t, "file")}
			raw, err := h.encode(e)
			require.NoError(t, err)
			back, err := h.decode(raw)
			require.NoError(t, err)
			require.Equal(t, e, back)
			h = h.after(raw, e)
		}
	})
}

func TestClocksAreKeptAsWritten(t *testing.T) {
	j := newSession(t)
	odd := opening(session)
	odd.At, odd.Mono = odd.At.Local(), 1234567
	appendAll(t, j, []steps.Event{odd})
	require.Equal(t, []steps.Event{AsWritten(odd)}, load(t, j))
	require.True(t, odd.At.Equal(AsWritten(odd).At))
	require.EqualValues(t, 1234000, AsWritten(odd).Mono)
}

func TestAnEventTooLargeForALineIsRefused(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(1))
	err := j.Append(context.Background(), 1, 1, event(2, steps.Noted{Text: strings.Repeat("x", maxLine)}))
	require.ErrorContains(t, err, "attach it as a file")
	appendAll(t, j, []steps.Event{note(2)})
	require.Equal(t, walk(2), load(t, j))
}
