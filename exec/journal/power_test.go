package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// story is a session on a disk whose power can go at any moment, and what its operator was told.
type story struct {
	t       *testing.T
	random  *rand.Rand
	disk    *memory
	journal *Journal
	told    []byte            // every acknowledged line
	tried   map[string]bool   // the sum of every line that was to be written
	kept    map[string]string // the files that were stored, by name
	texts   map[string]bool   // what any stored file may hold

	draws  int // random disks of each moment
	disks  int // how many were recovered from
	seed   maphash.Seed
	images map[uint64]int64 // every different disk, and where the journal that was recovered from it ends
}

// canonical are sessions that do, one by one, whatever a journal does on a disk.
var canonical = []struct {
	name string
	live func(s *story)
}{
	{"a session begins", func(s *story) {
		s.create()
		s.source("rollout.md", "# Rollout\n"+filler[:90])
		s.source("rollout.md", "# Another\n")
		s.plan()
		s.walk(4)
	}},
	{"lines of many lengths", func(s *story) {
		s.create()
		s.walk(9)
	}},
	{"a line of several pages", func(s *story) {
		s.create()
		s.walk(1)
		s.append(steps.Noted{Text: strings.Repeat("long ", 2000)})
		s.walk(1)
	}},
	{"attempts", func(s *story) {
		s.create()
		s.walk(1)
		s.attempt("up 3 days\n")
		s.attempt(filler)
		s.walk(1)
	}},
	{"attachments", func(s *story) {
		s.create()
		s.walk(2)
		s.attachment("photo.png", filler)
		s.attachment("photo.png", filler[:77])
		s.walk(1)
	}},
	{"resumed again and again", func(s *story) {
		s.create()
		for range 3 {
			s.walk(2)
			s.resume()
		}
		s.walk(1)
	}},
	{"resumed after power cuts", func(s *story) {
		s.create()
		s.walk(2)
		for range 4 {
			s.cutWithin()
			s.resume()
			s.walk(2)
		}
	}},
	{"a full disk", func(s *story) {
		s.create()
		s.walk(2)
		s.fails(failing{operation: "write", name: journalFile, nth: 1, err: errNoSpace}, steps.Noted{Text: filler})
		require.NoError(s.t, s.journal.UseReserve())
		s.walk(2)
		require.NoError(s.t, s.journal.Replenish())
		s.walk(1)
	}},
	{"writes that fail", func(s *story) {
		s.create()
		s.walk(1)
		for _, err := range []error{errDisk, errShort} {
			s.fails(failing{operation: "write", name: journalFile, nth: 1, err: err}, steps.Noted{Text: filler})
			s.walk(2)
		}
	}},
	{"a failed fsync", func(s *story) {
		s.create()
		s.walk(2)
		s.disk.fault = failSyncsOf(s.disk, journalFile)
		s.walk(3)
		s.resume()
		s.walk(1)
	}},
	{"a failed fsync and no new file", func(s *story) {
		s.create()
		s.walk(2)
		fsync, rename := failSyncsOf(s.disk, journalFile), failing{operation: "rename", name: journalFile, nth: 1, err: errDisk}
		s.disk.fault = func(operation, name string) error {
			return errors.Join(fsync(operation, name), rename.fault(operation, name))
		}
		require.ErrorIs(s.t, s.try(steps.Noted{Text: "in doubt"}), ErrInDoubt)
		s.resume()
		s.walk(2)
	}},
	{"a dead file that is resumed", func(s *story) {
		s.create()
		s.walk(3)
		s.disk.fault = failSyncsOf(s.disk, journalFile)
		s.resume()
		s.walk(2)
	}},
	{"a copy", func(s *story) {
		from := originalInMemory(s.t)
		s.create()
		m, err := mirror(s.t.Context(), from, s.journal)
		require.NoError(s.t, err)
		h := head{session: session}
		for _, e := range load(s.t, from) {
			h = h.after(s.expect(h, e), e)
		}
		s.texts[plan], s.texts["# Rollout\n"] = true, true
		_, err = m.Sync(s.t.Context())
		require.NoError(s.t, err)
		s.believe()
	}},
}

// The power goes at every operation of every canonical session, and each time many disks are imagined that it may leave:
// without what was not synced, with the beginning of it, with some sectors of it, with the names that were changed or
// without. From each of them every acknowledged line comes back, in order, nothing that was never written comes with
// them, and the session goes on. None is taken for damaged.
func TestNoPowerCutLosesWhatWasAcknowledged(t *testing.T) {
	seed, draws, want := rand.Uint64(), 500, 100_000
	if os.Getenv("GATEWALK_LONG") != "" {
		draws, want = 5_000, 1_000_000
	}
	if testing.Short() {
		draws, want = 10, 1_000
	}
	t.Logf("seed %d", seed)
	var disks, different atomic.Int64
	t.Run("sessions", func(t *testing.T) {
		for i, c := range canonical {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := &story{
					t: t, random: rand.New(rand.NewPCG(seed, uint64(i))), disk: newMemory(), tried: map[string]bool{"": true},
					kept: map[string]string{}, texts: map[string]bool{}, draws: draws, images: map[uint64]int64{}, seed: maphash.MakeSeed(),
				}
				c.live(s)
				disks.Add(int64(s.disks))
				different.Add(int64(len(s.images)))
			})
		}
	})
	t.Logf("%d disks, %d of them different", disks.Load(), different.Load())
	require.GreaterOrEqual(t, disks.Load(), int64(want))
}

func (s *story) create() {
	s.disk.after = s.look
	j, err := create(&Reader{dir: session, disk: s.disk})
	require.NoError(s.t, err)
	s.journal = j
}

// walk appends n more events.
func (s *story) walk(n int) {
	for range n {
		seq, _ := s.journal.Head()
		s.append(note(seq + 1).Facts...)
	}
}

func (s *story) append(facts ...steps.Fact) { require.NoError(s.t, s.try(facts...)) }

// try appends an event. Once it is acknowledged it is there, whatever happens.
func (s *story) try(facts ...steps.Fact) error {
	h := s.journal.head
	e := event(h.seq+1, facts...)
	if h.seq == 0 {
		e = opening(session)
	}
	raw := s.expect(h, e)
	err := s.journal.Append(context.Background(), h.seq, 1, e)
	if err == nil {
		s.told = append(append(s.told, raw...), '\n')
	}
	return err
}

// expect says that a line is about to be written.
func (s *story) expect(h head, e steps.Event) []byte {
	raw, err := h.encode(e)
	require.NoError(s.t, err)
	s.tried[digest(raw)] = true
	return raw
}

// fails lets an append fail once. Nothing is left of it, and the next one is shorter.
func (s *story) fails(f failing, facts ...steps.Fact) {
	s.disk.fault = f.fault
	require.Error(s.t, s.try(facts...))
}

// resume takes the session up again. What is there then is a fact.
func (s *story) resume() {
	j, err := resume(&Reader{dir: session, disk: s.disk})
	require.NoError(s.t, err)
	s.journal = j
	s.believe()
}

func (s *story) believe() { s.told = []byte(s.disk.content(journalFile))[:s.journal.head.end] }

// cutWithin lets the power go while a line is written.
func (s *story) cutWithin() {
	h := s.journal.head
	raw := s.expect(h, note(h.seq+1))
	_, err := s.journal.file.WriteAt(append(raw, '\n'), h.end)
	require.NoError(s.t, err)
	s.disk = s.disk.left(s.drawn())
	s.disk.after = s.look
}

func (s *story) source(name, text string) {
	s.texts[text] = true
	stored, err := s.journal.StoreSource(name, strings.NewReader(text))
	require.NoError(s.t, err)
	s.kept[sources+"/"+stored.Name] = text
}

func (s *story) attachment(name, text string) {
	s.texts[text] = true
	stored, err := s.journal.StoreAttachment(name, strings.NewReader(text))
	require.NoError(s.t, err)
	s.kept[attachments+"/"+stored.Name] = text
	s.append(steps.Attached{Stored: stored.Name, Digest: stored.Digest, Bytes: stored.Bytes})
}

func (s *story) plan() {
	s.texts[plan] = true
	_, err := s.journal.StorePlan([]byte(plan))
	require.NoError(s.t, err)
	s.kept[planFile] = plan
}

// attempt is what a runner does: it makes a directory once the line is there that starts it.
func (s *story) attempt(printed string) {
	s.append(steps.Started{Text: "uptime"})
	dir := attemptDir(s.journal.head.seq)
	require.NoError(s.t, s.disk.mkdir(dir))
	out, err := s.disk.open(dir+"/out", os.O_RDWR|os.O_CREATE)
	require.NoError(s.t, err)
	_, err = out.WriteAt([]byte(printed), 0)
	require.NoError(s.t, errors.Join(err, out.Sync(), s.disk.sync(dir), s.disk.sync(attempts)))
	s.append(steps.Finished{Attempt: s.journal.head.seq, Bytes: int64(len(printed)), Output: "sha256:" + digest([]byte(printed))})
}

// look imagines what the power could leave if it went now, and recovers from each.
func (s *story) look(operation, name string) {
	if operation == "write" && len(s.disk.seen[name].seen) >= 32<<10 {
		return // the reserve: what is in it does not matter
	}
	all, none := func(*naming) bool { return true }, func(*naming) bool { return false }
	whole, nothing := (*write).whole, func(*write) [][2]int { return nil }
	for _, named := range []func(*naming) bool{all, none} {
		s.recover(s.disk.left(named, whole))
		s.recover(s.disk.left(named, nothing))
		for _, w := range s.disk.unsynced() {
			for _, spans := range parts(len(w.data)) {
				s.recover(s.disk.left(named, except(w, spans, whole)))
				s.recover(s.disk.left(named, except(w, spans, nothing)))
			}
		}
	}
	if len(s.disk.unsynced())+len(s.disk.naming) > 0 {
		for range s.draws {
			s.recover(s.disk.left(s.drawn()))
		}
	}
}

// parts are the plainer things that may be left of n bytes written: a beginning, the end, or nothing but the length.
func parts(n int) [][][2]int {
	return [][][2]int{{{0, min(1, n)}}, {{0, n / 2}}, {{0, max(n-1, 0)}}, {{max(n-1, 0), n}}, {{n, n}}}
}

func except(w *write, spans [][2]int, others func(*write) [][2]int) func(*write) [][2]int {
	return func(other *write) [][2]int {
		if other == w {
			return spans
		}
		return others(other)
	}
}

// sector is how many bytes are written together or not at all: fewer than on any disk, so that more can go wrong.
const sector = 32

// drawn is what is left of each change, at random: of names, each or not, and of what was written, any sectors.
func (s *story) drawn() (func(*naming) bool, func(*write) [][2]int) {
	named := func(*naming) bool { return s.random.IntN(2) == 0 }
	return named, func(w *write) [][2]int {
		switch s.random.IntN(6) {
		case 0:
			return nil
		case 1:
			return w.whole()
		}
		spans := [][2]int{{0, 0}}
		for at := 0; at < len(w.data); at += sector {
			if s.random.IntN(2) == 0 {
				spans = append(spans, [2]int{at, min(at+sector, len(w.data))})
			}
		}
		return spans
	}
}

// recover opens what a power cut left, and holds it against what the operator was told.
func (s *story) recover(left *memory) {
	s.disks++
	id, content := s.identity(left), []byte(nil)
	if file := left.seen[journalFile]; file != nil {
		content = file.seen
	}
	end, known := s.images[id]
	if !known {
		end = s.open(left)
		s.images[id] = end
	}
	recovered := append(slices.Clone(content[:min(end, int64(len(content)))]), '\n') // a last line may lack its newline
	if !bytes.HasPrefix(recovered, s.told) {
		s.t.Fatalf("%d bytes were acknowledged, %d were recovered:\n%s", len(s.told), end, content)
	}
}

// identity tells different disks apart.
func (s *story) identity(left *memory) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	for _, name := range slices.Sorted(maps.Keys(left.seen)) {
		content := left.seen[name].seen
		fmt.Fprintf(&h, "%s %d\n", name, len(content))
		if len(content) < 32<<10 {
			h.Write(content)
		}
	}
	return h.Sum64()
}

// open takes a session up and goes on with it, and returns where its journal ended.
func (s *story) open(left *memory) int64 {
	s.filesAreWhole(left)
	j, err := resume(&Reader{dir: session, disk: left})
	if left.seen[journalFile] == nil {
		require.ErrorIs(s.t, err, fs.ErrNotExist)
		require.Empty(s.t, s.told)
		return 0
	}
	require.NoError(s.t, err)
	if !s.tried[j.head.prev] {
		s.t.Fatalf("line %d was never written", j.head.seq)
	}
	if len(s.images)%8 == 0 {
		s.goesOn(j, left)
	}
	return j.head.end
}

// goesOn appends to what was recovered; the power goes once more.
func (s *story) goesOn(j *Journal, left *memory) {
	before, next := j.head, note(j.head.seq+1)
	if before.seq == 0 {
		next = opening(session)
	}
	require.NoError(s.t, j.Append(context.Background(), before.seq, 1, next))
	again, err := resume(&Reader{dir: session, disk: left.crash(false, "none")})
	require.NoError(s.t, err)
	require.Equal(s.t, j.head, again.head)
	require.Zero(s.t, again.Dropped())
}

// filesAreWhole says that what was stored is there, and that what is there was stored.
func (s *story) filesAreWhole(left *memory) {
	for name, text := range s.kept {
		if left.seen[name] == nil {
			s.t.Fatalf("%s was stored, and is gone", name)
		}
		if content := left.content(name); content != text {
			s.t.Fatalf("%s was stored as %q, and is %q", name, text, content)
		}
	}
	for name, file := range left.seen {
		stored := name == planFile || path.Dir(name) == sources || path.Dir(name) == attachments
		if stored && path.Base(name) != unfinishedFile && !s.texts[string(file.seen)] {
			s.t.Fatalf("%s is not whole: %q", name, file.seen)
		}
	}
}
