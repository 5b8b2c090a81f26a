// Package exectest holds the one suite that every Runner must pass, and a Runner that answers from a script.
//
// Its promise: what the suite asks for, a caller may rely on, whichever Runner it was given. It asks through the interface alone,
// leaves out what a Runner's Caps rule out, and uses only what every shell has built in, so that a simulated site passes it too.
package exectest

import (
	"testing"

	"gatewalk/exec"
)

// Run tells every story about a Runner. Each story gets a Runner of its own.
func Run(t *testing.T, open func(t *testing.T) exec.Runner) {
	for _, chapter := range [][]story{attempts, ends, contexts, terminals} {
		for _, story := range chapter {
			t.Run(story.name, func(t *testing.T) { story.tell(t, open(t)) })
		}
	}
}

// story is one thing a caller may rely on. Needs is nil where every Runner must do it.
type story struct {
	name  string
	needs func(exec.Caps) bool
	tells func(*Bench)
}

func (s story) tell(t *testing.T, runner exec.Runner) {
	if s.needs != nil && !s.needs(runner.Caps()) {
		t.Skip("this runner cannot do that, and its Caps say so")
	}
	s.tells(&Bench{T: t, Runner: runner})
}

func needsTerminal(caps exec.Caps) bool { return caps.Terminal }
func needsContexts(caps exec.Caps) bool { return caps.Contexts }
