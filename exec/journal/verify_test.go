package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// recorded is a finished session with a document, a plan, an attempt and an attachment.
func recorded(t *testing.T) string {
	j := newSession(t)
	source, err := j.StoreSource("rollout.md", strings.NewReader("# Rollout\n"))
	require.NoError(t, err)
	planned, err := j.StorePlan([]byte(plan))
	require.NoError(t, err)
	photo, err := j.StoreAttachment("photo.png", strings.NewReader("\x89PNG"))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(j.AttemptDir(2), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(j.AttemptDir(2), "out"), []byte("up 3 days\n"), 0o600))

	begun := opening(session)
	begun.Facts = []steps.Fact{steps.Opened{Session: session, Plan: planned.Digest, Sources: map[string]string{source.Name: source.Digest}}}
	appendAll(t, j, []steps.Event{
		begun,
		event(2, steps.Started{Text: "uptime"}),
		event(3, steps.Finished{Attempt: 2, Bytes: 10, Output: "sha256:" + digest([]byte("up 3 days\n"))}),
		event(4, steps.Started{Text: "true"}),
		event(5, steps.Finished{Attempt: 4, Output: emptyDigest}),
		event(6, steps.Attached{Source: "/tmp/photo.png", Stored: photo.Name, Digest: photo.Digest, Bytes: photo.Bytes}),
		event(7, steps.Attached{Source: "https://wiki/page"}),
	})
	require.NoError(t, j.Close())
	return j.Dir()
}

func TestAWholeRecordHolds(t *testing.T) {
	dir := recorded(t)
	report, err := Verify(dir)
	require.NoError(t, err)
	require.Empty(t, report.Problems)
	require.True(t, report.Holds())
	report.Problems = nil
	require.Equal(t, Report{
		Session: session, Lines: 7, Files: 5, Sum: reopen(t, dir).Sum(),
		First: noon.Add(time.Second), Last: noon.Add(7 * time.Second),
	}, report)
}

// Everything a record consists of is changed, one at a time, and found by its place.
func TestWhateverWasChangedIsFound(t *testing.T) {
	rewrite := func(path string) error { return os.WriteFile(path, []byte("something else"), 0o600) }
	for name, c := range map[string]struct {
		file   string
		change func(path string) error
		want   string
	}{
		"the output":     {"attempts/2/out", rewrite, "is not what line 3 recorded (sha256:f41f3fa6"},
		"no output":      {"attempts/2/out", os.Remove, "is missing, and line 3 recorded it: look for it where this directory was copied from"},
		"the document":   {"source/rollout.md", rewrite, "is not what line 1 recorded"},
		"no document":    {"source/rollout.md", os.Remove, "is missing, and line 1 recorded it"},
		"the plan":       {planFile, rewrite, "is not what line 1 recorded"},
		"the attachment": {"attachments/photo.png", rewrite, "is not what line 6 recorded"},
		"a link": {planFile, func(path string) error {
			return instead("", func(p string) error { return os.Symlink("source/rollout.md", p) })(t, path)
		}, "is a symbolic link, not a regular file"},
		"an attempt": {"attempts/9", func(path string) error { return os.Mkdir(path, 0o700) }, "an attempt was started that the journal does not know"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := recorded(t)
			require.NoError(t, c.change(filepath.Join(dir, c.file)))
			report, err := Verify(dir)
			require.NoError(t, err)
			require.False(t, report.Holds())
			require.Len(t, report.Problems, 1)
			require.ErrorContains(t, report.Problems[0], filepath.Join(dir, c.file)+": "+c.want)
		})
	}
}

func TestADamagedJournalIsCheckedAsFarAsItHolds(t *testing.T) {
	dir := recorded(t)
	path := filepath.Join(dir, journalFile)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(raw), `"text":"true"`, `"text":"fals"`, 1)), 0o600))
	report, err := Verify(dir)
	require.NoError(t, err)
	require.Equal(t, 3, report.Lines)
	require.Equal(t, 3, report.Files)
	require.Equal(t, []error{&Damage{path, 4, 4, "its sum is not that of its bytes", 3}}, report.Problems)
}

func TestAnUnfinishedLineIsReported(t *testing.T) {
	dir := recorded(t)
	path := filepath.Join(dir, journalFile)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, raw[:len(raw)-5], 0o600))
	forgetWitness(t, dir)
	report, err := Verify(dir)
	require.NoError(t, err)
	require.Equal(t, 6, report.Lines)
	require.Len(t, report.Problems, 1)
	require.Regexp(t, `journal.jsonl:7: \d+ bytes of an unfinished line, which was never acknowledged: resume the session`, report.Problems[0].Error())
}

func TestWhatIsNoSessionCannotBeChecked(t *testing.T) {
	_, err := Verify(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "there is no such session")
	_, err = Verify(t.TempDir())
	require.ErrorContains(t, err, "there is no journal here")
}

func TestARecordIsCheckedFromWithin(t *testing.T) {
	t.Chdir(recorded(t))
	report, err := Verify(".")
	require.NoError(t, err)
	require.True(t, report.Holds(), report.Problems)
	require.Equal(t, session, report.Session)
}

func TestALiveSessionIsChecked(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(5))
	report, err := Verify(j.Dir())
	require.NoError(t, err)
	require.Equal(t, 5, report.Lines)
	require.Equal(t, j.Sum(), report.Sum)
}
