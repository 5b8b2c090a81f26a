package journal

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/steps"
)

func TestACopyIsARecordOfItsOwn(t *testing.T) {
	dir := recorded(t)
	to := filepath.Join(t.TempDir(), "usb", session)
	copied, err := Copy(t.Context(), dir, to)
	require.NoError(t, err)
	require.EqualValues(t, 7, copied.Seq)
	require.Positive(t, copied.Wrote)

	want, err := Verify(dir)
	require.NoError(t, err)
	have, err := Verify(to)
	require.NoError(t, err)
	require.Equal(t, want, have)
	require.Equal(t, want.Sum, copied.Sum)
	require.Equal(t, filesOf(t, dir), filesOf(t, to))

	again, err := Copy(t.Context(), dir, to)
	require.NoError(t, err)
	require.Equal(t, Copied{Seq: 7, Sum: want.Sum}, again, "what is there is not written again")
	appendAll(t, reopen(t, to), []steps.Event{note(8)})
}

// filesOf are the contents of a record's files by their paths, without what belongs to the process that holds it.
func filesOf(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	require.NoError(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, path)
		if name := filepath.Base(path); !info.IsDir() && name != lockFile && name != reserveFile {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			files[strings.TrimPrefix(path, dir)] = string(content)
		}
		return nil
	}))
	return files
}

// running is a session in memory that goes on while it is copied.
type running struct {
	*Journal
	t    require.TestingT
	disk *memory
	open uint64 // the attempt that runs, 0 if none does
	out  []byte
}

func run(t require.TestingT) *running {
	m := newMemory()
	j, err := create(&Reader{dir: session, disk: m})
	require.NoError(t, err)
	r := &running{Journal: j, t: t, disk: m}
	r.append(steps.Opened{Session: session})
	return r
}

func (r *running) append(facts ...steps.Fact) uint64 {
	seq, _ := r.Head()
	require.NoError(r.t, r.Append(context.Background(), seq, 1, event(seq+1, facts...)))
	return seq + 1
}

func (r *running) file(name string, content []byte) {
	r.disk.put(attemptDir(r.open)+"/"+name, slices.Clone(content))
}

func (r *running) start() {
	if r.open == 0 {
		r.open, r.out = r.append(steps.Started{Text: "uptime"}), nil
		r.file("cmd", []byte("uptime"))
		r.file("state.new", []byte("a draft"))
	}
}

func (r *running) print() {
	if r.open != 0 {
		r.out = fmt.Appendf(r.out, "line %d\n", len(r.out))
		r.file("out", r.out)
	}
}

func (r *running) exit() {
	if r.open != 0 {
		r.file("exit", []byte("0"))
	}
}

func (r *running) finish() {
	if r.open == 0 {
		return
	}
	r.exit()
	delete(r.disk.seen, attemptDir(r.open)+"/state.new")
	left := []byte("a context after " + string(r.out))
	r.disk.put(contexts+"/"+digest(left), left)
	r.disk.put(contexts+"/latest", []byte(digest(left)))
	r.append(steps.Finished{Attempt: r.open, Bytes: int64(len(r.out)), Output: "sha256:" + digest(r.out), Context: "sha256:" + digest(left)})
	r.open = 0
}

func (r *running) attach() {
	stored, err := r.StoreAttachment("photo.png", strings.NewReader("\x89PNG"))
	require.NoError(r.t, err)
	r.append(steps.Attached{Stored: stored.Name, Digest: stored.Digest, Bytes: stored.Bytes})
}

// holds says that a record in memory does, and returns how many events it has.
func holds(t require.TestingT, m *memory, story string) int {
	r := &Reader{dir: session, disk: m}
	events := load(t, r)
	orphans, err := r.Orphans(context.Background())
	require.NoError(t, err, story)
	require.Empty(t, orphans, story)
	v := verification{Reader: r}
	for _, e := range events {
		v.event(e)
	}
	require.Empty(t, v.report.Problems, story)
	return len(events)
}

// However a session goes on and whenever it is copied, the copy holds, is the beginning of the session, and is all of it
// in the end.
func TestACopyFollowsALiveSession(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		r, there := run(t), newMemory()
		to, err := create(&Reader{dir: session, disk: there})
		require.NoError(t, err)
		m, err := mirror(ctx, &Reader{dir: session, disk: r.disk}, to)
		require.NoError(t, err)
		steps := map[string]func(){
			"start": r.start, "print": r.print, "exit": r.exit, "finish": r.finish, "attach": r.attach,
			"copy": func() {
				copied, err := m.Sync(ctx)
				require.NoError(t, err)
				seq, _ := r.Head()
				require.Equal(t, Copied{seq, r.Sum(), copied.Wrote}, copied)
			},
			"begin the copy anew": func() {
				require.NoError(t, m.Close())
				to, err := resume(&Reader{dir: session, disk: there})
				require.NoError(t, err)
				m, err = mirror(ctx, &Reader{dir: session, disk: r.disk}, to)
				require.NoError(t, err)
			},
		}
		names := slices.Sorted(maps.Keys(steps))
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 5, 40).Draw(t, "walk") {
			steps[name]()
			holds(t, there, name)
		}
		r.finish()
		steps["copy"]()
		for name, file := range r.disk.seen {
			require.Equal(t, string(file.seen), there.content(name), name)
		}
	})
}

// interleaved is a disk on which something happens before a file is opened.
type interleaved struct {
	disk
	before func(name string)
}

func (i interleaved) open(name string, flag int) (file, error) {
	i.before(name)
	return i.disk.open(name, flag)
}

// A command ends while its output is copied. Its end is not in the copy before all that it printed is.
func TestAnEndIsNotCopiedBeforeItsOutput(t *testing.T) {
	r, there := run(t), newMemory()
	r.start()
	r.print()
	to, err := create(&Reader{dir: session, disk: there})
	require.NoError(t, err)
	endsMeanwhile := func(name string) {
		if name == attemptDir(r.open)+"/cmd" {
			r.exit()
		}
	}
	m, err := mirror(t.Context(), &Reader{dir: session, disk: interleaved{r.disk, endsMeanwhile}}, to)
	require.NoError(t, err)
	_, err = m.Sync(t.Context())
	require.NoError(t, err)
	require.NotContains(t, there.seen, attemptDir(r.open)+"/exit")
	require.Equal(t, string(r.out), there.content(outputOf(r.open)))

	_, err = m.Sync(t.Context())
	require.NoError(t, err)
	require.Contains(t, there.seen, attemptDir(r.open)+"/exit")
}

// original is a finished session in memory, to be copied onto failing disks.
func originalInMemory(t *testing.T) *Reader {
	m := newMemory()
	out, document := []byte("up 3 days\n"), []byte("# Rollout\n")
	begun := opening(session)
	begun.Facts = []steps.Fact{steps.Opened{Session: session, Plan: "sha256:" + digest([]byte(plan)), Sources: map[string]string{"rollout.md": "sha256:" + digest(document)}}}
	s := newSpecimen(t, []steps.Event{
		begun,
		event(2, steps.Started{Text: "uptime"}),
		event(3, steps.Finished{Attempt: 2, Bytes: int64(len(out)), Output: "sha256:" + digest(out)}),
		event(4, steps.Started{Text: "uptime"}),
		event(5, steps.Finished{Attempt: 4, Bytes: int64(len(out)), Output: "sha256:" + digest(out)}),
		event(6, steps.Started{Text: "sleep"}),
	})
	m.put(journalFile, s.raw)
	m.put(planFile, []byte(plan))
	m.put("source/rollout.md", document)
	for _, attempt := range []string{"2", "4", "6"} {
		m.put("attempts/"+attempt+"/cmd", []byte("uptime"))
		m.put("attempts/"+attempt+"/out", out)
	}
	m.put("attempts/2/exit", []byte("0"))
	m.put("attempts/4/exit", []byte("0"))
	return &Reader{dir: session, disk: m}
}

// The copy's disk fails at every place where it can, and then the power goes: what is there holds, and the next copy
// makes it whole.
func TestACopyThatWasCutOffHoldsAndGoesOn(t *testing.T) {
	from := originalInMemory(t)
	for _, f := range []failing{{operation: "write", err: errDisk}, {operation: "sync", err: errDisk}, {operation: "rename", err: errDisk}, {operation: "sync directory", err: errDisk}, {operation: "create", err: errNoSpace}} {
		for f.nth = 1; ; f.nth++ {
			disk := newMemory()
			to, err := create(&Reader{dir: session, disk: disk})
			require.NoError(t, err)
			once := f
			disk.fault = once.fault
			m, err := mirror(t.Context(), from, to)
			require.NoError(t, err)
			_, err = m.Sync(t.Context())
			if once.seen < f.nth {
				require.NoError(t, err)
				break
			}
			if f.operation != "sync" { // the journal of the copy makes that good in a new file
				require.Error(t, err, "%+v", f)
			}
			for _, names := range []bool{true, false} {
				for _, kept := range []string{"none", "half", "all"} {
					goesOn(t, from, disk.crash(names, kept), fmt.Sprintf("%+v, names %v, bytes %s", f, names, kept))
				}
			}
		}
	}
}

func goesOn(t *testing.T, from *Reader, left *memory, story string) {
	to, err := resume(&Reader{dir: session, disk: left})
	require.NoError(t, err, story)
	holds(t, left, story)
	m, err := mirror(t.Context(), from, to)
	require.NoError(t, err, story)
	_, err = m.Sync(t.Context())
	require.NoError(t, err, story)
	after := left.crash(false, "none")
	for name := range from.disk.(*memory).seen {
		require.Equal(t, from.disk.(*memory).content(name), after.content(name), "%s: %s", story, name)
	}
}

func TestACopyIsOfOneSession(t *testing.T) {
	dir := recorded(t)
	other := filepath.Join(t.TempDir(), session)
	forked, err := Create(other)
	require.NoError(t, err)
	appendAll(t, forked, walk(4))

	_, err = Copy(t.Context(), dir, other)
	require.ErrorIs(t, err, ErrLocked)
	require.NoError(t, forked.Close())
	before := filesOf(t, other)
	for to, want := range map[string]string{
		filepath.Join(t.TempDir(), "elsewhere"): "elsewhere: is no name for a copy of session rollout-1: name it",
		dir:                                     "is the session itself: copy it to another directory",
		other:                                   "journal.jsonl: is no copy of " + dir + "/journal.jsonl: they differ after event",
	} {
		_, err := Copy(t.Context(), dir, to)
		require.ErrorContains(t, err, want)
	}
	require.Equal(t, before, filesOf(t, other), "what is no copy is left as it was")

	_, err = Copy(t.Context(), other, dir)
	require.ErrorContains(t, err, "is no copy of", "nor the other way round")
}

func TestADamagedOriginalIsCopiedAsFarAsItHolds(t *testing.T) {
	dir, to := recorded(t), filepath.Join(t.TempDir(), session)
	path := filepath.Join(dir, journalFile)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, bytes.Replace(raw, []byte(`"text":"true"`), []byte(`"text":"fals"`), 1), 0o600))
	copied, err := Copy(t.Context(), dir, to)
	var damage *Damage
	require.ErrorAs(t, err, &damage)
	require.EqualValues(t, 3, copied.Seq)
	report, err := Verify(to)
	require.NoError(t, err)
	require.True(t, report.Holds(), report.Problems)
}

func TestACopyTellsOfAFileThatIsNotWhatWasRecorded(t *testing.T) {
	dir, to := recorded(t), filepath.Join(t.TempDir(), session)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "attempts/2/out"), []byte("something else"), 0o600))
	copied, err := Copy(t.Context(), dir, to)
	require.ErrorContains(t, err, filepath.Join(to, "attempts/2/out")+": is not what line 3 recorded")
	require.EqualValues(t, 7, copied.Seq, "the rest is there")
}

func TestACancelledCopyStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m, err := OpenMirror(ctx, recorded(t), filepath.Join(t.TempDir(), session))
	require.NoError(t, err)
	defer m.Close()
	cancel()
	copied, err := m.Sync(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, copied.Seq)
}
