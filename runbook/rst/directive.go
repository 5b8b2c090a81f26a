package rst

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// The directives, by what becomes of them.
var (
	codes     = strings.Fields("code-block code sourcecode console terminal code-cell")
	notes     = strings.Fields("note important warning caution tip attention danger hint error seealso")
	wrappers  = strings.Fields("only ifconfig container compound class rst-class cssclass tabs tab-set highlights epigraph pull-quote figure hlist grid glossary ifversion toggle-header")
	titled    = strings.Fields("topic sidebar dropdown details collapse toggle expand panel card grid-item-card table versionadded versionchanged deprecated describe option envvar confval program")
	ways      = strings.Fields("tab group-tab tab-item content-tab")
	elsewhere = strings.Fields("include literalinclude program-output command-output mdinclude")
	unseen    = strings.Fields("contents sectnum section-numbering index meta highlight default-role role raw title toctree todo todolist image video graphviz digraph mermaid uml plantuml tabularcolumns currentmodule module target-notes header footer tags default-domain gatewalk")
)

// known says whether a directive is one that readers of the page see.
func known(name string) bool {
	for _, names := range [][]string{codes, notes, wrappers, titled, ways, elsewhere} {
		if slices.Contains(names, name) {
			return true
		}
	}
	return slices.Contains([]string{"parsed-literal", "prompt", "code-tab", "rubric", "admonition", "list-table", "csv-table", "math"}, name)
}

// directive makes nodes of a directive. What is not known is kept: its argument as words, its content as it reads.
func (r *reader) directive(d directive) []*doc.Node {
	switch {
	case slices.Contains(codes, d.name):
		return r.codeBlock(d)
	case slices.Contains(notes, d.name):
		return []*doc.Node{r.note(d, d.name, d.all())}
	case slices.Contains(wrappers, d.name):
		return r.blocks(d.inside())
	case slices.Contains(titled, d.name):
		return r.under(r.caption(d), r.blocks(d.content))
	case slices.Contains(ways, d.name):
		return []*doc.Node{r.way(d, r.under(r.caption(d), r.blocks(d.content)))}
	case slices.Contains(elsewhere, d.name):
		r.problem(d.head.line, "%s of %s: what it holds is not in this file and was not read", d.name, d.words())
		return []*doc.Node{d.hidden()}
	case slices.Contains(unseen, d.name):
		return r.hide(d)
	}
	return r.special(d)
}

// special makes nodes of the directives that are like no other.
func (r *reader) special(d directive) []*doc.Node {
	switch d.name {
	case "parsed-literal":
		return r.parsed(d)
	case "prompt":
		return r.prompt(d)
	case "code-tab":
		language, name, _ := strings.Cut(d.words(), " ")
		d.argument, d.more = row{text: name, line: d.head.line}, nil
		return []*doc.Node{r.way(d, r.under(r.caption(d), r.code(d.content, language, d.words())))}
	case "rubric":
		r.problemIf(d.argument.blank(), d.head.line, "a rubric without words")
		return []*doc.Node{r.heading(d.argument, min(r.level()+1, doc.MaxLevel))}
	case "admonition":
		return []*doc.Node{r.admonition(d)}
	case "list-table":
		return r.under(r.caption(d), listTable(r.blocks(d.content)))
	case "csv-table":
		return r.under(r.caption(d), r.csvTable(d))
	case "math":
		return r.code(d.all(), "math", "")
	}
	r.problem(d.head.line, "directive %s is not known; what stands in it is kept", d.name)
	return r.under(r.caption(d), r.blocks(d.content))
}

func (r *reader) problemIf(wrong bool, line int, text string) {
	if wrong {
		r.problem(line, "%s", text)
	}
}

// level is that of the section being read.
func (r *reader) level() int {
	if r.section == nil {
		return 1
	}
	return r.section.Level
}

// codeBlock reads code whose language is the argument. Content right below the directive is content, though a blank row should stand between.
func (r *reader) codeBlock(d directive) []*doc.Node {
	if len(d.more) > 0 {
		r.problem(d.more[0].line, "no blank line after %s; what follows was read as its content all the same", d.name)
	}
	argument := strings.TrimSpace(d.argument.text)
	language, _, _ := strings.Cut(argument, " ")
	if language == "" && (d.name == "console" || d.name == "terminal") {
		language = d.name
	}
	if language == "" {
		language = r.language
	}
	if settings := d.options["gatewalk"]; settings != "" {
		argument += " {" + settings + "}"
	}
	nodes := r.code(d.inside(), language, argument)
	r.problemIf(len(nodes) == 0, d.head.line, d.name+" without content; indent what belongs to it")
	if caption := d.options["caption"]; caption != "" {
		return r.under(r.plain([]row{{text: caption, line: d.head.line}}), nodes)
	}
	return nodes
}

// parsed reads code that has markup in it. The markup is taken off, for it is not typed; what is slanted is to be replaced.
func (r *reader) parsed(d directive) []*doc.Node {
	rows := trimBlank(d.all())
	for i := range rows {
		space := len(rows[i].text) - len(strings.TrimLeft(rows[i].text, " \t"))
		words := rows[i].text[space:]
		if words != "" {
			rows[i].text = rows[i].text[:space] + typed(r.verbatim(rows[i].after(space)))
		}
	}
	return r.code(rows, r.language, "")
}

func typed(spans []doc.Span) string {
	for i, s := range spans {
		if s.Style == doc.Emphasis {
			spans[i].Text = doc.Blank(s.Text)
		}
	}
	return doc.Words(spans)
}

// prompt reads commands without the prompts that will be put before them. The argument is a language, a prompt, and modifiers, all optional.
func (r *reader) prompt(d directive) []*doc.Node {
	language, _, _ := strings.Cut(strings.TrimSpace(d.argument.text), " ")
	if language == "" || strings.ContainsAny(language, "$#>%(") || language == "auto" {
		language = "bash"
	}
	return r.code(d.inside(), language, strings.TrimSpace(d.argument.text))
}

// note makes an admonition. Errors are dangers by another name.
func (r *reader) note(d directive, name string, content []row) *doc.Node {
	if name == "error" {
		name = "danger"
	}
	r.problemIf(len(content) == 0, d.head.line, d.name+" without content; indent what belongs to it")
	return &doc.Node{Kind: doc.Note, Name: name, Line: d.head.line, End: d.end, Children: r.blocks(content)}
}

// admonition makes a note with a title of its own, which may name the kind of the note.
func (r *reader) admonition(d directive) *doc.Node {
	name := "note"
	for _, word := range append(strings.Fields(d.options["class"]), strings.Fields(d.words())...) {
		word = strings.ToLower(strings.Trim(word, ".:!*`"))
		if slices.Contains(doc.NoteNames, word) {
			name = word
			break
		}
	}
	n := r.note(d, name, d.content)
	for _, title := range r.caption(d) {
		n.Children = doc.EntitleNote(title, n.Children)
	}
	return n
}

// caption is a directive's argument as a line of strong words.
func (r *reader) caption(d directive) []*doc.Node {
	if d.words() == "" {
		return nil
	}
	rows := append([]row{d.argument}, d.more...)
	if d.argument.blank() {
		rows = d.more
	}
	return r.strong(rows)
}

// under puts content under its caption, if it has one.
func (r *reader) under(caption, content []*doc.Node) []*doc.Node {
	if len(caption) == 0 {
		return content
	}
	return doc.Entitle(caption[0], content)
}

// way makes an item of a tab.
func (r *reader) way(d directive, children []*doc.Node) *doc.Node {
	return &doc.Node{Kind: doc.Item, Line: d.head.line, End: d.end, Children: children}
}

// hide keeps what no reader of the page sees, and what cannot be shown as words.
func (r *reader) hide(d directive) []*doc.Node {
	if d.name == "highlight" {
		r.language = strings.TrimSpace(d.argument.text)
	}
	return []*doc.Node{d.hidden()}
}

func (d directive) hidden() *doc.Node {
	return comment(strings.TrimSpace(strings.TrimPrefix(d.head.text, "..")), d.head, d.body)
}
