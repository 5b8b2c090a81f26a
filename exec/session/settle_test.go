package session_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/steps"
)

// What has just ended is judged beside the session: who asks whether it can be let go of then waits for that, and not for what runs.
func TestSettlingWaitsForWhatIsSoonOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(t, func(exec.Launch) exectest.Answer { return exectest.Answer{Waits: true} })
		release, settled := make(chan struct{}), make(chan struct{})
		s.Begin(func() { <-release })
		go func() {
			s.Settle()
			close(settled)
		}()
		synctest.Wait()
		select {
		case <-settled:
			t.Fatal("it did not wait")
		default:
		}
		require.True(t, s.Busy())
		close(release)
		<-settled
		require.False(t, s.Busy())

		s.must(steps.Run{Place: at("A=1")})
		s.Settle()
		require.True(t, s.Busy(), "it runs on")
	})
}
