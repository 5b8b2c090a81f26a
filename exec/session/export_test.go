package session_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// TestAnOutputThatWasChangedIsNotShownForWhatWasRecorded: who signs a transcript signs what it shows.
func TestAnOutputThatWasChangedIsNotShownForWhatWasRecorded(t *testing.T) {
	s := begin(t, func(exec.Launch) exectest.Answer { return exectest.Answer{Output: "it was refused\n"} })
	s.must(steps.Run{Place: at("A=1")})
	state := s.settled("A=1", "done")
	s.prints(state.Spot(at("A=1")).Last, "it was refused\n")
	require.Contains(t, s.transcript(), "it was refused")

	s.prints(state.Spot(at("A=1")).Last, "it was granted\n")
	text := s.transcript()
	require.NotContains(t, text, "it was granted")
	require.Contains(t, text, "its text: could not be read: "+filepath.Join(s.dir, "attempts"))
	require.Contains(t, text, "is not what line")
}

// transcript is the session's record as Markdown.
func (s *site) transcript() string {
	reader, err := journal.OpenReadOnly(s.dir)
	require.NoError(s.t, err)
	defer reader.Close()
	var text bytes.Buffer
	require.NoError(s.t, session.Export(&text, "md", reader))
	return text.String()
}
