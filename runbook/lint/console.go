package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
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
	either    = "takes down, and may rebuild,"
	goOn      = "after a reboot gatewalk resume goes on at the verification; or move the session before: gatewalk move ID HOST"
	goAway    = "the record goes with its disk: move the session before (gatewalk move ID HOST), or keep a copy elsewhere (--mirror)"
)

// rebuilding are words of a sentence or a command that leave nothing of a machine's disk.
var rebuilding = doc.Pattern(`(?i)\b(?:re-?build|re-?install|re-?image|wip(?:e|es|ing)|eras(?:e|es|ing)|redeploy)`)

// suffers says what a block does to the machine: by running on it, or by naming it as whom it acts on.
func (c console) suffers(b *runbook.Block) (what, act string) {
	text := strings.Join(b.Commands, "\n")
	snippet := shell.Analyze(text)
	here := b.Host == c.name
	disrupts := snippet.Disrupts() != ""
	named := slices.Contains(b.Targets, c.name) || len(b.Targets) == 0 && disrupts && c.word.MatchString(text)
	switch {
	case (here && erasesDisk(snippet)) || (named || here && len(b.Targets) == 0) && b.Gate != runbook.NoGate && rebuilding().MatchString(text+" "+sentence(b)):
		return rebuilds, goAway
	case here && b.DropsConnection:
		return takesDown, goOn
	case named && disrupts && !slices.ContainsFunc(snippet.Calls, rebootsElsewhere):
		return either, goAway
	case named && disrupts:
		return takesDown, goOn
	}
	return "", ""
}

// rebootsElsewhere says whether a command does on another machine what would only boot it anew.
func rebootsElsewhere(call shell.Call) bool {
	return call.Remote && slices.ContainsFunc(call.Words, func(word string) bool { return word == "reboot" || word == "shutdown" })
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
