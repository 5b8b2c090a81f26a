package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/shell"
)

// Console finds what would take down, rebuild or erase the machine that the walk is on, by that machine's name. It depends
// on where it is asked, so it is no rule of a document.
func Console(p *runbook.Plan, machine string) []Finding {
	c := console{machine, regexp.MustCompile(`(?:^|[^\w.-])` + regexp.QuoteMeta(machine) + `(?:$|[^\w.-])`)}
	var all []Finding
	for i := range p.Blocks {
		b := &p.Blocks[i]
		if what, act := c.suffers(b); b.Runs() && b.Skip == "" && what != "" {
			file := b.Source
			if file == "" {
				file = p.Source
			}
			all = append(all, Finding{file, b.Line, "console", Warning, fmt.Sprintf("this %s %s, the machine that the walk is on", what, machine), act})
		}
	}
	return all
}

// console is a machine that walks are made on.
type console struct {
	name string
	word *regexp.Regexp // its name among other words
}

// What comes of a block for the machine, and what to do about it.
const (
	takesDown = "takes down"
	rebuilds  = "rebuilds or erases"
	goOn      = "after a reboot gatewalk resume goes on at the verification; or move the session before: gatewalk move ID HOST"
	goAway    = "its record would go with it: move the session before (gatewalk move ID HOST), or keep a copy elsewhere (--mirror)"
)

// rebuilding are words of a sentence or a command that leave nothing of a machine's disk.
var rebuilding = regexp.MustCompile(`(?i)\b(?:re-?build|re-?install|re-?image|wip(?:e|es|ing)|eras(?:e|es|ing)|redeploy)`)

// suffers says what a block does to the machine: by running on it, or by naming it as whom it acts on.
func (c console) suffers(b *runbook.Block) (what, act string) {
	text := strings.Join(b.Commands, "\n")
	snippet := shell.Analyze(text)
	here := b.Host == c.name
	named := slices.Contains(b.Targets, c.name) || snippet.Disrupts() != "" && c.word.MatchString(text)
	switch {
	case (here && erasesDisk(snippet)) || (named || here && len(b.Targets) == 0) && b.Gate != runbook.NoGate && rebuilding.MatchString(text+" "+sentence(b)):
		return rebuilds, goAway
	case here && b.DropsConnection, named && snippet.Disrupts() != "":
		return takesDown, goOn
	}
	return "", ""
}

// erasesDisk says whether a command destroys more than files.
func erasesDisk(s shell.Snippet) bool {
	command := s.Irreversible()
	return command != "" && !strings.HasPrefix(command, "rm ")
}

func sentence(b *runbook.Block) string {
	if b.GateDetail == nil {
		return ""
	}
	return b.GateDetail.Sentence
}
