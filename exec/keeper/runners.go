package keeper

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// Runners make what runs the commands of a session.
type Runners struct {
	Here session.MakeRunner                       // on this machine
	Site func(faults []string) session.MakeRunner // on the simulated site of a shipped runbook
}

// Keep opens a session in its keeper, whose process takes on the operator's login as far as it can be taken on.
func (r Runners) Keep(held *journal.Journal, order Order, screen session.Options) (*session.Session, error) {
	os.Clearenv()
	for _, setting := range order.Login() {
		if name, value, ok := strings.Cut(setting, "="); ok && name != "" {
			if err := os.Setenv(name, value); err != nil {
				return nil, errors.Join(err, held.Close())
			}
		}
	}
	unix.Umask(order.Umask)
	return r.open(held, order, screen)
}

// open does what is ordered in a journal that is held.
func (r Runners) open(held *journal.Journal, order Order, screen session.Options) (*session.Session, error) {
	options := session.ThisMachine()
	options.Actor, options.Terminal, options.Keeper = screen.Actor, screen.Terminal, screen.Keeper
	options.Unattended, options.Documents = order.Unattended, order.Documents
	switch {
	case order.Plan == nil:
		return session.Reopen(held, r.whereItWas, options)
	case order.Revises != "":
		revised, err := session.Revise(order.Revises, order.Plan)
		if err != nil {
			return nil, errors.Join(err, held.Close())
		}
		return revised.Begin(held, order.Source, r.whereItWas, options)
	case order.Site != "":
		return session.Begin(held, order.Plan, order.Source, r.Site(order.Faults), options.OnSite(order.Plan, order.Site))
	}
	options.Inherited = session.Inherit(order.Plan, order.Login())
	return session.Begin(held, order.Plan, order.Source, r.Here, options)
}

// whereItWas runs commands where the session ran them before.
func (r Runners) whereItWas(dir string, opened steps.Opened) (exec.Runner, error) {
	if opened.Simulated {
		return r.Site(nil)(dir, opened)
	}
	return r.Here(dir, opened)
}
