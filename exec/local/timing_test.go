package local_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/local"
)

func (s session) times(attempt string) []exec.Printed {
	return slices.Collect(local.Times(strings.NewReader(s.read(attempt, "times"))))
}

func TestWhatIsPrintedIsTimed(t *testing.T) {
	s := newSession(t, local.Options{})
	gate := filepath.Join(t.TempDir(), "gate")
	running := s.Start(withSecret("", `printf "before $SITE_KEY"`, "until [ -e "+gate+" ]; do sleep 0.05; done", "printf after"))
	running.Await("before")
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	result := running.Wait()
	told := s.times("1")
	require.Len(t, told, 2)
	require.Equal(t, "before [redacted]", string(result.Raw[:told[0].Offset]), "the offsets are those of the redacted output")
	require.Equal(t, result.Bytes, told[1].Offset)
	require.Less(t, told[0].At, told[1].At)
	require.Less(t, told[1].At, result.Took)
	require.NoError(t, s.Runner.Release(1))
	require.Len(t, s.times("1"), 2, "times outlive release, as the output does")
}

func TestTheTimesOfAFloodAreFew(t *testing.T) {
	s := newSession(t, local.Options{})
	result := s.Do("yes | head -c 3000000")
	told := s.times("1")
	require.Equal(t, result.Bytes, told[len(told)-1].Offset)
	require.LessOrEqual(t, len(told), 2+2*int(result.Took.Milliseconds()/10))
}
