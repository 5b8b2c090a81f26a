package session_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/exectest"
	"gatewalk/steps"
)

// TestAClockThatJumpsIsAFact, before what is said next; that time passes, or that a clock is set right by a little, is none.
func TestAClockThatJumpsIsAFact(t *testing.T) {
	for jump, seconds := range map[time.Duration]float64{time.Hour: 3600, -time.Hour: -3600, time.Second: 0, 0: 0} {
		s := begin(t, exectest.InOrder())
		s.JumpClock(jump)
		s.must(steps.Note{Text: "what time is it?"})
		events, _ := s.Facts(0)
		require.Equal(t, []steps.Fact{steps.Noted{Text: "what time is it?"}}, events[len(events)-1].Facts)
		if seconds == 0 {
			require.Len(t, events, 2, "the opening and the note")
			continue
		}
		told, ok := events[len(events)-2].Facts[0].(steps.ClockJumped)
		require.True(t, ok, "%T", events[len(events)-2].Facts[0])
		require.InDelta(t, seconds, told.Seconds, 1)
	}
}
