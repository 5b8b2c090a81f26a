package runbook

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// Each file below testdata/rules is a document in our own words and what must be read in it: "want" has a line for a
// block, by the line of its first word; "steps", "choices", "refs" and "loops", where they stand, are the whole list.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = string(f.Data)
			}
			p := read(t, parts["doc.md"])
			for _, line := range lines(parts["want"]) {
				wantBlock(t, p, line)
			}
			for name, got := range map[string]string{"steps": stepLines(p), "choices": choiceLines(p), "refs": refLines(p), "loops": loopLines(p), "problems": problemLines(p)} {
				if want, ok := parts[name]; ok {
					require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(got), name)
				}
			}
		})
	}
}

func read(t *testing.T, source string) *Plan {
	t.Helper()
	p, err := Read("doc.md", []byte(source))
	require.NoError(t, err)
	return p
}

func lines(text string) []string {
	return strings.Split(strings.TrimSpace(text), "\n")
}

var field = regexp.MustCompile(`(?:^| )(\w+)=`)

// wantBlock compares a line such as "7: kind=command host=web1" with the block at that line. first, expect, optional and regexp are patterns.
func wantBlock(t *testing.T, p *Plan, line string) {
	t.Helper()
	at, rest, ok := strings.Cut(line, ":")
	require.True(t, ok, line)
	b := blockAt(p, at)
	require.NotNil(t, b, "no block at line %s", at)
	got := facts(p, b)
	names := field.FindAllStringSubmatchIndex(rest, -1)
	for i, m := range names {
		end := len(rest)
		if i+1 < len(names) {
			end = names[i+1][0]
		}
		name, want := rest[m[2]:m[3]], strings.TrimSpace(rest[m[1]:end])
		value, known := got[name]
		require.True(t, known, "no such fact: %s", name)
		switch name {
		case "first", "expect", "optional", "regexp", "sentence":
			require.Regexp(t, patternOf(want), value, "line %s: %s", at, name)
		default:
			require.Equal(t, want, value, "line %s: %s", at, name)
		}
	}
}

func patternOf(want string) string {
	if want == "" {
		return "^$"
	}
	return want
}

func blockAt(p *Plan, line string) *Block {
	for i := range p.Blocks {
		if fmt.Sprint(p.Blocks[i].Line) == line {
			return &p.Blocks[i]
		}
	}
	return nil
}

func facts(p *Plan, b *Block) map[string]string {
	got := map[string]string{
		"kind": string(b.Kind), "host": b.Host, "first": b.First, "expect": b.Expect, "optional": b.Optional, "gate": string(b.Gate),
		"verify": fmt.Sprint(b.Verify), "poll": fmt.Sprint(b.Poll), "long": fmt.Sprint(b.Long), "interactive": fmt.Sprint(b.Interactive),
		"drops": fmt.Sprint(b.DropsConnection), "inputs": strings.Join(b.Inputs, ","), "samples": sampleWords(b), "sets": strings.Join(b.Sets, ","), "reads": strings.Join(b.Reads, ","),
		"secrets": strings.Join(b.Secrets, ","), "targets": strings.Join(b.Targets, ","), "estimate": b.Estimate, "timeout": b.Timeout,
		"commands": strings.ReplaceAll(strings.Join(b.Commands, "|"), "\n", `\n`), "regexp": "", "weight": "", "sentence": "", "canary_of": "", "output_of": "",
	}
	if b.Check != nil {
		got["regexp"] = b.Check.Regexp
	}
	if d := b.GateDetail; d != nil {
		got["weight"], got["sentence"] = string(d.Weight), d.Sentence
		for i := range p.Blocks {
			if d.CanaryOf != "" && p.Blocks[i].ID == d.CanaryOf {
				got["canary_of"] = fmt.Sprint(p.Blocks[i].Line)
			}
		}
	}
	if b.OutputOf != nil {
		got["output_of"] = fmt.Sprint(p.Blocks[*b.OutputOf].Line)
	}
	return got
}

func stepLines(p *Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "%d %s %s %s\n", s.Line, s.Path, s.Kind, s.Title)
	}
	return b.String()
}

func choiceLines(p *Plan) string {
	var b strings.Builder
	for _, c := range p.Choices {
		ways := make([]string, len(c.Options))
		for i, o := range c.Options {
			ways[i] = fmt.Sprintf("%d %s -> %s", o.Line, o.Title, pathOf(p, o.Step))
			for _, step := range o.Steps {
				ways[i] += " " + p.Steps[step].Path
			}
			for _, block := range o.Blocks {
				ways[i] += fmt.Sprintf(" :%d", p.Blocks[block].Line)
			}
		}
		fmt.Fprintf(&b, "%d: %s\n", c.Line, strings.Join(ways, " | "))
	}
	return b.String()
}

func loopLines(p *Plan) string {
	var b strings.Builder
	for _, l := range p.Loops {
		fmt.Fprintf(&b, "%d %s %s: %s", l.Line, l.Body, l.Mode, l.Over)
		for _, step := range l.Again {
			fmt.Fprintf(&b, " -> %s", p.Steps[step].Path)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func refLines(p *Plan) string {
	var b strings.Builder
	for _, r := range p.Refs {
		way := "goto"
		if r.Returns {
			way = "returns"
		}
		fmt.Fprintf(&b, "%d %s %s %s\n", r.Line, r.Target, way, pathOf(p, r.Step))
	}
	return b.String()
}

func problemLines(p *Plan) string {
	var b strings.Builder
	for _, problem := range p.Problems {
		fmt.Fprintf(&b, "%d: %s\n", problem.Line, problem.Text)
	}
	return b.String()
}

func pathOf(p *Plan, step int) string {
	if step < 0 {
		return "-"
	}
	return p.Steps[step].Path
}

// sampleWords are the samples of a block, a value behind the variable it is given to.
func sampleWords(b *Block) string {
	var words []string
	for _, s := range b.Samples {
		word := s.Text
		if s.Name != s.Text {
			word = s.Name + "=" + s.Text
		}
		words = append(words, word)
	}
	return strings.Join(words, ",")
}
