package lint

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/shell"
)

// hosts finds the commands that a walk must ask about before they start anywhere.
func hosts(i *inspection) []found {
	var all []found
	for _, b := range i.running() {
		if b.Host == "" {
			all = append(all, at(b, "the host of this command is not said", "write it before the block, as in (`node1#`), or annotate host=node1"))
		}
	}
	return all
}

// hangs finds the commands that wait for somebody to type: programs that take over the terminal, unless the author says
// so, and commands that lack their end.
func hangs(i *inspection) []found {
	var all []found
	for _, b := range i.running() {
		if asks := b.Why["interactive"].Rule; strings.HasPrefix(asks, "command ") {
			program := strings.TrimPrefix(asks, "command ")
			all = append(all, at(b, program+" waits for somebody to type", "give it what it asks for on its command line, or annotate interactive"))
		}
		if slices.ContainsFunc(b.Commands, shell.Incomplete) && ofShell(b) {
			all = append(all, at(b, "the command lacks its end: a quote, a bracket, a loop or a here-document is open", "close it, or a shell waits for the rest"))
		}
	}
	return all
}

// ofShell says whether a block is written for a shell, as far as its author says.
func ofShell(b *runbook.Block) bool {
	return slices.Contains([]string{"", "bash", "sh", "shell", "zsh", "ksh", "console", "shell-session"}, strings.ToLower(b.Lang))
}

// characters finds what does not do what it looks like, in commands and in files that commands will read.
func characters(i *inspection) []found {
	var all []found
	for b := range i.plan.Blocks {
		block := &i.plan.Blocks[b]
		if i.skipped[b] || !block.Runs() && block.Kind != runbook.File {
			continue
		}
		for _, s := range block.Strange() {
			f := at(block, fmt.Sprintf("%s, in a command or a file", s), "type it anew as plain text")
			f.line += s.Line - 1
			all = append(all, f)
		}
	}
	return all
}
