package exectest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// LetOthersInto opens a directory of a test to other users. What lies above is not the test's to open: where others cannot come so far,
// the test is skipped, and says so.
func LetOthersInto(t *testing.T, dir string) {
	t.Helper()
	for ; dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		require.NoError(t, err)
		if info.Mode()&1 == 0 {
			t.Skipf("SKIPPED: other users cannot enter %s, which the files of tests are in", dir)
		}
	}
}
