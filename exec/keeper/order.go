package keeper

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"gatewalk/exec/hook"
	"gatewalk/exec/session"
	"gatewalk/runbook"
)

// Order is what is to be done in a session's directory: to begin a walk of a plan, or without one to go on where the journal ends.
// It travels through the socket, because an environment may hold what no argument list and no file may.
type Order struct {
	Plan       *runbook.Plan      `json:"plan,omitempty"`
	Source     []byte             `json:"source,omitempty"`
	Documents  []session.Document `json:"documents,omitempty"`
	Site       string             `json:"site,omitempty"` // of a rehearsal: the shipped runbook whose site it is
	Faults     []string           `json:"faults,omitempty"`
	Revises    string             `json:"revises,omitempty"` // directory of the session that goes on in this plan
	Unattended bool               `json:"unattended,omitempty"`

	// What goes on beside the session: the site's hooks, and the directory that a copy of its record is kept in.
	Hooks            []hook.Hook `json:"hooks,omitempty"`
	HooksInRehearsal bool        `json:"hooks_in_rehearsal,omitempty"`
	Mirror           string      `json:"mirror,omitempty"`

	Environ [][]byte `json:"environ"` // of the operator, NAME=value; not all of it is text
	Umask   int      `json:"umask"`
	// Linger is how long the keeper waits for a screen while nothing goes on.
	Linger time.Duration `json:"linger,omitempty"`
}

// DefaultLinger is as long as what was verified counts as fresh: after that a resume asks no more than the walk would have.
const DefaultLinger = 15 * time.Minute

// longest is how long a keeper lingers that holds secrets, which a new one would have to ask for again.
const longest = 12 * time.Hour

// WithLogin is an order with what this process got from the operator's login: environment and umask.
func (o Order) WithLogin() Order {
	for _, setting := range os.Environ() {
		o.Environ = append(o.Environ, []byte(setting))
	}
	o.Umask = umask()
	return o
}

// Login is the operator's environment.
func (o Order) Login() []string {
	environ := make([]string, len(o.Environ))
	for i, setting := range o.Environ {
		environ[i] = string(setting)
	}
	return environ
}

// lingers is how long a keeper of a session waits for a screen while nothing goes on.
func (o Order) lingers(secrets int) time.Duration {
	if secrets > 0 && o.Linger > 0 {
		return max(longest, o.Linger)
	}
	return o.Linger
}

// umask reads what the system call can only tell by changing it.
func umask() int {
	old := unix.Umask(0o077)
	unix.Umask(old)
	return old
}

// Hello is how a screen introduces itself.
type Hello struct {
	Version  int    `json:"version"`
	Build    string `json:"build"`
	Terminal string `json:"terminal,omitempty"` // at its standard input, as /dev/pts/3; "" if that is none
}

// Screen is the terminal's short name.
func (h Hello) screen() string {
	if h.Terminal == "" {
		return "no terminal"
	}
	return strings.TrimPrefix(h.Terminal, "/dev/")
}

// Status is who keeps a session, and for whom.
type Status struct {
	Version int       `json:"version"`
	Build   string    `json:"build"`
	PID     int       `json:"pid"`
	Program string    `json:"program"` // path of what runs
	Since   time.Time `json:"since"`
	Manner  Manner    `json:"manner"`
	Screens []string  `json:"screens,omitempty"` // those attached
}
