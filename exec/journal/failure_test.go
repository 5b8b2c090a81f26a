package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// attempt is a session on a failing disk, and what was acknowledged to its operator.
type attempt struct {
	disk         *memory
	journal      *Journal
	acknowledged int
	planned      bool
}

const plan = `{"title":"rollout"}`

// live creates a session and walks it, going on after every failure as a session does.
func (a *attempt) live(t *testing.T, n int) {
	j, err := create(&Reader{dir: session, disk: a.disk})
	if err != nil {
		return
	}
	a.journal = j
	for try := 0; try < 2 && !a.planned; try++ {
		_, err = j.StorePlan([]byte(plan))
		a.planned = err == nil
	}
	events := walk(uint64(n))
	for failures := 0; a.acknowledged < n && failures < 3; {
		seq, _ := a.journal.Head()
		if err := a.journal.Append(context.Background(), seq, 1, events[seq]); err != nil {
			failures++
			if !a.goOn(t, err, events[seq]) {
				return
			}
			continue
		}
		a.acknowledged = int(seq) + 1
	}
}

// goOn looks at a failed append, and reopens the journal if it is dead and can be opened.
func (a *attempt) goOn(t *testing.T, err error, event steps.Event) bool {
	if !errors.Is(err, ErrInDoubt) {
		require.NotErrorIs(t, err, ErrDead)
		return true
	}
	require.ErrorIs(t, a.journal.Append(context.Background(), event.Seq-1, 1, event), ErrDead, "nothing is acknowledged after a failed fsync")
	require.Len(t, load(t, a.journal), a.acknowledged, "what is in doubt is no fact")
	j, err := resume(&Reader{dir: session, disk: a.disk})
	if err != nil {
		return false
	}
	seq, _ := j.Head()
	a.journal, a.acknowledged = j, int(seq) // what was opened is a fact
	return true
}

// check opens what each kind of power cut leaves.
func (a *attempt) check(t *testing.T, story string) {
	for _, names := range []bool{true, false} {
		for _, bytes := range []string{"none", "half", "all"} {
			left := &Reader{dir: session, disk: a.disk.crash(names, bytes)}
			j, err := resume(left)
			if err != nil {
				require.Zero(t, a.acknowledged, "%s: %v", story, err)
				continue
			}
			events := load(t, j)
			require.GreaterOrEqual(t, len(events), a.acknowledged, story)
			require.Equal(t, walk(20)[:len(events)], append([]steps.Event{}, events...), story)
			content, err := j.Plan()
			require.True(t, err != nil && !a.planned || string(content) == plan, "%s: plan %q", story, content)
		}
	}
}

// Each thing that can fail is made to fail once, at every place where it happens.
func TestNoFailureLosesWhatWasAcknowledged(t *testing.T) {
	for _, f := range []failing{
		{operation: "write", err: errNoSpace},
		{operation: "write", err: errDisk},
		{operation: "write", err: errShort},
		{operation: "sync", err: errDisk},
		{operation: "sync", err: errNoSpace},
		{operation: "sync directory", err: errDisk},
		{operation: "rename", err: errDisk},
		{operation: "create", err: errNoSpace},
		{operation: "mkdir", err: errNoSpace},
	} {
		for f.nth = 1; ; f.nth++ {
			a := attempt{disk: newMemory()}
			once := f
			a.disk.fault = once.fault
			a.live(t, 6)
			story := fmt.Sprintf("%s %d fails with %v", f.operation, f.nth, f.err)
			a.check(t, story)
			if once.seen < f.nth {
				require.Equal(t, 6, a.acknowledged)
				break
			}
		}
	}
}

// The power goes at every operation, and nothing works from then on.
func TestAPowerCutAnywhereLosesNothingAcknowledged(t *testing.T) {
	for last := 0; ; last++ {
		a := attempt{disk: newMemory()}
		operations := 0
		a.disk.fault = func(string, string) error {
			operations++
			if operations > last {
				return errDisk
			}
			return nil
		}
		a.live(t, 6)
		a.check(t, fmt.Sprintf("the power goes after %d operations", last))
		if operations <= last {
			require.Equal(t, 6, a.acknowledged)
			break
		}
	}
}

func newMemorySession(t *testing.T, n uint64) (*Journal, *memory) {
	m := newMemory()
	j, err := create(&Reader{dir: session, disk: m})
	require.NoError(t, err)
	appendAll(t, j, walk(n))
	return j, m
}

func TestAFullDiskIsSurvived(t *testing.T) {
	j, m := newMemorySession(t, 3)
	m.fault = func(operation, name string) error {
		if _, reserved := m.seen[reserveFile]; operation == "write" && (reserved || name != journalFile) {
			return errNoSpace
		}
		return nil
	}
	for range 2 {
		err := j.Append(context.Background(), 3, 1, note(4))
		require.EqualError(t, err, "rollout-1/journal.jsonl:4: the disk is full: make room, or take the record elsewhere with gatewalk move; until then no new command starts")
		require.ErrorIs(t, err, ErrFull)
	}
	before, err := resume(&Reader{dir: session, disk: m.crash(true, "all")})
	require.NoError(t, err)
	require.Zero(t, before.Dropped(), "nothing of the refused line is left")

	require.NoError(t, j.UseReserve())
	appendAll(t, j, []steps.Event{note(4)})
	require.ErrorIs(t, j.Replenish(), ErrFull)
	require.NotContains(t, m.seen, unfinishedFile)

	m.fault = newMemory().fault
	require.NoError(t, j.Replenish())
	require.Len(t, m.durable[reserveFile].durable, reserveSize)
	require.Equal(t, walk(4), load(t, j))
}

// A session that ended on a full disk can be taken up on it.
func TestAFullDiskKeepsNobodyFromResuming(t *testing.T) {
	_, m := newMemorySession(t, 3)
	m.fault = func(operation, _ string) error {
		if _, reserved := m.seen[reserveFile]; operation == "write" && reserved {
			return errNoSpace
		}
		return nil
	}
	j, err := resume(&Reader{dir: session, disk: m})
	require.NoError(t, err)
	appendAll(t, j, []steps.Event{note(4)})
	require.Equal(t, walk(4), load(t, j))
}

// failSyncsOf lets every fsync of a file fail that is there now: its disk is gone, and a new file is elsewhere.
func failSyncsOf(m *memory, name string) func(operation, name string) error {
	dead := m.seen[name]
	return func(operation, name string) error {
		if operation == "sync" && m.seen[name] == dead {
			return errDisk
		}
		return nil
	}
}

// After one failed fsync nothing is acknowledged on that file again. The journal goes on in a new one.
func TestAfterAFailedFsyncTheJournalGoesOnInANewFile(t *testing.T) {
	j, m := newMemorySession(t, 3)
	require.NoError(t, j.Warning())
	dead := m.seen[journalFile]
	m.fault = failSyncsOf(m, journalFile)
	appendAll(t, j, []steps.Event{note(4), note(5)})
	require.EqualError(t, j.Warning(), "rollout-1/journal.jsonl: a write failed (input/output error), and the journal goes on in a new file: nothing is lost, but see to the disk")
	require.NoError(t, j.Warning(), "it is told once")
	require.NotSame(t, dead, m.seen[journalFile])
	require.NotContains(t, string(dead.seen), note(5).Facts[0].(steps.Noted).Text[:4], "nothing more is written to the dead file")
	require.Equal(t, walk(5), load(t, j))

	after, err := resume(&Reader{dir: session, disk: m.crash(false, "none")})
	require.NoError(t, err)
	require.Equal(t, walk(5), load(t, after))
	require.Zero(t, after.Dropped())
}

// Where there is no new file either, nobody knows what became of the line, until the session is opened anew.
func TestAFailedFsyncWithoutANewFileIsInDoubt(t *testing.T) {
	for _, f := range []failing{
		{operation: "create", name: unfinishedFile, err: errDisk},
		{operation: "write", name: unfinishedFile, err: errDisk},
		{operation: "sync", name: unfinishedFile, err: errDisk},
		{operation: "rename", name: journalFile, err: errDisk},
		{operation: "sync directory", name: ".", err: errDisk},
	} {
		f.nth = 1
		j, m := newMemorySession(t, 3)
		fsync := failSyncsOf(m, journalFile)
		m.fault = func(operation, name string) error {
			return errors.Join(fsync(operation, name), f.fault(operation, name))
		}
		err := j.Append(context.Background(), 3, 1, note(4))
		require.EqualError(t, err, "rollout-1/journal.jsonl:4: whether the last line is on disk is not known: resume the session, which looks (input/output error; in a new file: input/output error)", "%+v", f)
		require.ErrorIs(t, j.Append(context.Background(), 3, 1, note(4)), ErrDead)
		require.Equal(t, walk(3), load(t, j))

		again, err := resume(&Reader{dir: session, disk: m})
		require.NoError(t, err)
		require.Equal(t, walk(4), load(t, again))
		appendAll(t, again, []steps.Event{note(5)})

		after, err := resume(&Reader{dir: session, disk: m.crash(false, "none")})
		require.NoError(t, err)
		require.Equal(t, walk(5), load(t, after))
	}
}

// A disk that fails to write may fail to read, too: what cannot be read back is not taken over.
func TestANewFileHoldsWhatWasAcknowledgedOrIsNoJournal(t *testing.T) {
	j, m := newMemorySession(t, 3)
	m.fault = func(operation, name string) error {
		if operation == "sync" && name == journalFile {
			m.seen[journalFile].seen = append([]byte("?"), m.seen[journalFile].seen[1:]...)
			return errDisk
		}
		return nil
	}
	require.ErrorIs(t, j.Append(context.Background(), 3, 1, note(4)), ErrInDoubt)
	require.NotContains(t, m.seen, unfinishedFile)
}

// A full disk may say so only when it is synced. Then the reserve makes room for the new file.
func TestANewFileFindsRoomInTheReserve(t *testing.T) {
	j, m := newMemorySession(t, 3)
	fsync := failSyncsOf(m, journalFile)
	m.fault = func(operation, name string) error {
		if m.seen[reserveFile] != nil && operation == "write" && name == unfinishedFile {
			return errNoSpace
		}
		return fsync(operation, name)
	}
	appendAll(t, j, []steps.Event{note(4)})
	require.NotContains(t, m.seen, reserveFile)
	require.Error(t, j.Warning())
	after, err := resume(&Reader{dir: session, disk: m.crash(false, "none")})
	require.NoError(t, err)
	require.Equal(t, walk(4), load(t, after))
}

// Whoever opens a file whose last fsync failed sees the line and must not believe it. If its own fsync fails, the journal
// goes on in a new file at once.
func TestAResumedSessionLeavesADeadFile(t *testing.T) {
	_, m := newMemorySession(t, 3)
	m.fault = failSyncsOf(m, journalFile)
	j, err := resume(&Reader{dir: session, disk: m})
	require.NoError(t, err)
	require.ErrorContains(t, j.Warning(), "goes on in a new file")
	require.Equal(t, walk(3), load(t, j))
	appendAll(t, j, []steps.Event{note(4)})
	after, err := resume(&Reader{dir: session, disk: m.crash(false, "none")})
	require.NoError(t, err)
	require.Equal(t, walk(4), load(t, after))
}

func TestAWriteThatCannotBeUndoneIsInDoubt(t *testing.T) {
	j, m := newMemorySession(t, 3)
	m.fault = func(operation, name string) error {
		if name == journalFile {
			return errDisk
		}
		return nil
	}
	require.ErrorIs(t, j.Append(context.Background(), 3, 1, note(4)), ErrInDoubt)
	require.ErrorIs(t, j.Append(context.Background(), 3, 1, note(4)), ErrDead)

	m.fault = newMemory().fault
	again, err := resume(&Reader{dir: session, disk: m})
	require.NoError(t, err)
	require.Positive(t, again.Dropped())
	require.Equal(t, walk(3), load(t, again))
}

// A lock can fail on a network file system. Then the file tells.
func TestASecondWriterIsNoticed(t *testing.T) {
	j, m := newMemorySession(t, 3)
	other, err := resume(&Reader{dir: session, disk: m})
	require.NoError(t, err)
	appendAll(t, other, []steps.Event{note(4)})
	require.ErrorIs(t, j.Append(context.Background(), 3, 1, note(4)), ErrMoved)
	require.Equal(t, walk(4), load(t, other))
}

// fading is a document that cannot be read to its end.
type fading struct{ rest []byte }

func (f *fading) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		return 0, errors.New("the share went away")
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func TestAFileIsStoredWholeOrNotAtAll(t *testing.T) {
	j, m := newMemorySession(t, 1)
	_, err := j.StoreAttachment("photo.png", &fading{slices.Repeat([]byte("x"), 100_000)})
	require.ErrorContains(t, err, "photo.png: what is to be stored cannot be read to its end (the share went away): look at the original")
	names, err := m.names(attachments)
	require.NoError(t, err)
	require.Empty(t, names)

	for _, operation := range []string{"create", "write", "sync", "rename", "sync directory"} {
		m.fault = (&failing{operation: operation, nth: 1, err: errDisk}).fault
		_, err := j.StoreSource("doc.md", io.LimitReader(&fading{[]byte("text")}, 4))
		require.Error(t, err, operation)
	}
}
