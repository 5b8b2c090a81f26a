package procedure

import (
	"os"
	"path/filepath"

	"gatewalk/runbook"
	"gatewalk/runbook/lint"
)

// Lint is what there is to say of a file, by the name it was given, and with Follow of the files that it calls.
func Lint(name string, options Options, rules lint.Options) ([]lint.Finding, error) {
	p, err := Read(name, options)
	if err != nil {
		return nil, err
	}
	rules.Exists = seenFrom(name)
	findings, err := lint.Check(p.Plan, p.Source, rules)
	if err != nil {
		return nil, err
	}
	for i := range findings {
		if findings[i].File == p.Plan.Source && name != standardInput {
			findings[i].File = name
		}
	}
	for _, called := range p.called {
		more, err := called.lint(p.folder, rules)
		if err != nil {
			return nil, err
		}
		findings = append(findings, more...)
	}
	return findings, nil
}

// lint is what there is to say of a file that another calls, as it is written.
func (c called) lint(folder string, rules lint.Options) ([]lint.Finding, error) {
	plan, err := runbook.Read(c.name, c.source)
	if err != nil {
		return nil, nil // the call of it says so, in the file that calls
	}
	rules.Exists = seenFrom(filepath.Join(folder, filepath.FromSlash(c.name)))
	return lint.CheckCalled(plan, c.source, rules)
}

// seenFrom says whether a file that a document names is there, seen from the document.
func seenFrom(document string) func(target string) bool {
	return func(target string) bool {
		_, err := os.Stat(filepath.Join(filepath.Dir(document), filepath.FromSlash(target)))
		return err == nil
	}
}
