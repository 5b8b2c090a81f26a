package journal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// copyOf is a session's directory as cp -r makes another of it, under another root.
func copyOf(t *testing.T, dir string) string {
	to := filepath.Join(t.TempDir(), filepath.Base(dir))
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	require.NoError(t, os.Chmod(to, 0o700))
	return to
}

// copied says whether a directory is taken for a copy when it is opened.
func copied(t *testing.T, dir string) bool {
	t.Helper()
	j, err := Open(dir)
	require.NoError(t, err)
	defer j.Close()
	return j.Copied()
}

func TestACopyIsKnownForOne(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(3))
	dir := j.Dir()
	require.NoError(t, j.Close())
	require.False(t, copied(t, dir))
	require.True(t, copied(t, copyOf(t, dir)))

	moved := filepath.Join(t.TempDir(), filepath.Base(dir))
	mirrored := filepath.Join(t.TempDir(), filepath.Base(dir))
	_, _ = Copy(t.Context(), dir, mirrored) // it says that there is no plan to copy
	require.True(t, copied(t, mirrored))

	require.NoError(t, os.Rename(dir, moved))
	require.False(t, copied(t, moved), "a directory that was moved is still the one")

	require.NoError(t, os.Remove(filepath.Join(moved, homeFile)))
	require.True(t, copied(t, moved), "what names no home may be a copy")
	held, err := Open(moved)
	require.NoError(t, err)
	require.NoError(t, held.Settle(moved))
	require.NoError(t, held.Close())
	require.False(t, copied(t, moved))
}

func TestACopyIsNotTakenUpWhileItsOriginalIsHeld(t *testing.T) {
	j := newSession(t)
	appendAll(t, j, walk(3))
	mirrored := filepath.Join(t.TempDir(), j.ID())
	_, _ = Copy(t.Context(), j.Dir(), mirrored)
	for _, to := range []string{copyOf(t, j.Dir()), mirrored} {
		_, err := Open(to)
		require.ErrorIs(t, err, ErrLocked)
		require.ErrorContains(t, err, "is a copy of "+j.Dir()+", which process")
	}
	to := copyOf(t, j.Dir())
	require.NoError(t, j.Close())
	require.True(t, copied(t, to))
}
