package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gatewalk/runbook"
	"gatewalk/runbook/lint"
)

func lintVerb() *cobra.Command {
	var values string
	var except []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Say what an operator would stumble over in a procedure; nothing is run",
		Long:  "Lint reads procedures and says, line by line, what an operator would stumble over. Its rules:\n\n" + lintRules(),
		Example: "  gatewalk lint rollout.md\n  gatewalk lint *.md --except hosts,values\n" +
			"  gatewalk lint rollout.md --follow   # with the procedures that it calls in other files\n" +
			"  gatewalk lint rollout.md --no-overlay   # as the vendor wrote it\n" +
			"  gatewalk lint rollout.md --json | jq '.findings[] | select(.severity == \"error\")'",
		Args: cobra.MinimumNArgs(1),
	}
	procedureFlags(c)
	c.Flags().StringVar(&values, "values", "", "YAML file of values that are known, name: value")
	c.Flags().StringSliceVar(&except, "except", nil, "rules that are not asked")
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		given, err := readValues(values)
		if err != nil {
			return err
		}
		var findings []lint.Finding
		for _, name := range args {
			found, err := lintFile(c, name, lint.Options{Values: given, Except: except, Exists: beside(name)})
			if err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		if err := printFindings(c.OutOrStdout(), findings, asJSON); err != nil || len(findings) == 0 {
			return err
		}
		return fmt.Errorf("%d %w", len(findings), errLint)
	}
	return c
}

var errLint = errors.New("findings; correct them, or leave a rule out with --except")

func lintRules() string {
	var text strings.Builder
	for _, rule := range lint.Rules {
		fmt.Fprintf(&text, "  %-12s %-8s %s\n", rule.Name, rule.Severity, rule.Meaning)
	}
	return text.String()
}

// lintFile is what there is to say of one file, by the name it was given, and of the files that it calls.
func lintFile(c *cobra.Command, name string, options lint.Options) ([]lint.Finding, error) {
	p, err := readProcedure(c, name)
	if err != nil {
		return nil, err
	}
	findings, err := lint.Check(p.plan, p.source, options)
	if err != nil {
		return nil, err
	}
	for i := range findings {
		if findings[i].File == p.plan.Source {
			findings[i].File = name
		}
	}
	for _, called := range p.called {
		more, err := lintCalled(called, p.folder, options)
		if err != nil {
			return nil, err
		}
		findings = append(findings, more...)
	}
	return findings, nil
}

// lintCalled is what there is to say of a file that another calls, as it is written.
func lintCalled(d called, folder string, options lint.Options) ([]lint.Finding, error) {
	plan, err := runbook.Read(d.name, d.source)
	if err != nil {
		return nil, nil // the call of it says so, in the file that calls
	}
	options.Exists = beside(filepath.Join(folder, filepath.FromSlash(d.name)))
	return lint.CheckCalled(plan, d.source, options)
}

// beside says whether a file that a document names is there, seen from the document.
func beside(document string) func(target string) bool {
	return func(target string) bool {
		_, err := os.Stat(filepath.Join(filepath.Dir(document), filepath.FromSlash(target)))
		return err == nil
	}
}

func printFindings(out io.Writer, findings []lint.Finding, asJSON bool) error {
	if asJSON {
		return lint.WriteJSON(out, findings)
	}
	return lint.WriteText(out, findings)
}
