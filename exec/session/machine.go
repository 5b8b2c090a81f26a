package session

import (
	"os"
	"os/user"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"gatewalk/runbook"
	"gatewalk/runbook/shell"
	"gatewalk/steps"
)

// ThisMachine is what a session of this operator on this machine must be told.
func ThisMachine() Options {
	return Options{Actor: Operator(), Machine: machine(), Boot: boot(), Build: Build(), Terminal: Terminal()}
}

// Inherit is what a runbook reads and the operator's environment has, NAME=value; once, as a fact. What is named like a secret is not
// inherited.
func Inherit(plan *runbook.Plan, environ []string) map[string]string {
	inherited := map[string]string{}
	for i := range plan.Blocks {
		for _, name := range plan.Blocks[i].Reads {
			if value, ok := lookup(environ, name); ok && !shell.Standard(name) && !shell.SecretName(name) {
				inherited[name] = value
			}
		}
	}
	return inherited
}

func lookup(environ []string, name string) (string, bool) {
	for _, setting := range environ {
		if value, ok := strings.CutPrefix(setting, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// OnSite is what a rehearsal on a shipped runbook's site is told. It plays the host that the runbook names first, and inherits nothing.
func (o Options) OnSite(plan *runbook.Plan, site string) Options {
	o.Simulated, o.Site = true, site
	for i := range plan.Blocks {
		if host := plan.Blocks[i].Host; host != "" {
			o.Machine = host
			break
		}
	}
	return o
}

// Operator is who is at this console, as the system knows them.
func Operator() steps.Actor {
	actor := steps.Actor{Name: "uid " + strconv.Itoa(os.Getuid()), UID: os.Getuid(), Via: steps.Terminal}
	if who, err := user.Current(); err == nil {
		actor.Name = who.Username
	}
	return actor
}

// machine is this machine's name without its domain, as procedures write it.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "this machine"
	}
	short, _, _ := strings.Cut(name, ".")
	return short
}

func boot() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}

// Build is the version that this program was built from.
func Build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			version += " " + setting.Value
		}
	}
	return version
}

// Terminal is the operator's terminal, at this process's standard input; "" if that is none.
func Terminal() string {
	if _, err := unix.IoctlGetTermios(int(os.Stdin.Fd()), unix.TCGETS); err != nil {
		return ""
	}
	name, _ := os.Readlink("/proc/self/fd/0")
	return name
}
