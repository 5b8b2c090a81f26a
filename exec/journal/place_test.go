package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// What can stand where a session's directory or its files should be. Each is refused in one line that begins with the
// place and ends with what to do, and is left as it was.
func TestWhatIsNoSessionIsRefused(t *testing.T) {
	older := `{"v":0,"seq":1,"facts":[]`
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string) error
		want    string
	}{
		"nothing there":         {func(_ *testing.T, dir string) error { return os.RemoveAll(dir) }, "DIR: there is no such session: run gatewalk without arguments to list those there are"},
		"a file":                {instead("", func(path string) error { return os.WriteFile(path, nil, 0o600) }), "DIR: is a regular file, not a session's directory: move it away and name a session that gatewalk made"},
		"a link to a directory": {instead("", func(path string) error { return os.Symlink(os.TempDir(), path) }), "DIR: is a symbolic link, not a session's directory: move it away and name a session that gatewalk made"},
		"open to others":        {func(_ *testing.T, dir string) error { return os.Chmod(dir, 0o750) }, "DIR: is open to others (mode 0750): see who has been there, then chmod 700 it"},
		"no journal":            {instead(journalFile, func(string) error { return nil }), "DIR/journal.jsonl: there is no journal here: name another session"},
		"a FIFO":                {instead(journalFile, func(path string) error { return syscall.Mkfifo(path, 0o600) }), "DIR/journal.jsonl: is a FIFO, not a regular file: find out who put it there; gatewalk did not"},
		"a directory":           {instead(journalFile, func(path string) error { return os.Mkdir(path, 0o700) }), "DIR/journal.jsonl: is a directory, not a regular file: find out who put it there; gatewalk did not"},
		"a link":                {instead(journalFile, func(path string) error { return os.Symlink("plan.json", path) }), "DIR/journal.jsonl: is a symbolic link, not a regular file: find out who put it there; gatewalk did not"},
		"a socket":              {instead(journalFile, func(path string) error { return socketAt(path) }), "DIR/journal.jsonl: is a socket, not a regular file: find out who put it there; gatewalk did not"},
		"a second name": {func(_ *testing.T, dir string) error {
			return os.Link(filepath.Join(dir, journalFile), filepath.Join(dir, "another"))
		}, "DIR/journal.jsonl: has another name elsewhere (a hard link): put a copy of it in its place; gatewalk would change both"},
		"a lock behind a link":  {instead(lockFile, func(path string) error { return os.Symlink(journalFile, path) }), "DIR: cannot be locked: DIR/lock: is a symbolic link, not a regular file: find out who put it there; gatewalk did not"},
		"a lock that is a FIFO": {instead(lockFile, func(path string) error { return syscall.Mkfifo(path, 0o600) }), "DIR: cannot be locked: DIR/lock: is a FIFO, not a regular file: find out who put it there; gatewalk did not"},
		"a lock that is a journal": {func(_ *testing.T, dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, lockFile)), os.Link(filepath.Join(dir, journalFile), filepath.Join(dir, lockFile)))
		}, "DIR: cannot be locked: DIR/lock: has another name elsewhere (a hard link): put a copy of it in its place; gatewalk would change both"},
		"attempts behind a link": {instead(attempts, func(path string) error { return os.Symlink("source", path) }), "DIR/attempts: is a symbolic link, not a directory: find out who put it there; gatewalk did not"},
		"an older format":        {journalOf(older + sumKey + digest([]byte(older)) + sumEnd + "\n"), "DIR/journal.jsonl:1: format 0, this gatewalk knows 1: the journal has another format: open it with the gatewalk that wrote it"},
		"a format without sums":  {journalOf(`{"v":2,"what":"ever"}` + "\n"), "DIR/journal.jsonl:1: format 2, this gatewalk knows 1: the journal has another format: open it with the gatewalk that wrote it"},
		"another session":        {journalOf(line1Of(t, "other")), `DIR/journal.jsonl:1: it names session "other": the journal is another session's: give the directory the name of its session again`},
		"text":                   {journalOf("hello\n"), "DIR/journal.jsonl:1: it does not end in its sum: nothing before that holds; keep the directory, see what ran by its attempts, and begin a new session"},
		"an empty line":          {journalOf("\n"), "DIR/journal.jsonl:1: it does not end in its sum: nothing before that holds; keep the directory, see what ran by its attempts, and begin a new session"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := closedSession(t, walk(3))
			require.NoError(t, c.prepare(t, dir))
			before := picture(t, dir)
			_, err := Open(dir)
			require.EqualError(t, err, strings.ReplaceAll(c.want, "DIR", dir))
			require.Equal(t, before, picture(t, dir), "nothing is harmed")
		})
	}
}

// picture is what stands where a session should be: every name with its kind, and what is in the files, but for the lock's
// label.
func picture(t *testing.T, dir string) map[string]string {
	found := map[string]string{}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		require.True(t, err == nil || errors.Is(err, os.ErrNotExist), "%v", err)
		if d == nil || d.Name() == lockFile {
			return nil
		}
		found[path] = d.Type().String()
		if d.Type().IsRegular() {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			found[path] += digest(content)
		}
		return nil
	})
	return found
}

// socketAt leaves a socket behind that nobody listens on.
func socketAt(path string) error {
	return syscall.Mknod(path, syscall.S_IFSOCK|0o600, 0)
}

// instead removes what is there and puts something else in its place.
func instead(name string, put func(path string) error) func(*testing.T, string) error {
	return func(_ *testing.T, dir string) error {
		path := filepath.Join(dir, name)
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		return put(path)
	}
}

func journalOf(content string) func(*testing.T, string) error {
	return instead(journalFile, func(path string) error { return os.WriteFile(path, []byte(content), 0o600) })
}

func line1Of(t *testing.T, id string) string {
	raw, err := head{session: id}.encode(opening(id))
	require.NoError(t, err)
	return string(raw) + "\n"
}

func TestASessionOfAnotherUserIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a session of another user: not tried out")
	}
	dir := closedSession(t, walk(3))
	require.NoError(t, os.Chown(dir, 4711, -1))
	want := dir + ": belongs to user 4711, you are user 0: resume it as that user, or check a copy with gatewalk verify"
	_, err := Open(dir)
	require.EqualError(t, err, want)
	_, err = OpenReadOnly(dir)
	require.EqualError(t, err, want)

	report, err := Verify(dir)
	require.NoError(t, err, "a record can be checked by someone it does not belong to")
	require.Equal(t, 3, report.Lines)
}

func TestAFileOfAnotherUserIsNotWrittenTo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can make a file of another user")
	}
	dir := closedSession(t, walk(3))
	path := filepath.Join(dir, journalFile)
	require.NoError(t, os.Chown(path, 4711, -1))
	_, err := Open(dir)
	require.EqualError(t, err, path+": belongs to user 4711, you are user 0: find out who put it there; gatewalk did not")
}

// forgetWitness is what a new machine knows of a session that was brought there.
func forgetWitness(t *testing.T, dir string) {
	require.NoError(t, os.Remove(witnessOf(dir)))
}

func witnessOf(dir string) string {
	return filepath.Join(filepath.Dir(dir), witnessDir, filepath.Base(dir))
}

// Somebody puts a backup of the session in its place. Its chain holds; that there was more once is remembered beside it.
func TestAnOlderCopyIsNotTakenForTheSession(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(3))
	backup := filepath.Join(t.TempDir(), session)
	require.NoError(t, os.CopyFS(backup, os.DirFS(j.Dir())))
	appendAll(t, j, []steps.Event{note(4), note(5)})
	require.NoError(t, j.Close())
	require.NoError(t, reopen(t, j.Dir()).Close(), "the session itself is taken up")

	require.NoError(t, os.RemoveAll(j.Dir()))
	require.NoError(t, os.CopyFS(j.Dir(), os.DirFS(backup)))
	require.NoError(t, os.Chmod(j.Dir(), 0o700))
	want := &Damage{File: filepath.Join(j.Dir(), journalFile), Reason: "it ends with event 3, and event 5 was acknowledged here (" + witnessOf(j.Dir()) + "): an older or another copy was put in its place", LastGood: 3}
	_, err := Open(j.Dir())
	require.Equal(t, want, err)
	report, err := Verify(j.Dir())
	require.NoError(t, err)
	require.Contains(t, report.Problems, error(want))
	r, err := OpenReadOnly(j.Dir())
	require.NoError(t, err)
	events, err := r.Load(t.Context())
	require.Equal(t, want, err)
	require.Equal(t, walk(3), events, "it can be read, and gone on from in a new session")
	require.NoError(t, r.Close())

	forgetWitness(t, j.Dir())
	appendAll(t, reopen(t, j.Dir()), []steps.Event{note(4)})
}

// A journal of as many lines that is not the one that was written here.
func TestAnotherCopyIsNotTakenForTheSession(t *testing.T) {
	dir := closedSession(t, walk(3))
	other := newSpecimen(t, append(walk(2), event(3, steps.Noted{Text: "something else"})))
	require.NoError(t, os.WriteFile(filepath.Join(dir, journalFile), other.raw, 0o600))
	_, err := Open(dir)
	var damage *Damage
	require.ErrorAs(t, err, &damage)
	require.EqualValues(t, 2, damage.LastGood)
	require.Contains(t, damage.Reason, "its event 3 is not the one that was acknowledged here")
}

// A new session of an old one's name owes nothing to it, and where nothing can be remembered a session goes on all the
// same.
func TestAWitnessHindersNobody(t *testing.T) {
	dir := closedSession(t, walk(5))
	require.NoError(t, os.RemoveAll(dir))
	j, err := Create(dir)
	require.NoError(t, err)
	appendAll(t, j, walk(1))
	require.NoError(t, j.Close())
	require.NoError(t, reopen(t, dir).Close())

	for _, what := range []func(path string) error{
		func(path string) error { return syscall.Mkfifo(path, 0o600) },
		func(path string) error { return os.Symlink(dir, path) },
		func(path string) error { return os.WriteFile(path, []byte("?\n"), 0o600) },
	} {
		forgetWitness(t, dir)
		require.NoError(t, what(witnessOf(dir)))
		require.NoError(t, reopen(t, dir).Close())
	}
}

// Half a journal, an empty one: nothing that was whole is lost.
func TestACutJournalIsTakenUp(t *testing.T) {
	dir := closedSession(t, walk(4))
	path := filepath.Join(dir, journalFile)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)

	forgetWitness(t, dir)
	require.NoError(t, os.Truncate(path, int64(len(raw)/2)))
	j := reopen(t, dir)
	require.Equal(t, walk(2), load(t, j))
	require.Positive(t, j.Dropped())
	require.NoError(t, j.Close())

	require.NoError(t, os.Truncate(path, 0))
	j = reopen(t, dir)
	require.Empty(t, load(t, j))
	require.Zero(t, j.Dropped())
	appendAll(t, j, walk(1))
}

func TestASecondOpenerIsToldWhoHoldsTheSession(t *testing.T) {
	first := newSession(t)
	appendAll(t, first, walk(2))
	_, err := Open(first.Dir())
	require.ErrorIs(t, err, ErrLocked)
	var locked *Locked
	require.ErrorAs(t, err, &locked)
	require.Equal(t, os.Getpid(), locked.Holder.PID)
	require.Positive(t, locked.Holder.Start)
	host, err := os.Hostname()
	require.NoError(t, err)
	require.Equal(t, host, locked.Holder.Host)
	require.Regexp(t, `^.*/rollout-1: is held by process \d+ on .* \(.*\) since 20.*: go on there, or end that process and resume$`, locked.Error())

	r, err := OpenReadOnly(first.Dir())
	require.NoError(t, err, "looking needs no lock")
	defer r.Close()
	require.Equal(t, walk(2), load(t, r))

	require.NoError(t, first.Close())
	appendAll(t, reopen(t, first.Dir()), []steps.Event{note(3)})
}

func TestAHolderThatHasNotSaidWhoItIs(t *testing.T) {
	held := newSession(t)
	require.NoError(t, os.Truncate(filepath.Join(held.Dir(), lockFile), 0))
	_, err := Open(held.Dir())
	require.ErrorIs(t, err, ErrLocked)
	require.ErrorContains(t, err, "is held by a process that has not yet said who it is")
}

func TestTheSessionsAreListed(t *testing.T) {
	held := newSession(t)
	root := filepath.Dir(held.Dir())
	free, err := Create(filepath.Join(root, "a-first"))
	require.NoError(t, err)
	require.NoError(t, free.Close())
	require.NoError(t, os.Mkdir(filepath.Join(root, "empty"), 0o700))
	require.NoError(t, os.Mkdir(filepath.Join(root, "open"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "stray"), nil, 0o600))

	entries, err := List(root)
	require.NoError(t, err)
	require.Len(t, entries, 5)
	ids, wrong := []string{}, map[string]bool{}
	for _, e := range entries {
		ids = append(ids, e.ID)
		wrong[e.ID] = e.Err != nil
		require.Equal(t, filepath.Join(root, e.ID), e.Dir)
		require.Equal(t, e.ID == session, e.Holder != nil)
	}
	require.Equal(t, []string{"a-first", "empty", "open", session, "stray"}, ids)
	require.Equal(t, map[string]bool{"a-first": false, "empty": true, "open": true, session: false, "stray": true}, wrong)
	require.Equal(t, os.Getpid(), entries[3].Holder.PID)

	none, err := List(filepath.Join(root, "nowhere"))
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = List(filepath.Join(root, "stray"))
	require.ErrorContains(t, err, "cannot be listed (not a directory): set XDG_STATE_HOME")
}

func TestTheRootFollowsTheEnvironment(t *testing.T) {
	t.Setenv("HOME", "/home/ana")
	for state, want := range map[string]string{
		"/var/state": "/var/state/gatewalk/sessions",
		"":           "/home/ana/.local/state/gatewalk/sessions",
		"relative":   "/home/ana/.local/state/gatewalk/sessions",
	} {
		t.Setenv("XDG_STATE_HOME", state)
		root, err := Root()
		require.NoError(t, err)
		require.Equal(t, want, root)
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_STATE_HOME", "")
	_, err := Root()
	require.ErrorContains(t, err, "set XDG_STATE_HOME to an absolute path")
}

func TestAnIDLeadsNowhereElse(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/var/state")
	dir, err := Dir("csm-1.5_2026-11-21")
	require.NoError(t, err)
	require.Equal(t, "/var/state/gatewalk/sessions/csm-1.5_2026-11-21", dir)
	for _, id := range []string{"", ".", "..", "../x", "a/b", "-v", ".hidden", "a b", "a\x1b", strings.Repeat("a", 101)} {
		_, err := Dir(id)
		require.ErrorContains(t, err, "is no session's name: use letters, digits", "%q", id)
	}
	_, err = Create(filepath.Join(t.TempDir(), ".hidden"))
	require.ErrorContains(t, err, ".hidden: is no session's name")
}

func TestASessionIsItsOwnersAlone(t *testing.T) {
	state := filepath.Join(t.TempDir(), "not", "yet", "there")
	j, err := Create(filepath.Join(state, session))
	require.NoError(t, err)
	defer j.Close()
	_, err = j.StorePlan([]byte("{}"))
	require.NoError(t, err)
	require.NoError(t, filepath.Walk(state, func(path string, info os.FileInfo, err error) error {
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, path)
		return nil
	}))

	_, err = Create(filepath.Join(state, session))
	require.ErrorIs(t, err, os.ErrExist)
	require.FileExists(t, filepath.Join(state, session, planFile), "a name given twice costs the first session nothing")
}

// TestAnOutputBehindALinkIsNamed by the first part of its path that is not what it should be.
func TestAnOutputBehindALinkIsNamed(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"is a symbolic link": func(path string) error { return os.Symlink("source", path) },
		"is a FIFO":          func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		dir := closedSession(t, walk(3))
		require.NoError(t, instead(attempts, put)(t, dir))
		reader, err := OpenReadOnly(dir)
		require.NoError(t, err)
		_, err = reader.Output(2)
		require.EqualError(t, err, filepath.Join(dir, attempts)+": "+name+", not a directory: find out who put it there; gatewalk did not")
		require.NoError(t, reader.Close())
	}
}
