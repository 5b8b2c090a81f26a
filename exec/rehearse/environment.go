package rehearse

import (
	"path"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// variables are a shell's variables by name.
type variables map[string]expand.Variable

// freshVariables are those of a login shell: explicit, nothing of our own environment.
func freshVariables(host, user string) variables {
	home := "/root"
	if user != "root" {
		home = path.Join("/home", user)
	}
	vars := variables{}
	for name, value := range map[string]string{
		"HOME": home, "USER": user, "LOGNAME": user, "SHELL": "/bin/bash", "PATH": strings.Join(binDirs, ":"), "LANG": "C.UTF-8", "TERM": "dumb",
	} {
		vars[name] = expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: value}
	}
	vars["HOSTNAME"] = text(host)
	return vars
}

func text(value string) expand.Variable {
	return expand.Variable{Set: true, Kind: expand.String, Str: value}
}

// identity are variables the interpreter would otherwise fill from the real user.
var identity = variables{"UID": text("0"), "EUID": text("0"), "GID": text("0")}

// nowhere is a directory that cannot exist. The interpreter makes its pipes for process substitutions in TMPDIR and
// opens what looks like one past our doors; no path in here can be one.
const nowhere = "/\x00"

// environment is what a shell is opened with.
type environment struct {
	variables variables
	opened    bool
}

// Get answers for every variable the interpreter asks for, so that it never turns to the real system.
func (e *environment) Get(name string) expand.Variable {
	if !e.opened && name == "TMPDIR" {
		return text(nowhere)
	}
	if user, asked := strings.CutPrefix(name, "HOME "); asked {
		return text(path.Join("/home", user))
	}
	if variable, set := e.variables[name]; set {
		return variable
	}
	if !e.opened && name == "HOME" {
		return text("/")
	}
	return identity[name]
}

// Each lists the variables.
func (e *environment) Each(visit func(name string, variable expand.Variable) bool) {
	for _, all := range []variables{identity, e.variables} {
		for name, variable := range all {
			if !visit(name, variable) {
				return
			}
		}
	}
}

// names is a set of names, safe for the goroutines of a pipeline.
type names struct {
	mutex sync.Mutex
	all   map[string]bool
}

func (n *names) set(name string, on bool) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.all == nil {
		n.all = map[string]bool{}
	}
	n.all[name] = on
}

func (n *names) has(name string) bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.all[name]
}

// learn takes up the functions a text defines.
func (n *names) learn(file *syntax.File) {
	syntax.Walk(file, func(node syntax.Node) bool {
		if function, ok := node.(*syntax.FuncDecl); ok {
			n.set(function.Name.Value, true)
		}
		return true
	})
}
