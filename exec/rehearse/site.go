package rehearse

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Site is a place to rehearse on, read from a folder:
//
//	*.sh       shell functions: each is a command of the site, also one named by an absolute path. A name that begins
//	           with an underscore is a helper, which only the site's own functions can call; _begin runs once, before
//	           anything else.
//	state/*    files that stand in /site at the beginning: the same on every host, and where functions keep state
//	faults     what can be made to go wrong: a line each, a name and a sentence
//
// The functions run as programs do: in a shell of their own, with the caller's exported variables. To them alone two more
// commands are known: "fault NAME" succeeds if that fault is on, and "on HOST COMMAND…" runs a command on another host.
type Site struct {
	Faults   []Fault
	commands map[string]*syntax.Stmt
	state    map[string][]byte
}

// Fault is something that can be made to go wrong.
type Fault struct {
	Name    string
	Meaning string // one sentence
}

// ReadSite reads a site's folder. A script that is not shell, or holds anything but functions, is an error with its place.
func ReadSite(folder fs.FS) (*Site, error) {
	site := &Site{commands: map[string]*syntax.Stmt{}, state: map[string][]byte{}}
	scripts, err := fs.Glob(folder, "*.sh")
	if err != nil {
		return nil, err
	}
	for _, name := range scripts {
		if err := site.readScript(folder, name); err != nil {
			return nil, err
		}
	}
	if err := site.readFaults(folder); err != nil {
		return nil, err
	}
	return site, site.readState(folder)
}

func (s *Site) readScript(folder fs.FS, name string) error {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	script, err := parse(string(text), name)
	if err != nil {
		return err
	}
	for _, stmt := range script.Stmts {
		function, ok := stmt.Cmd.(*syntax.FuncDecl)
		if !ok {
			return fmt.Errorf("%s:%d: a site's script holds functions only; put this into one", name, stmt.Pos().Line())
		}
		if _, twice := s.commands[function.Name.Value]; twice {
			return fmt.Errorf("%s:%d: function %s was defined before", name, stmt.Pos().Line(), function.Name.Value)
		}
		s.commands[function.Name.Value] = function.Body
	}
	return nil
}

func (s *Site) readFaults(folder fs.FS) error {
	text, err := fs.ReadFile(folder, "faults")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for number, line := range strings.Split(string(bytes.TrimSpace(text)), "\n") {
		name, meaning, said := strings.Cut(line, " ")
		if !said {
			return fmt.Errorf("faults:%d: want a name and a sentence", number+1)
		}
		s.Faults = append(s.Faults, Fault{name, strings.TrimSpace(meaning)})
	}
	return err
}

func (s *Site) readState(folder fs.FS) error {
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasPrefix(name, "state/") {
			return err
		}
		s.state[path.Join("/site", strings.TrimPrefix(name, "state/"))], err = fs.ReadFile(folder, name)
		return err
	})
}

// command finds a command of the site. Helpers are there only for the site's own functions.
func (s *Site) command(name string, own bool) (*syntax.Stmt, bool) {
	if strings.HasPrefix(name, "_") && !own {
		return nil, false
	}
	body, known := s.commands[name]
	return body, known
}

func (s *Site) checkFaults(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(s.Faults, func(f Fault) bool { return f.Name == name }) {
			return fmt.Errorf("the site has no fault %q; it has %s", name, strings.Join(s.faultNames(), ", "))
		}
	}
	return nil
}

func (s *Site) faultNames() []string {
	names := []string{}
	for _, fault := range s.Faults {
		names = append(names, fault.Name)
	}
	if len(names) == 0 {
		return []string{"none"}
	}
	return names
}
