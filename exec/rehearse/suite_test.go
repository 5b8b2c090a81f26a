package rehearse_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"
)

func TestARehearsalIsARunner(t *testing.T) {
	exectest.Run(t, func(t *testing.T) exec.Runner {
		runner, err := rehearse.New(t.TempDir(), fstest.MapFS{}, rehearse.Options{})
		require.NoError(t, err)
		return runner
	})
}
