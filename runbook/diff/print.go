package diff

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// WriteJSON writes the changes indented, with an end of line. The list is never null.
func (c Changes) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(c)
}

// WriteText writes the changes for a person: what matters for safety first, in one line each, the gravest on top; then all
// of them, step by step. Nothing in the documents can move the cursor or change the terminal.
func (c Changes) WriteText(w io.Writer) error {
	out := &printer{w: bufio.NewWriter(w)}
	safety := c.safety()
	out.line(0, "%s -> %s: %s", c.Old.Source, c.New.Source, count(len(c.Changes), len(safety)))
	if len(safety) > 0 {
		out.line(0, "")
		out.line(0, "What matters for safety:")
		for _, change := range safety {
			out.line(1, "%s (%s; %s)", change.headline(), change.at(), change.place())
		}
	}
	if len(c.Changes) > 0 {
		out.line(0, "")
		out.line(0, "Step by step:")
	}
	out.steps(c.Changes)
	return out.w.Flush()
}

func count(all, safety int) string {
	switch all {
	case 0:
		return "nothing changed"
	case 1:
		return fmt.Sprintf("1 change, %d for safety", safety)
	}
	return fmt.Sprintf("%d changes, %d of them for safety", all, safety)
}

// safety are the changes that matter for it: first what is weaker, then by concern, then as they come.
func (c Changes) safety() []Change {
	var all []Change
	for _, change := range c.Changes {
		if change.Safety {
			all = append(all, change)
		}
	}
	grave := func(c Change) int {
		if c.Kind == Weakened {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(grave(a)-grave(b), slices.Index(concerns, a.Concern)-slices.Index(concerns, b.Concern), slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind))
	})
	return all
}

type printer struct{ w *bufio.Writer }

// line writes one indented line; a failed write shows when the writer is flushed.
func (o *printer) line(depth int, form string, args ...any) {
	text := strings.ReplaceAll(doc.Printable(fmt.Sprintf(form, args...)), "\n", " ")
	if text != "" {
		text = strings.Repeat("  ", depth) + text
	}
	fmt.Fprintln(o.w, text)
}

// steps writes the changes below the steps they are in.
func (o *printer) steps(changes []Change) {
	last := Place{Line: -1}
	for _, c := range changes {
		if in := c.in(); in.Path != last.Path || in.Title != last.Title || last.Line < 0 {
			o.line(0, "")
			o.line(0, "%s", c.at())
			last = in
		}
		o.line(1, "%s (%s)", c.headline(), c.place())
		for _, line := range c.Lines {
			o.line(2, "%s", strings.TrimRight(line.Mark+" "+line.Text, " "))
		}
	}
}

// in is where a change is read: in the new version, if it is there.
func (c *Change) in() Place {
	if c.Now != nil {
		return *c.Now
	}
	return *c.Was
}

// at is the step of a change, in words.
func (c *Change) at() string {
	in := c.in()
	if in.Path == "" {
		return "the document"
	}
	at := in.Path + "  " + in.Title
	if c.Now == nil {
		return at + ", as it was"
	}
	if c.Was != nil && c.Was.Path != "" && c.Was.Path != in.Path {
		return at + ", was " + c.Was.Path
	}
	return at
}

// place is the lines of a change, in words.
func (c *Change) place() string {
	switch {
	case c.Was == nil:
		return "line " + c.Now.number()
	case c.Now == nil:
		return "was line " + c.Was.number()
	case c.Now.number() == c.Was.number():
		return "line " + c.Now.number()
	}
	return fmt.Sprintf("line %s, was %s", c.Now.number(), c.Was.number())
}

func (p *Place) number() string {
	if p.Source == "" {
		return fmt.Sprint(p.Line)
	}
	return fmt.Sprintf("%d of %s", p.Line, p.Source)
}

// headline is a change in one line.
func (c *Change) headline() string {
	switch {
	case c.Property == "step" && c.Kind == Moved:
		return "step moved"
	case c.From == "" && c.To == "":
		return fmt.Sprintf("%s %s", c.Property, c.Kind)
	case c.Was == nil, c.Now == nil, c.Kind == Moved:
		return fmt.Sprintf("%s %s: %s", c.Property, c.Kind, c.From+c.To)
	}
	return fmt.Sprintf("%s %s: %s -> %s", c.Property, c.Kind, orNone(c.From), orNone(c.To))
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
