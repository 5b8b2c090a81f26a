package journal

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStoredFilesComeBack(t *testing.T) {
	j := newSession(t)
	source, err := j.StoreSource("docs/operations/rollout.md", strings.NewReader("# Rollout\n"))
	require.NoError(t, err)
	require.Equal(t, Stored{"rollout.md", "sha256:" + digest([]byte("# Rollout\n")), 10}, source)
	planned, err := j.StorePlan([]byte(plan))
	require.NoError(t, err)
	require.Equal(t, Stored{planFile, "sha256:" + digest([]byte(plan)), int64(len(plan))}, planned)
	attached, err := j.StoreAttachment("/tmp/switch port.png", strings.NewReader("\x89PNG"))
	require.NoError(t, err)
	require.Equal(t, "switch_port.png", attached.Name)

	require.NoError(t, j.Close())
	r, err := OpenReadOnly(j.Dir())
	require.NoError(t, err)
	defer r.Close()
	opened, err := r.Source(source.Name)
	require.NoError(t, err)
	defer opened.Close()
	content, err := io.ReadAll(opened)
	require.NoError(t, err)
	require.Equal(t, "# Rollout\n", string(content))
	content, err = r.Plan()
	require.NoError(t, err)
	require.Equal(t, plan, string(content))
	content, err = os.ReadFile(r.path(attachments + "/" + attached.Name))
	require.NoError(t, err)
	require.Equal(t, "\x89PNG", string(content))
}

func TestNothingStoredIsReplaced(t *testing.T) {
	j := newSession(t)
	_, err := j.StorePlan([]byte(plan))
	require.NoError(t, err)
	_, err = j.StorePlan([]byte("another"))
	require.ErrorIs(t, err, os.ErrExist)

	var names []string
	for _, like := range []string{"a/log.txt", "b/log.txt", "log.txt"} {
		stored, err := j.StoreAttachment(like, strings.NewReader(like))
		require.NoError(t, err)
		names = append(names, stored.Name)
	}
	require.Equal(t, []string{"log.txt", "log-2.txt", "log-3.txt"}, names)
}

func TestNamesAreTamed(t *testing.T) {
	for like, want := range map[string]string{
		"plain.md": "plain.md", "../../etc/passwd": "passwd", ".bashrc": "bashrc", "-rf": "rf", "..": "file", "": "file", "/": "file",
		"a b\x1b[31m.txt": "a_b_31m.txt", "größe.log": "gr_e.log", "https://wiki/page?id=7": "page_id_7",
		strings.Repeat("x", 300) + ".md": strings.Repeat("x", 97) + ".md",
	} {
		require.Equal(t, want, tameName(like), "%q", like)
	}
}

func TestNothingOutsideIsReachedByName(t *testing.T) {
	j := newSession(t)
	secret := filepath.Join(filepath.Dir(j.Dir()), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("x"), 0o600))
	require.NoError(t, os.Symlink(secret, filepath.Join(j.Dir(), sources, "link")))
	for _, name := range []string{"../../secret", "../" + planFile + "/../../secret", secret, "link"} {
		_, err := j.Source(name)
		require.Error(t, err, name)
	}
}

func TestADirectoryBehindALinkIsNotEntered(t *testing.T) {
	j := newSession(t)
	stored, err := j.StoreSource("rollout.md", strings.NewReader("# Rollout\n"))
	require.NoError(t, err)
	require.NoError(t, os.Rename(filepath.Join(j.Dir(), sources), filepath.Join(j.Dir(), "elsewhere")))
	require.NoError(t, os.Symlink("elsewhere", filepath.Join(j.Dir(), sources)))
	_, err = j.Source(stored.Name)
	require.ErrorContains(t, err, "source: is a symbolic link, not a directory")
}

func TestAnAttemptsOutputIsRead(t *testing.T) {
	j := newSession(t)
	_, err := j.Output(42)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.Mkdir(j.AttemptDir(42), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(j.AttemptDir(42), "out"), []byte("up 3 days\n"), 0o600))
	opened, err := j.Output(42)
	require.NoError(t, err)
	defer opened.Close()
	content, err := io.ReadAll(opened)
	require.NoError(t, err)
	require.Equal(t, "up 3 days\n", string(content))
}
