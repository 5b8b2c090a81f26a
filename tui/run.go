package tui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Frames a second: enough for a person, few enough for a slow line.
const (
	frames        = 25
	framesOverSSH = 10
)

// Run shows a session until the operator leaves or ctx is done; the terminal is then as it was. It fails when there is
// no terminal to draw on.
func Run(ctx context.Context, session Session, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := New(session, o)
	m.link.done = ctx.Done()
	_, err := tea.NewProgram(m, programOptions(ctx, o)...).Run()
	if errors.Is(err, tea.ErrInterrupted) || ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func programOptions(ctx context.Context, o Options) []tea.ProgramOption {
	fps := frames
	if o.SSH {
		fps = framesOverSSH
	}
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(fps)}
	if o.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.Ascii))
	}
	return options
}
