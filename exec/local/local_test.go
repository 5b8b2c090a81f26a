package local_test

import (
	"os"
	"testing"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

func TestMain(m *testing.M) {
	local.Shim()
	os.Exit(m.Run())
}

func TestRunner(t *testing.T) {
	exectest.Run(t, func(t *testing.T) exec.Runner { return local.New(t.TempDir(), local.Options{}) })
}
