package journal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/steps"
)

// specimen is a journal in memory, with what it says and where its lines begin.
type specimen struct {
	events []steps.Event
	raw    []byte
	heads  []head // heads[k] is where k lines end
	buffer *bufio.Reader
}

func newSpecimen(t testing.TB, events []steps.Event) specimen {
	s := specimen{events: events, heads: []head{{session: session}}, buffer: bufio.NewReaderSize(nil, 1<<16)}
	for _, e := range events {
		h := s.heads[len(s.heads)-1]
		line, err := h.encode(e)
		require.NoError(t, err)
		s.raw = append(append(s.raw, line...), '\n')
		s.heads = append(s.heads, h.after(line, e))
	}
	return s
}

// lineAt is the index of the line that a byte belongs to, its newline included.
func (s specimen) lineAt(offset int) int {
	k, found := slices.BinarySearchFunc(s.heads, int64(offset), func(h head, at int64) int { return int(h.end - at) })
	if found {
		return k
	}
	return k - 1
}

// read reads a changed journal after its first n lines, which are as they were. It returns how many events there are
// then, and the last of those it read.
func (s specimen) read(n int, changed []byte) (events int, last steps.Event, end ending, err error) {
	s.buffer.Reset(bytes.NewReader(changed[s.heads[n].end:]))
	_, end, err = s.heads[n].follow(context.Background(), s.buffer, func(e steps.Event) { n, last = n+1, e })
	return n, last, end, err
}

// A power cut can end a file anywhere. Whatever stood whole before the cut is there, and nothing else.
func TestAJournalCutAnywhereKeepsWhatWasWhole(t *testing.T) {
	t.Parallel()
	s := newSpecimen(t, walk(240))
	require.GreaterOrEqual(t, len(s.raw), 100_000)
	for cut := range len(s.raw) + 1 {
		whole := bytes.Count(s.raw[:cut], []byte("\n"))
		want, from := ending{dropped: int64(cut) - s.heads[whole].end}, whole
		if cut < len(s.raw) && s.raw[cut] == '\n' {
			whole, want = whole+1, ending{open: true}
		}
		if want.dropped == 0 {
			from = max(whole-1, 0)
		}
		n, last, end, err := s.read(from, s.raw[:cut])
		if err != nil || n != whole || end != want {
			t.Fatalf("cut at %d: %d events where %d are whole, %+v instead of %+v, error %v", cut, n, whole, end, want, err)
		}
		if n > from && !reflect.DeepEqual(s.events[n-1], last) {
			t.Fatalf("cut at %d: event %d is %+v", cut, n, last)
		}
	}
}

// The same from the beginning of the file, with what comes after: the session goes on, and no trace of the tail stays.
func TestASessionGoesOnAfterACut(t *testing.T) {
	s := newSpecimen(t, walk(24))
	var cuts []int
	for _, h := range s.heads {
		cuts = append(cuts, int(h.end)-1, int(h.end), int(h.end)+1)
	}
	for cut := 0; cut < len(s.raw); cut += 131 {
		cuts = append(cuts, cut)
	}
	for _, cut := range cuts {
		if cut < 0 || cut > len(s.raw) {
			continue
		}
		m := newMemory()
		m.put(journalFile, s.raw[:cut])
		j, err := resume(&Reader{dir: session, disk: m})
		require.NoError(t, err, "cut at %d", cut)
		events := load(t, j)
		require.Equal(t, s.events[:len(events)], append([]steps.Event{}, events...), "cut at %d", cut)

		next := event(uint64(len(events))+1, steps.TailDropped{Bytes: j.Dropped()})
		if len(events) == 0 {
			next = opening(session)
		}
		appendAll(t, j, []steps.Event{next})
		again, err := resume(&Reader{dir: session, disk: m})
		require.NoError(t, err, "cut at %d", cut)
		require.Zero(t, again.Dropped())
		require.Equal(t, append(slices.Clone(events), next), load(t, again), "cut at %d", cut)
	}
}

// A disk can return another bit than was written. No such bit goes unseen; in the last line alone it may look as if the
// line had never been finished, and then that is reported.
func TestNoFlippedBitGoesUnseen(t *testing.T) {
	t.Parallel()
	s := newSpecimen(t, walk(240))
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	for range 50_000 {
		s.flip(t, random.IntN(len(s.raw)*8))
	}
	for bit := int(s.heads[len(s.heads)-2].end) * 8; bit < len(s.raw)*8; bit++ {
		s.flip(t, bit)
	}
}

func (s specimen) flip(t *testing.T, bit int) {
	s.raw[bit/8] ^= 1 << (bit % 8)
	defer func() { s.raw[bit/8] ^= 1 << (bit % 8) }()
	k := s.lineAt(bit / 8)
	n, _, end, err := s.read(k, s.raw)
	var bad *badLine
	lastLine := k == len(s.events)-1
	if !errors.As(err, &bad) && (!lastLine || end.dropped == 0) {
		t.Fatalf("bit %d of line %d: unseen: %+v %v", bit, k+1, end, err)
	}
	if n != k {
		t.Fatalf("bit %d of line %d: %d events", bit, k+1, n)
	}
}

// A power cut can leave a line with its newline and without some of its sectors, which read as zeros. In the last line that
// is no damage: it was never acknowledged. Anywhere else it is.
func TestALastLineWithHolesWasNeverWritten(t *testing.T) {
	s := newSpecimen(t, walk(5))
	for line, h := range s.heads[:5] {
		torn := slices.Clone(s.raw)
		clear(torn[h.end+100 : h.end+200])
		n, _, end, err := s.read(0, torn)
		lines, leftover, wrong := secondReader(torn)
		require.Equal(t, line, n)
		require.Equal(t, line, lines)
		if line == 4 {
			require.NoError(t, err)
			require.NoError(t, wrong)
			require.EqualValues(t, len(s.raw)-int(h.end), end.dropped)
			require.EqualValues(t, end.dropped, leftover)
			continue
		}
		require.Error(t, err)
		require.Error(t, wrong)
	}
}

// Lines that hold by themselves are still in one order only.
func TestMovedLinesAreSeen(t *testing.T) {
	s := newSpecimen(t, walk(12))
	lines := bytes.SplitAfter(s.raw[:len(s.raw)-1], []byte("\n"))
	lines[len(lines)-1] = append(lines[len(lines)-1], '\n')
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(lines)-2).Draw(t, "line")
		k := rapid.IntRange(i+1, len(lines)-1).Draw(t, "later line")
		changed := slices.Clone(lines)
		first := i // the first line that is not what it was
		switch rapid.SampledFrom([]string{"swap", "double", "double later", "drop", "reverse"}).Draw(t, "change") {
		case "swap":
			changed[i], changed[k] = changed[k], changed[i]
		case "double":
			changed, first = slices.Insert(changed, i+1, lines[i]), i+1
		case "double later":
			changed, first = slices.Insert(changed, k+1, lines[i]), k+1
		case "drop":
			changed = slices.Delete(changed, i, i+1)
		case "reverse":
			slices.Reverse(changed[i : k+1])
		}
		var events []steps.Event
		h, _, err := s.heads[0].follow(context.Background(), bytes.NewReader(bytes.Join(changed, nil)), func(e steps.Event) { events = append(events, e) })
		var damage *Damage
		require.ErrorAs(t, h.explain("j", err), &damage)
		require.Equal(t, first+1, damage.Line)
		require.EqualValues(t, first, damage.LastGood)
		require.Equal(t, s.events[:first], append([]steps.Event{}, events...))
	})
}

// Whoever changes a line can make its sum anew. What does not fit where it stands is seen all the same, at the end of
// the file too, where nothing but a line cut short may be dropped.
func TestALineThatHoldsButDoesNotFitIsDamage(t *testing.T) {
	s := newSpecimen(t, walk(3))
	h, body := s.heads[3], func(h head, e steps.Event) string {
		raw, err := h.encode(e)
		require.NoError(t, err)
		sealed, err := summed(raw)
		require.NoError(t, err)
		return string(sealed)
	}
	older, elsewhere, first := note(4), h, h
	older.Epoch = 0
	elsewhere.prev = digest([]byte("another line"))
	first.seq = 0
	fits := body(h, note(4))
	for want, changed := range map[string]string{
		"it is event 5 where event 4 belongs":              body(h, note(5)),
		"it does not follow the line before it":            body(elsewhere, note(4)),
		"its epoch 0 is older than 1 before it":            body(h, older),
		"it begins a session where one is under way":       body(first, note(4)),
		"it is not spelt as gatewalk spells it":            strings.Replace(fits, `"seq":4`, `"seq":5,"seq":4`, 1),
		"it is no event (json: cannot unmarshal string":    strings.Replace(fits, `"seq":4`, `"seq":"4"`, 1),
		"it is no event (invalid character":                strings.Replace(fits, `"seq":4`, `"seq":`, 1),
		"it is not spelt as gatewalk spells it\x00":        strings.Replace(fits, "rebuilt", "rebuil\xff", 1),
		"it is not spelt as gatewalk spells it\x00\x00":    fits + " ",
		"facts: \"invented\" is not known to this version": strings.Replace(fits, `{"noted"`, `{"invented"`, 1),
		"by: json: unknown field \"nick\"":                 strings.Replace(fits, `"by":{`, `"by":{"nick":"a",`, 1),
	} {
		sealed := changed + sumKey + digest([]byte(changed)) + sumEnd
		for _, end := range []string{"\n", ""} {
			_, _, _, err := s.read(3, append(slices.Clone(s.raw), sealed+end...))
			var bad *badLine
			require.ErrorAs(t, err, &bad, changed)
			require.ErrorContains(t, err, strings.TrimRight(want, "\x00"))
		}
	}
}

// A reader holds no more of a line in memory than a line may have, and still knows how much there was.
func TestAnEndlessLineIsNotHeldInMemory(t *testing.T) {
	s := newSpecimen(t, walk(2))
	endless := append(slices.Clone(s.raw), bytes.Repeat([]byte("x"), maxLine+1<<20)...)
	n, _, end, err := s.read(0, endless)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.EqualValues(t, maxLine+1<<20, end.dropped)

	_, _, _, err = s.read(0, append(endless, '\n'))
	require.ErrorContains(t, err, "it does not end in its sum")

	s.buffer.Reset(bytes.NewReader(endless[len(s.raw):]))
	raw, _, _, err := readLine(s.buffer)
	require.NoError(t, err)
	require.LessOrEqual(t, len(raw), maxLine+1<<16)
}

// What a chain cannot show is that its end was taken away. The directories of attempts can, where there was one.
func TestALostEndShowsByTheAttemptsItStarted(t *testing.T) {
	dir := closedSession(t, append(walk(2), event(3, steps.Started{Text: "uptime"})))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, attempts, "3"), 0o700))
	require.NoError(t, reopen(t, dir).Close())

	s := newSpecimen(t, walk(2))
	require.NoError(t, os.WriteFile(filepath.Join(dir, journalFile), s.raw, 0o600))
	forgetWitness(t, dir)
	_, err := Open(dir)
	var damage *Damage
	require.ErrorAs(t, err, &damage)
	require.Equal(t, filepath.Join(dir, "attempts", "3")+": an attempt was started that the journal does not know: gatewalk export and log show it up to event 2; gatewalk resume rollout-1 says what was lost, and with --accept goes on in a new session", err.Error())

	r, err := OpenReadOnly(dir)
	require.NoError(t, err)
	defer r.Close()
	orphans, err := r.Orphans(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "attempts", "3")}, orphans)
}

func TestADamagedJournalIsOpenedReadOnly(t *testing.T) {
	dir := closedSession(t, walk(9))
	path := filepath.Join(dir, journalFile)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	raw[newSpecimen(t, walk(5)).heads[4].end+40] ^= 1
	require.NoError(t, os.WriteFile(path, raw, 0o600))

	_, err = Open(dir)
	require.EqualError(t, err, path+":5: its sum is not that of its bytes: gatewalk export and log show it up to event 4; gatewalk resume rollout-1 says what was lost, and with --accept goes on in a new session")

	r, err := OpenReadOnly(dir)
	require.NoError(t, err)
	defer r.Close()
	events, err := r.Load(t.Context())
	require.Equal(t, &Damage{File: path, Line: 5, Seq: 5, Reason: "its sum is not that of its bytes", LastGood: 4}, err)
	require.Equal(t, walk(4), events)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, raw, after, "looking changes nothing")
}

// Two readers that share no code must agree about every input that one of them accepts.
func FuzzLoad(f *testing.F) {
	s := newSpecimen(f, walk(3))
	f.Add(s.raw, false)
	f.Add(s.raw[:len(s.raw)-1], false)
	f.Add(s.raw[:len(s.raw)-20], false)
	f.Add(append(slices.Clone(s.raw[:len(s.raw)-90]), "\x00\x00\n"...), false)
	f.Add([]byte("\n\n"), false)
	f.Add([]byte(`{"v":1,"session":"rollout-1","seq":1,"epoch":1,"prev":"","at":"2026-11-21T12:00:00Z","mono":0,"boot":"","by":{"name":"","uid":0,"via":""},"facts":[]`), true)
	f.Add([]byte(`{"v":1,"session":"rollout-1","seq":1,"seq":1,"facts":[{}]`), true)
	f.Add([]byte(`{"v":0`), true)
	f.Fuzz(func(t *testing.T, raw []byte, sealed bool) {
		if sealed { // so that the fuzzer gets past the sum
			raw = append(append(append(slices.Clone(raw), sumKey...), digest(raw)...), sumEnd+"\n"...)
		}
		lines := 0
		_, end, err := head{session: session}.follow(context.Background(), bytes.NewReader(raw), func(steps.Event) { lines++ })
		secondLines, leftover, wrong := secondReader(raw)
		require.LessOrEqual(t, lines, secondLines, "the second reader says %v", wrong)
		if err == nil {
			require.NoError(t, wrong)
			require.Equal(t, secondLines, lines)
			require.EqualValues(t, leftover, end.dropped)
		}
	})
}

func TestTheSecondReaderAgrees(t *testing.T) {
	s := newSpecimen(t, walk(40))
	lines, leftover, wrong := secondReader(s.raw)
	require.NoError(t, wrong)
	require.Equal(t, [2]int{40, 0}, [2]int{lines, leftover})

	lines, leftover, wrong = secondReader(s.raw[:len(s.raw)-1])
	require.NoError(t, wrong)
	require.Equal(t, [2]int{40, 0}, [2]int{lines, leftover})

	lines, leftover, wrong = secondReader(s.raw[:len(s.raw)-2])
	require.NoError(t, wrong)
	require.Equal(t, 39, lines)
	require.EqualValues(t, len(s.raw)-2-int(s.heads[39].end), leftover)

	for k, h := range s.heads[:40] {
		s.raw[h.end+9] ^= 1
		lines, _, wrong = secondReader(s.raw)
		s.raw[h.end+9] ^= 1
		require.Error(t, wrong)
		require.Equal(t, k, lines)
	}
}
