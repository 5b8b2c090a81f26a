package rst

import (
	"path"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	roleForm   = doc.Pattern("^:([A-Za-z][\\w+.:-]{0,60}):`")
	suffixForm = doc.Pattern(`^:([A-Za-z][\w+.:-]{0,60}):`)
	withTarget = doc.Pattern(`(?s)^(.*?)\s*<([^<>]*)>$`)
)

// asWritten are the roles of what is typed, shown or named as it stands: angle brackets in them are placeholders, not targets.
var asWritten = strings.Fields("command file samp code literal kbd program guilabel menuselection mailheader makevar manpage mimetype newsgroup regexp math cmd bash shell console envvar option dfn var path")

// role writes :name:`words`.
func (w *writer) role(at int) int {
	m := roleForm().FindString(w.text[at:])
	if m == "" {
		return 0
	}
	from := at + len(m)
	end := w.end(from, "`")
	if end < 0 {
		return 0
	}
	w.flush(at)
	w.add(w.styled(m[1:len(m)-2], w.text[from:end]), at)
	return end + 1 - at
}

// interpreted writes `words` in back-ticks: a link if underscores follow, words in a role if one follows, else words as they are typed.
func (w *writer) interpreted(at int) int {
	end := w.end(at+1, "`")
	if end < 0 {
		return 0
	}
	words, rest := w.text[at+1:end], w.text[end+1:]
	length := end + 1 - at
	w.flush(at)
	if marks := underscores(rest); marks != "" {
		w.add(w.link(words, marks), at)
		return length + len(marks)
	}
	if m := suffixForm().FindStringSubmatch(rest); m != nil {
		w.add(w.styled(m[1], words), at)
		return length + len(m[0])
	}
	w.add(doc.Span{Style: doc.Literal, Text: unescape(words)}, at)
	return length
}

// link makes a link of `words <address>`_, `words`_ and `words`__.
func (w *writer) link(words, marks string) doc.Span {
	s := doc.Span{Style: doc.Link, Text: oneLine(unescape(words))}
	m := withTarget().FindStringSubmatch(words)
	switch {
	case m != nil && strings.HasSuffix(m[2], "_") && !strings.ContainsAny(m[2], ":/"):
		s.Text, s.Target = oneLine(unescape(m[1])), "#"+nameOf(strings.TrimSuffix(m[2], "_"))
	case m != nil:
		s.Text, s.Target = oneLine(unescape(m[1])), strings.Join(strings.Fields(m[2]), "")
		w.addresses[nameOf(m[1])] = s.Target
	case marks == "__" && len(w.anonymous) > 0:
		s.Target = w.anonymous[0]
		w.anonymous = w.anonymous[1:]
	default:
		s.Target = "#" + nameOf(words)
	}
	if s.Text == "" {
		s.Text = s.Target
	}
	return s
}

// styled makes a span of words in a role: a link where it has a target or is one, else words as they are typed.
func (w *writer) styled(role, words string) doc.Span {
	if slices.Contains(asWritten, role) {
		return doc.Span{Style: doc.Literal, Text: oneLine(unescape(words))}
	}
	text, target := oneLine(unescape(words)), ""
	m := withTarget().FindStringSubmatch(words)
	if m != nil {
		text, target = oneLine(unescape(m[1])), strings.TrimSpace(m[2])
	}
	switch role {
	case "ref", "numref", "any":
		if m == nil {
			target = text
		}
		return doc.Span{Style: doc.Link, Text: text, Target: "#" + nameOf(target)}
	case "doc", "download":
		if m == nil {
			target = text
		}
		if role == "doc" {
			target = page(target)
		}
		return doc.Span{Style: doc.Link, Text: text, Target: target}
	case "strong", "emphasis":
		return doc.Span{Style: doc.Style(role), Text: text}
	case "abbr", "term", "sup", "sub", "subscript", "superscript", "title-reference":
		return doc.Span{Text: text}
	}
	if m != nil {
		return doc.Span{Style: doc.Link, Text: text, Target: ":" + role + ":" + target}
	}
	return doc.Span{Style: doc.Literal, Text: text}
}

// page is the file of a page that is named without its extension.
func page(name string) string {
	if extension := path.Ext(name); extension == ".rst" || extension == ".md" {
		return name
	}
	return name + ".rst"
}

func oneLine(words string) string { return strings.Join(strings.Fields(words), " ") }
