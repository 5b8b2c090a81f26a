package keeper_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec/keeper"
	"gatewalk/steps"
)

// TestTheWheelIsNeverWithWhoIsGone, however screens come, go, are cut off, ask, give and take.
func TestTheWheelIsNeverWithWhoIsGone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := newHouse(t).serve()
		defer h.end()
		first := h.attach("/dev/pts/0", begin())
		screens := []*screen{first}
		for range rapid.IntRange(1, 12).Draw(r, "moves") {
			s := rapid.SampledFrom(screens).Draw(r, "screen")
			// What is refused to one who does not drive, or asks twice, is not the point here.
			switch rapid.IntRange(0, 6).Draw(r, "move") {
			case 0:
				screens = append(screens, h.attach(rapid.SampledFrom([]string{"/dev/pts/1", "/dev/pts/2", ""}).Draw(r, "terminal"), keeper.Order{}))
			case 1:
				screens = without(screens, s, s.Close)
			case 2:
				screens = without(screens, s, s.Drop)
			case 3:
				_ = s.Do(steps.Drive{Reason: "my turn"}, s.state().Seq())
			case 4:
				_ = s.Do(steps.Drive{Forced: true, Reason: "nobody answers"}, s.state().Seq())
			case 5:
				if asking := s.state().Asking(); asking != nil {
					_ = s.Do(steps.Yield{To: asking.By}, s.state().Seq())
				}
			case 6:
				_ = s.Do(steps.Park{}, s.state().Seq())
			}
		}
		attached := map[string]bool{"": true}
		for _, s := range screens {
			attached[s.Label()] = true
		}
		last := screens[len(screens)-1]
		require.Eventually(t, func() bool {
			state := last.state()
			return attached[state.Driver()] && (state.Asking() == nil || attached[state.Asking().By])
		}, 20*time.Second, time.Millisecond)
	})
}

// without lets a screen go, unless it is the last.
func without(screens []*screen, s *screen, leave func() error) []*screen {
	var rest []*screen
	for _, other := range screens {
		if other != s {
			rest = append(rest, other)
		}
	}
	if len(rest) == 0 || leave() != nil {
		return screens
	}
	return rest
}
