package runbook

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shared is the folder of labelled procedures, outside the project.
func shared(t *testing.T) string {
	t.Helper()
	folder, set := os.LookupEnv("GATEWALK_SHARED")
	if !set {
		t.Skip("GATEWALK_SHARED names no folder of labelled procedures: reading is not measured")
	}
	_, err := os.Stat(filepath.Join(folder, ".")) // through a link as well
	require.NoError(t, err)
	return folder
}

type label struct {
	Line   int      `json:"line"`
	Kind   string   `json:"kind"`
	Alt    []string `json:"kind_alt"`
	Host   *string  `json:"host"`
	Hosts  []string `json:"host_alt"`
	Inputs []any    `json:"inputs"`
	Okay   []string `json:"inputs_ok"`
	Gate   string   `json:"gate"`
	Gates  []string `json:"gate_alt"`
	Verify *bool    `json:"verify"`
}

type labels struct {
	Blocks  []label `json:"blocks"`
	Steps   []at    `json:"steps"`
	Choices []struct {
		Options []at `json:"options"`
	} `json:"choices"`
	Loops []at `json:"loops"`
}

// at is a label of which only the line is compared.
type at struct {
	Line int `json:"line"`
}

func labelled(t *testing.T, file string) labels {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var l labels
	require.NoError(t, json.Unmarshal(text, &l))
	return l
}

// tally counts what was right, invented and missed.
type tally struct{ right, extra, missed int }

func (c *tally) add(want, got bool) {
	switch {
	case want && got:
		c.right++
	case got:
		c.extra++
	case want:
		c.missed++
	}
}

func (c tally) f1() float64 {
	if c.right == 0 && c.extra == 0 && c.missed == 0 {
		return 1
	}
	return float64(2*c.right) / float64(2*c.right+c.extra+c.missed)
}

type scores struct{ command, verify, gate, inputs, steps, kind, host, options, loops tally }

// measure compares a plan with the labels of its document, as far as the promises of this package go.
func measure(t *testing.T, s *scores, p *Plan, want labels) {
	t.Helper()
	for _, l := range want.Blocks {
		b := nearest(p, l.Line)
		runs := l.Kind == "command" || l.Kind == "session"
		if b == nil {
			s.command.add(runs, false)
			continue
		}
		if l.Kind == "output" && len(l.Alt) == 0 {
			require.False(t, b.Runs(), "line %d: a sample output offered as a command", l.Line)
		}
		s.command.add(runs, b.Runs())
		s.kind.add(true, string(b.Kind) == l.Kind || contains(l.Alt, string(b.Kind)))
		if !runs {
			continue
		}
		if l.Host != nil {
			s.host.add(true, sameHost(b.Host, *l.Host) || contains(l.Hosts, b.Host))
		}
		if l.Verify != nil {
			s.verify.add(*l.Verify, b.Verify)
		}
		if got := string(b.Gate); !contains(l.Gates, got) {
			s.gate.add(isGate(l.Gate), isGate(got) && (got == l.Gate || !isGate(l.Gate)))
		}
		measureInputs(s, b, l)
	}
	for _, step := range want.Steps {
		s.steps.add(true, stepNear(p, step.Line))
	}
	s.steps.extra += max(0, len(p.Steps)-len(want.Steps))
	if want.Choices != nil {
		measureWays(s, p, want)
	}
}

func measureWays(s *scores, p *Plan, want labels) {
	var wanted, options, loops []int
	for _, c := range want.Choices {
		for _, o := range c.Options {
			wanted = append(wanted, o.Line)
		}
	}
	for _, c := range p.Choices {
		for _, o := range c.Options {
			options = append(options, o.Line)
		}
	}
	s.options.pair(wanted, options, 2)
	wanted = nil
	for _, l := range want.Loops {
		wanted = append(wanted, l.Line)
	}
	for _, l := range p.Loops {
		loops = append(loops, l.Line)
	}
	s.loops.pair(wanted, loops, 4)
}

// pair matches lines one to one, the nearest first.
func (c *tally) pair(want, got []int, away int) {
	missed, extra := slices.Clone(want), slices.Clone(got)
	for apart := 0; apart <= away; apart++ {
		for i := 0; i < len(missed); i++ {
			near := slices.IndexFunc(extra, func(line int) bool { return line-missed[i] == apart || missed[i]-line == apart })
			if near >= 0 {
				c.right++
				missed, extra = slices.Delete(missed, i, i+1), slices.Delete(extra, near, near+1)
				i--
			}
		}
	}
	c.missed += len(missed)
	c.extra += len(extra)
}

func measureInputs(s *scores, b *Block, l label) {
	left := map[string]bool{}
	for _, input := range b.Inputs {
		left[nameOf(input)] = true
	}
	for _, input := range l.Inputs {
		found := false
		for _, name := range spellings(input) {
			found = found || left[name]
			delete(left, name)
		}
		s.inputs.add(true, found)
	}
	for _, okay := range l.Okay {
		delete(left, nameOf(okay))
	}
	s.inputs.extra += len(left)
}

var (
	betweenWords = regexp.MustCompile(`[\s_-]+`)
	innerName    = regexp.MustCompile(`<([^<>]+)>`)
)

// nameOf is an input without its brackets and however its words are joined.
func nameOf(input string) string {
	return betweenWords.ReplaceAllString(strings.ToLower(strings.Trim(input, " <>{}[]()|$\"'`%?")), "_")
}

func spellings(input any) []string {
	switch input := input.(type) {
	case string:
		all := []string{nameOf(input)}
		for _, m := range innerName.FindAllStringSubmatch(input, -1) {
			all = append(all, nameOf(m[1]))
		}
		return all
	case []any:
		var all []string
		for _, one := range input {
			all = append(all, spellings(one)...)
		}
		return all
	}
	return nil
}

var mode = regexp.MustCompile(`\(config[^)]*\)`)

func sameHost(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(mode.ReplaceAllString(a, "")), strings.TrimSpace(b))
}

func isGate(gate string) bool { return gate != "" && gate != "none" }

func contains(all []string, one string) bool {
	for _, a := range all {
		if strings.EqualFold(a, one) {
			return true
		}
	}
	return false
}

func nearest(p *Plan, line int) *Block {
	for _, away := range []int{0, 1, -1, 2, -2} {
		for i := range p.Blocks {
			if p.Blocks[i].Line == line+away {
				return &p.Blocks[i]
			}
		}
	}
	return nil
}

func stepNear(p *Plan, line int) bool {
	for i := range p.Steps {
		if d := p.Steps[i].Line - line; d >= -2 && d <= 2 {
			return true
		}
	}
	return false
}

// The promises of DESIGN.md, on the labelled procedures and on others that no rule was made for.
func TestReadsTheLabelledProcedures(t *testing.T) {
	folder := shared(t)
	for _, c := range []struct {
		name, sources, truth string
		promised             map[string]float64
	}{
		{"the five", "seeds", "truth", map[string]float64{
			"command": 0.99, "kind": 0.98, "host": 0.97, "inputs": 0.95, "verify": 0.88, "gate": 0.92, "steps": 0.8, "options": 0.75, "loops": 0.7,
		}},
		{"the others", "more", "more", map[string]float64{"command": 0.95, "kind": 0.93, "host": 0.9, "inputs": 0.85, "verify": 0.75, "gate": 0.85}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(folder, c.truth, "*.truth.json"))
			require.NoError(t, err)
			require.NotEmpty(t, files)
			var s scores
			for _, truth := range files {
				p := readSource(t, filepath.Join(folder, c.sources), strings.TrimSuffix(filepath.Base(truth), ".truth.json"))
				measure(t, &s, p, labelled(t, truth))
			}
			got := map[string]float64{
				"command": s.command.f1(), "kind": s.kind.f1(), "host": s.host.f1(), "inputs": s.inputs.f1(), "verify": s.verify.f1(), "gate": s.gate.f1(),
				"steps": s.steps.f1(), "options": s.options.f1(), "loops": s.loops.f1(),
			}
			for name, promised := range c.promised {
				t.Logf("%-8s %.3f, promised %.2f", name, got[name], promised)
				require.GreaterOrEqual(t, got[name], promised, name)
			}
		})
	}
}

// readSource reads the document of a name, whatever its syntax.
func readSource(t *testing.T, folder, name string) *Plan {
	t.Helper()
	for _, extension := range []string{".md", ".rst", ".txt"} {
		if source, err := os.ReadFile(filepath.Join(folder, name+extension)); err == nil {
			p, err := Read(name+extension, source)
			require.NoError(t, err)
			return p
		}
	}
	require.Fail(t, "no document of that name", name)
	return nil
}
