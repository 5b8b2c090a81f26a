package runbook

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
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
	require.DirExists(t, folder)
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
	Blocks []label `json:"blocks"`
	Steps  []struct {
		Line int `json:"line"`
	} `json:"steps"`
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

type scores struct{ command, verify, gate, inputs, steps, kind, host tally }

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
}

func measureInputs(s *scores, b *Block, l label) {
	left := map[string]bool{}
	for _, input := range b.Inputs {
		left[input] = true
	}
	for _, input := range l.Inputs {
		found := false
		for _, name := range spellings(input) {
			found = found || left[name]
			delete(left, name)
		}
		s.inputs.add(true, found)
	}
	for name := range left {
		if !contains(l.Okay, strings.Trim(name, "()")) {
			s.inputs.extra++
		}
	}
}

func spellings(input any) []string {
	switch input := input.(type) {
	case string:
		return []string{input}
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

func TestReadsTheLabelledProcedures(t *testing.T) {
	folder := shared(t)
	for _, c := range []struct {
		name, source, truth                        string
		command, kind, host, inputs, verify, gates float64
		steps                                      float64
	}{
		{"the rollout", "seeds/csm-management-rollout.md", "truth/csm-management-rollout.truth.json", 1, 1, 0.95, 0.95, 0.9, 0.9, 0.85},
		{"the failover", "seeds/lustre-ha-upgrade.md", "truth/lustre-ha-upgrade.truth.json", 0.95, 0.93, 0.85, 0.85, 0.75, 0.85, 0.8},
		{"the others", "more/*.md", "", 0.95, 0.93, 0.9, 0.85, 0.75, 0.85, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(folder, c.source))
			require.NoError(t, err)
			var s scores
			for _, file := range files {
				truth := filepath.Join(folder, c.truth)
				if c.truth == "" {
					truth = strings.TrimSuffix(file, ".md") + ".truth.json"
				}
				if _, err := os.Stat(truth); err != nil {
					continue
				}
				source, err := os.ReadFile(file)
				require.NoError(t, err)
				p, err := Read(file, source)
				require.NoError(t, err)
				measure(t, &s, p, labelled(t, truth))
			}
			for name, pair := range map[string][2]float64{
				"command": {s.command.f1(), c.command}, "kind": {s.kind.f1(), c.kind}, "host": {s.host.f1(), c.host}, "inputs": {s.inputs.f1(), c.inputs},
				"verify": {s.verify.f1(), c.verify}, "gate": {s.gate.f1(), c.gates}, "steps": {s.steps.f1(), c.steps},
			} {
				t.Logf("%-8s %.3f, promised %.2f", name, pair[0], pair[1])
				require.GreaterOrEqual(t, pair[0], pair[1], name)
			}
		})
	}
}
