package exectest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// Facts tells of the news of a session.
type Facts interface {
	Facts(from uint64) ([]steps.Event, <-chan struct{})
}

// Until waits for something to hold that only news of a session can make true. It fails after a minute: that is not slow, it hangs.
func Until(t testing.TB, session Facts, holds func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		_, news := session.Facts(1 << 40)
		if holds() {
			return
		}
		select {
		case <-news:
		case <-deadline:
			require.Fail(t, "the session never came to it")
		}
	}
}
