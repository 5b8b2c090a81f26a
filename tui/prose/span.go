package prose

import (
	"strings"

	"charm.land/lipgloss/v2"

	"gatewalk/runbook/doc"
	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// said are spans in words, with the marks that carry meaning: literals quoted, the targets of links beside them.
func said(spans []doc.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Style {
		case doc.Plain, doc.Strong, doc.Emphasis:
			b.WriteString(s.Text)
		case doc.Literal:
			b.WriteString("`" + s.Text + "`")
		case doc.Link:
			b.WriteString(s.Text)
			if s.Target != "" && s.Target != s.Text {
				b.WriteString(" (" + s.Target + ")")
			}
		case doc.Break:
			b.WriteString("\n")
		default:
			panic("prose: no words for the style " + string(s.Style))
		}
	}
	return b.String()
}

// styled are the words of spans, each in its style.
func styled(spans []doc.Span, styles theme.Styles, base lipgloss.Style) []theme.Word {
	var all []theme.Word
	open, broken := true, false
	for _, span := range spans {
		text := safe.Of(span.Text).Plain()
		piece := theme.Words(text, spanStyle(span, styles, base))
		broken = broken || span.Style == doc.Break
		if len(piece) > 0 {
			piece[0].Break, broken = broken, false
			piece[0].Tight = !open && !strings.HasPrefix(text, " ") && !strings.HasPrefix(text, "\n")
		}
		all = append(all, piece...)
		if text != "" {
			open = strings.HasSuffix(text, " ") || strings.HasSuffix(text, "\n")
		}
		open = open || span.Style == doc.Break
	}
	return all
}

func spanStyle(span doc.Span, styles theme.Styles, base lipgloss.Style) lipgloss.Style {
	style := base
	switch span.Style {
	case doc.Plain, doc.Break:
	case doc.Strong:
		style = styles.Strong
	case doc.Emphasis:
		style = styles.Emphasis
	case doc.Literal:
		style = styles.Literal
	case doc.Link:
		style = styles.Link
	default:
		panic("prose: a span outside the closed set: " + string(span.Style))
	}
	return style.Bold(style.GetBold() || span.Bold)
}
