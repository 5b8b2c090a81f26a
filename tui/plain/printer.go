package plain

import (
	"fmt"
	"io"
	"strings"

	"gatewalk/steps/safe"
)

// quoted leads every line that a command printed.
const quoted = "| "

// printer writes lines. Everything passes steps/safe here, whoever wrote it. The first error stays.
type printer struct {
	out     io.Writer
	width   int
	midline bool // a line without an end has been written
	empty   bool // the last line is empty
	holding bool // a command has the terminal: what is said is held until the lines are back
	held    strings.Builder
	err     error
}

// say writes one line about the walk. What would break the line becomes visible.
func (p *printer) say(format string, args ...any) {
	p.endLine()
	p.write(safe.Line(fmt.Sprintf(format, args...)).Plain() + "\n")
}

// blank writes an empty line, unless the last one was.
func (p *printer) blank() {
	p.endLine()
	if !p.empty {
		p.write("\n")
		p.empty = true
	}
}

// words writes lines as they are, apart from what is not safe.
func (p *printer) words(lines []string) {
	p.endLine()
	for _, line := range lines {
		p.write(safe.Of(line).Plain() + "\n")
	}
}

// code writes text that runs, or would, with every byte of it visible.
func (p *printer) code(text string) {
	p.endLine()
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		p.write("    " + safe.Exact(line).Plain() + "\n")
	}
}

// output writes a piece of what a command printed. A piece may end in the middle of a line.
func (p *printer) output(piece safe.Text) {
	var b strings.Builder
	for line := range strings.Lines(piece.Plain()) {
		if !p.midline {
			b.WriteString(quoted)
		}
		b.WriteString(line)
		p.midline = !strings.HasSuffix(line, "\n")
	}
	if b.Len() > 0 {
		p.write(b.String())
	}
}

// prompt asks for a line and stays on its own.
func (p *printer) prompt(text string) {
	p.endLine()
	p.write(safe.Line(text).Plain())
	p.midline = true
}

func (p *printer) endLine() {
	if p.midline {
		p.midline = false
		p.write("\n")
	}
}

func (p *printer) write(text string) {
	p.empty = false
	if p.holding {
		p.held.WriteString(text)
		return
	}
	p.raw(text)
}

// release ends the holding, and answers what was said meanwhile.
func (p *printer) release() (said string) {
	said = p.held.String()
	p.held.Reset()
	p.holding = false
	return said
}

// raw writes what is safe and in its place already.
func (p *printer) raw(text string) {
	if p.err == nil && text != "" {
		_, p.err = io.WriteString(p.out, text)
	}
}
