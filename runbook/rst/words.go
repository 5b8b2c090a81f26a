package rst

import (
	"strings"

	"gatewalk/runbook/doc"
)

// words reads a paragraph, a term with its definition, or a paragraph that announces code with "::".
func (r *reader) words(rows []row, at int) ([]*doc.Node, int) {
	end := r.paragraphEnd(rows, at)
	own := rows[at:end]
	if announces(own) {
		return r.announced(own, rows, end)
	}
	if end < len(rows) && end == at+1 && rows[end].indent() > 0 && !rows[end].blank() {
		return r.definition(rows, at)
	}
	return r.paragraph(own), end
}

// paragraphEnd is the index after a paragraph's last row. A directive or a title right below ends it, though a blank row should stand between.
func (r *reader) paragraphEnd(rows []row, at int) int {
	for i := at + 1; i < len(rows); i++ {
		text := rows[i].text
		switch {
		case rows[i].blank() || rows[i].indent() > 0:
			return i
		case directiveForm().MatchString(strings.TrimPrefix(text, ".. ")) && strings.HasPrefix(text, ".. "):
			r.problem(rows[i].line, "no blank line before %s; it was read as a directive all the same", strings.Fields(text)[1])
			return i
		case underlined(rows, i) || overlined(rows, i):
			return i
		case strings.HasSuffix(strings.TrimSpace(rows[i-1].text), ":") && markerAt(rows, i).width > 0:
			r.problem(rows[i].line, "no blank line before a list; it was read as a list all the same")
			return i
		}
	}
	return len(rows)
}

// paragraph reads words, which are a note where they begin with the name of one.
func (r *reader) paragraph(rows []row) []*doc.Node {
	nodes := r.plain(rows)
	for i, p := range nodes {
		nodes[i] = doc.SplitNote(p)
	}
	return nodes
}

// plain reads words for a paragraph, or for nothing if there are none.
func (r *reader) plain(rows []row) []*doc.Node {
	spans := doc.Trim(r.inline(rows))
	if len(spans) == 0 {
		return nil
	}
	return []*doc.Node{{Kind: doc.Paragraph, Line: rows[0].line, End: rows[len(rows)-1].line, Spans: spans}}
}

// strong reads words that stand out: a term, a caption.
func (r *reader) strong(rows []row) []*doc.Node {
	nodes := r.plain(rows)
	for _, n := range nodes {
		for i := range n.Spans {
			if n.Spans[i].Style == doc.Plain {
				n.Spans[i].Style = doc.Strong
			}
		}
	}
	return nodes
}

func announces(rows []row) bool {
	return strings.HasSuffix(strings.TrimRight(rows[len(rows)-1].text, " \t"), "::")
}

// announced reads a paragraph that ends in "::" and the code after it. The paragraph keeps one colon, or none after a space.
func (r *reader) announced(own, rows []row, end int) ([]*doc.Node, int) {
	last := own[len(own)-1]
	words := strings.TrimSuffix(strings.TrimRight(last.text, " \t"), ":")
	if strings.TrimSpace(words) == ":" || strings.HasSuffix(words, " :") {
		words = strings.TrimRight(strings.TrimSuffix(words, ":"), " ")
	}
	own = append(append([]row{}, own[:len(own)-1]...), row{words, last.line, last.column})
	nodes := r.paragraph(own)
	from := end
	for from < len(rows) && rows[from].blank() {
		from++
	}
	end = literalEnd(rows, from)
	if end == from {
		r.problem(last.line, "\"::\" announces code, and none follows; indent it")
		return nodes, from
	}
	return append(nodes, r.code(rows[from:end], r.language, "")...), end
}

// literalEnd is the index after the code that begins at a row: the rows that are indented, or else those that begin with the same mark.
func literalEnd(rows []row, at int) int {
	if end := bodyEnd(rows, at); end > at || at >= len(rows) {
		return end
	}
	mark := rows[at].text[:1]
	if !strings.ContainsAny(mark, punctuation) || isExplicit(rows[at].text) || markerAt(rows, at).width > 0 {
		return at
	}
	end := at
	for end < len(rows) && strings.HasPrefix(rows[end].text, mark) {
		end++
	}
	return end
}

// definition reads a term and what is indented below it: the term in strong words, then its definition.
func (r *reader) definition(rows []row, at int) ([]*doc.Node, int) {
	end := bodyEnd(rows, at+1)
	return r.under(r.strong(rows[at:at+1]), r.blocks(dedent(rows[at+1:end]))), end
}

// code keeps the bytes of a block, dedented by its own indentation and no more.
func (r *reader) code(rows []row, language, info string) []*doc.Node {
	rows = dedent(trimBlank(rows))
	if len(rows) == 0 {
		return nil
	}
	return []*doc.Node{{Kind: doc.Code, Lang: doc.Language(language), Info: info, Line: rows[0].line, End: rows[len(rows)-1].line, Text: join(rows)}}
}

func (r *reader) doctest(rows []row, at int) ([]*doc.Node, int) {
	end := at
	for end < len(rows) && !rows[end].blank() {
		end++
	}
	return r.code(rows[at:end], "pycon", ""), end
}

// lineBlock reads rows that begin with "| " and keep their line breaks.
func (r *reader) lineBlock(rows []row, at int) ([]*doc.Node, int) {
	p := &doc.Node{Kind: doc.Paragraph, Line: rows[at].line}
	end := at
	for end < len(rows) && (rows[end].text == "|" || strings.HasPrefix(rows[end].text, "| ")) {
		if end > at {
			p.Spans = append(p.Spans, doc.Span{Text: "\n", Style: doc.Break, Line: rows[end].line})
		}
		p.Spans = append(p.Spans, r.inline([]row{rows[end].after(1)})...)
		p.End = rows[end].line
		end++
	}
	if p.Spans = doc.Trim(p.Spans); len(p.Spans) == 0 {
		return nil, end
	}
	return []*doc.Node{doc.SplitNote(p)}, end
}

var fieldForm = doc.Pattern(`^:([^:\s` + "`" + `][^:` + "`" + `]*):(?:\s+(.*))?$`)

// field reads ":name: value". Above the first title it describes the document, further down it is words.
func (r *reader) field(rows []row, at int) ([]*doc.Node, int) {
	m := fieldForm().FindStringSubmatch(rows[at].text)
	end := bodyEnd(rows, at+1)
	if r.section == nil && r.depth == 1 {
		r.front[m[1]] = strings.TrimSpace(m[2] + continuation(rows[at], rows[at+1:end], " "))
		return nil, end
	}
	name := doc.Span{Text: m[1] + ": ", Style: doc.Strong, Line: rows[at].line}
	value := r.inline([]row{rows[at].after(len(rows[at].text) - len(m[2]))})
	p := &doc.Node{Kind: doc.Paragraph, Line: rows[at].line, End: rows[at].line, Spans: append([]doc.Span{name}, value...)}
	return doc.Entitle(p, r.blocks(dedent(rows[at+1:end]))), end
}
