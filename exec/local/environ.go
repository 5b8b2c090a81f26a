package local

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gatewalk/exec"
)

// complete fills in what was left out.
func (o Options) complete() Options {
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	if o.Directory == "" {
		o.Directory = o.value("HOME")
	}
	if info, err := os.Stat(o.Directory); err != nil || !info.IsDir() {
		o.Directory = "/"
	}
	if o.Umask == 0 {
		o.Umask = ownUmask()
	}
	return o
}

// ownUmask reads what the system call can only tell by changing it.
func ownUmask() int {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "Umask:"); found {
			umask, _ := strconv.ParseInt(strings.TrimSpace(value), 8, 32)
			return int(umask)
		}
	}
	return 0o022
}

func (o Options) value(name string) string {
	for _, setting := range o.Environ {
		if value, found := strings.CutPrefix(setting, name+"="); found {
			return value
		}
	}
	return ""
}

// LogIn takes what belongs to a login, its agents, display and proxies, from the environment of an operator who has come back. What
// runs already keeps what it has.
func (r *Runner) LogIn(environ []string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.options.Environ = slices.Concat(
		slices.DeleteFunc(slices.Clone(r.options.Environ), settingOfLogin),
		slices.DeleteFunc(slices.Clone(environ), func(setting string) bool { return !settingOfLogin(setting) }),
	)
}

func settingOfLogin(setting string) bool {
	name, _, _ := strings.Cut(setting, "=")
	return ofThisLogin(name)
}

// operator is who the operator is by now.
func (r *Runner) operator() Options {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.options
}

// find looks a program up on the operator's PATH.
func (o Options) find(program string) (string, error) {
	for _, dir := range filepath.SplitList(o.value("PATH")) {
		path := filepath.Join(dir, program)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not on PATH (%s): install it or correct PATH", program, o.value("PATH"))
}

// environ is what the shell of a launch is started with: all of an operator's environment that a fresh context may have, and where a
// context is restored only what belongs to the present login. Secrets come last and win.
func (o Options) environ(launch exec.Launch) []string {
	var environ []string
	for _, setting := range o.Environ {
		name, _, _ := strings.Cut(setting, "=")
		if name != "TERM" && (ofThisLogin(name) || launch.Context == "" && ofTheOperator(name)) {
			environ = append(environ, setting)
		}
	}
	environ = append(environ, "TERM="+o.terminal())
	for _, secret := range launch.Secrets {
		environ = append(environ, secret.Name+"="+string(secret.Value))
	}
	return environ
}

// terminal is the kind of terminal that a command is told it has: the one it is drawn on, which is the same on every day and for every
// screen, whatever the operator's own is. A dumb one stays dumb: who has set that wants no drawing.
func (o Options) terminal() string {
	switch o.value("TERM") {
	case "dumb":
		return "dumb"
	case "":
		return "xterm"
	}
	return "xterm-256color"
}

var operatorNames = []string{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "KUBECONFIG"}

func ofTheOperator(name string) bool {
	return slices.Contains(operatorNames, name) || strings.HasPrefix(name, "LC_")
}

var loginNames = []string{
	"TERM", "COLORTERM", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_CONNECTION", "SSH_CLIENT", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
	"XDG_RUNTIME_DIR", "XDG_SESSION_ID", "DBUS_SESSION_BUS_ADDRESS", "GPG_AGENT_INFO", "KRB5CCNAME",
	"http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy",
	"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY",
}

// ofThisLogin names what is never restored from a context, because on another day it would point nowhere, or because it may hold a
// password, as a proxy does.
func ofThisLogin(name string) bool { return slices.Contains(loginNames, name) }
