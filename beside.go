package main

import (
	"fmt"
	"os"
	"path/filepath"

	"gatewalk/exec/hook"
	"gatewalk/exec/keeper"
	"gatewalk/exec/mirror"
	"gatewalk/exec/session"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// company is what goes on beside a walk: the site's hooks, and a copy of the record elsewhere.
type company struct {
	mirror    string // a directory; "none" ends what an earlier sitting began, "" leaves it as it is
	rehearsed bool   // hooks run in a rehearsal too
	hooks     []hook.Hook
}

// ready finds out what is wrong with it, before there is a session.
func (w *company) ready() (err error) {
	if w.mirror != "" && w.mirror != noMirror {
		if w.mirror, err = filepath.Abs(w.mirror); err != nil {
			return err
		}
		if err := mirror.Check(w.mirror); err != nil {
			return err
		}
	}
	w.hooks, err = hook.Load()
	return err
}

const noMirror = "none"

// alongside begins what goes on beside a session, wherever it is held.
func alongside(s *session.Session, order keeper.Order) (end func()) {
	by := session.Operator()
	by.Via = steps.Machine
	beside := s.As(by)
	var closers []func() error
	if hooks := order.Hooks; len(hooks) > 0 && (!s.State().Opened().Simulated || order.HooksInRehearsal) {
		closers = append(closers, hook.Watch(beside, hooks).Close)
	}
	if place := mirrored(s.Dir(), order.Mirror); place != "" {
		closers = append(closers, mirror.Keep(beside, place).Close)
	}
	return func() {
		for _, end := range closers { // what the hooks say at last is still copied
			if err := end(); err != nil {
				fmt.Fprintln(os.Stderr, "gatewalk:", safe.Of(err.Error()).Plain())
			}
		}
	}
}

// asked is the mirror that an order has to name for a session; "" where it is kept there already.
func (w *company) asked(dir string) string {
	if status, kept := mirror.Of(dir); kept == (w.mirror != noMirror) && (!kept || status.Place == w.mirror) {
		return ""
	}
	return w.mirror
}

// mirrored is where the copy of a session is to be kept: as ordered, or as in the sitting before.
func mirrored(dir, ordered string) string {
	switch ordered {
	case "":
		status, _ := mirror.Of(dir)
		return status.Place
	case noMirror:
		if err := mirror.Forget(dir); err != nil {
			fmt.Fprintln(os.Stderr, "gatewalk:", err)
		}
		return ""
	}
	return ordered
}
