package procedure

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is no file inside the folder is not read, and nobody waits for it.
func TestReadInsideStaysInside(t *testing.T) {
	top := t.TempDir()
	folder := filepath.Join(top, "docs")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "sub"), 0o700))
	for name, text := range map[string]string{"outside.md": "secret", "docs/a b.md": "inside", "docs/sub/c.md": "below"} {
		require.NoError(t, os.WriteFile(filepath.Join(top, name), []byte(text), 0o600))
	}
	require.NoError(t, os.Symlink("../outside.md", filepath.Join(folder, "out.md")))
	require.NoError(t, os.Symlink(top, filepath.Join(folder, "up")))
	require.NoError(t, os.Symlink("sub/c.md", filepath.Join(folder, "in.md")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600))
	root, err := os.OpenRoot(folder)
	require.NoError(t, err)
	defer root.Close()
	for target, want := range map[string]string{
		"a%20b.md": "inside", "sub/c.md": "below", "in.md": "below",
		"../outside.md": "path escapes", filepath.Join(top, "outside.md"): "path escapes", "out.md": "path escapes", "up/outside.md": "path escapes",
		"%2e%2e/outside.md": "path escapes", "pipe": "it is no file", "sub": "it is no file", "%zz": "it is no path", "/dev/zero": "path escapes",
	} {
		source, err := readInside(root, target)
		if err != nil {
			require.ErrorContains(t, err, want, target)
			continue
		}
		require.Equal(t, want, string(source), target)
	}
	_, err = readInside(root, "missing.md")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// A folder in a git work tree is read as far as the work tree goes; a home directory is never such a tree.
func TestWorkTree(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "repo", "docs", "deep")
	require.NoError(t, os.MkdirAll(deep, 0o700))
	t.Setenv("HOME", top)
	require.NoError(t, os.Mkdir(filepath.Join(top, ".git"), 0o700))
	require.Equal(t, deep, workTree(deep))
	require.NoError(t, os.Mkdir(filepath.Join(top, "repo", ".git"), 0o700))
	require.Equal(t, filepath.Join(top, "repo"), workTree(deep))
}

// A pipe that nobody writes to is empty, as the error then says; to wait for somebody would look like a hang.
func TestAPipeThatNobodyWritesToIsEmpty(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(name, 0o600))
	source, err := ReadSource(name)
	require.NoError(t, err)
	require.Empty(t, source)
}
