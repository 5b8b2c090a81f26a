package exectest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Files is what a folder and those below it hold, by path. A session that goes on puts files in the place of others: where one
// vanishes while it is read, all are read again, so that nothing goes unseen between two names.
func Files(t testing.TB, folder string) map[string]string {
	t.Helper()
	for {
		found, err := files(folder)
		if !errors.Is(err, fs.ErrNotExist) {
			require.NoError(t, err)
			require.NotEmpty(t, found, "%s holds nothing that could be looked into", folder)
			return found
		}
	}
}

func files(folder string) (map[string]string, error) {
	found := map[string]string{}
	return found, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
}
