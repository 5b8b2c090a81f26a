// Package runbooks holds the runbooks that come with gatewalk, each with the simulated site it is rehearsed on.
//
// Its promise: every runbook here can be rehearsed from beginning to end without touching anything real.
//
// A runbook NAME is NAME.md; its site is the folder NAME/site, in the form that exec/rehearse describes.
package runbooks

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed *.md */site
var shipped embed.FS

// Entry is one runbook on the shelf.
type Entry struct {
	Name   string
	Title  string
	Faults []Fault
}

// Fault is something that can be made to go wrong in a rehearsal.
type Fault struct {
	Name    string
	Meaning string // one sentence
}

// List is every runbook there is, by name.
func List() []Entry {
	sources, err := fs.Glob(shipped, "*.md")
	if err != nil {
		panic("runbooks: " + err.Error())
	}
	var all []Entry
	for _, source := range sources {
		name := strings.TrimSuffix(source, ".md")
		all = append(all, Entry{name, title(source), faults(name)})
	}
	return all
}

// Open hands over a runbook's text and its site. The error names the runbooks there are.
func Open(name string) (source []byte, site fs.FS, err error) {
	source, err = fs.ReadFile(shipped, name+".md")
	if err != nil {
		return nil, nil, fmt.Errorf("no runbook %q; there is %s", name, strings.Join(names(), ", "))
	}
	site, err = fs.Sub(shipped, path.Join(name, "site"))
	return source, site, err
}

func names() []string {
	var all []string
	for _, entry := range List() {
		all = append(all, entry.Name)
	}
	return all
}

func title(source string) string {
	first, _, _ := strings.Cut(read(source), "\n")
	return strings.TrimPrefix(first, "# ")
}

func faults(name string) []Fault {
	var all []Fault
	for line := range strings.Lines(read(path.Join(name, "site", "faults"))) {
		fault, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, Fault{fault, strings.TrimSpace(meaning)})
	}
	return all
}

// read returns the text of a file that was built in.
func read(name string) string {
	text, err := fs.ReadFile(shipped, name)
	if err != nil {
		panic("runbooks: " + err.Error())
	}
	return string(text)
}

// Names are the names of all runbooks.
func Names() []string {
	var names []string
	for _, entry := range List() {
		names = append(names, entry.Name)
	}
	return names
}

// FaultsHelp is what can be made to go wrong, a line each.
func FaultsHelp() string {
	var lines []string
	for _, entry := range List() {
		for _, fault := range entry.Faults {
			lines = append(lines, fmt.Sprintf("%s: %s", fault.Name, fault.Meaning))
		}
	}
	return strings.Join(lines, "\n")
}

// CheckFaults refuses a fault that the site of a runbook does not have.
func CheckFaults(name string, faults []string) error {
	var known []string
	for _, entry := range List() {
		for _, fault := range entry.Faults {
			if entry.Name == name {
				known = append(known, fault.Name)
			}
		}
	}
	for _, fault := range faults {
		if !slices.Contains(known, fault) {
			return fmt.Errorf("--fault %s: %s has no such fault; it has %s", fault, name, strings.Join(known, ", "))
		}
	}
	return nil
}
