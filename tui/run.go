package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"gatewalk/steps"
)

// Frames a second: enough for a person, few enough for a slow line.
const (
	frames        = 25
	framesOverSSH = 10
)

// Run shows a session until the operator leaves or ctx is done; the terminal is then as it was. It fails when there is
// no terminal to draw on.
func Run(ctx context.Context, session steps.Session, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := New(session, o)
	m.link.done, m.link.frame = ctx.Done(), time.Second/time.Duration(o.frames())
	_, err := tea.NewProgram(m, programOptions(ctx, o)...).Run()
	if errors.Is(err, tea.ErrInterrupted) || ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (o Options) frames() int {
	if o.SSH {
		return framesOverSSH
	}
	return frames
}

func programOptions(ctx context.Context, o Options) []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(o.frames())}
	if o.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.Ascii))
	}
	return options
}
