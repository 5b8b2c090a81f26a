package runbook

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pgregory.net/rapid"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/markdown"
)

// saysTheSameAsPrinted holds for every document that can be read: printed as Markdown and read again it is the same
// document with the same plan, and printed once more it is the same text.
func saysTheSameAsPrinted(t require.TestingT, format, name string, source []byte) {
	d, err := ReadSyntax(format, name, source)
	if err != nil {
		return
	}
	text := markdown.Print(d)
	again, err := markdown.Read(name, text)
	require.NoError(t, err, "%s", text)
	if overfull(again) {
		return
	}
	require.Equal(t, substance(d.Nodes), substance(again.Nodes), "%s", text)
	require.Equal(t, d.Title, again.Title)
	require.Equal(t, fmt.Sprint(d.Values), fmt.Sprint(again.Values))
	require.Equal(t, string(text), string(markdown.Print(again)))
	require.Equal(t, summarised(newPlan(d)), summarised(newPlan(again)), "%s", text)
}

// overfull says whether words were kept without their styles, because they hold too many marks.
func overfull(d *doc.Document) bool {
	for _, p := range d.Problems {
		if strings.Contains(p.Text, "too many") {
			return true
		}
	}
	return false
}

// substance is what nodes say, without where they stand.
func substance(nodes []*doc.Node) string {
	var b strings.Builder
	var write func(nodes []*doc.Node, depth int)
	write = func(nodes []*doc.Node, depth int) {
		for _, n := range nodes {
			words := styled(n.Spans)
			if n.Kind == doc.Comment {
				words = strings.ReplaceAll(strings.TrimSpace(n.Text), "-->", "-- >")
			}
			if words == "" && (n.Kind == doc.Paragraph || n.Kind == doc.Comment) {
				continue
			}
			fmt.Fprintf(&b, "%s%s %d %t %d %q %q %q %s", strings.Repeat("  ", depth), n.Kind, n.Level, n.Ordered, n.Number, n.Name, n.Anchor, n.Lang, words)
			if n.Kind == doc.Code {
				fmt.Fprintf(&b, "%q %v", n.Text, fenceSettings(n.Info, 1))
			}
			b.WriteByte('\n')
			write(n.Children, depth+1)
		}
	}
	write(nodes, 0)
	return b.String()
}

// styled is words with their styles, the space between two of them in none.
func styled(spans []doc.Span) string {
	var b strings.Builder
	sign, space := "", false
	for _, s := range spans {
		own := string(s.Style)
		switch {
		case s.Style == doc.Strong || s.Bold:
			own += "!"
		case s.Style == doc.Break:
			s.Text = "/"
		}
		for _, c := range s.Text {
			if strings.ContainsRune(" \t\n", c) {
				space = true
				continue
			}
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			if space = false; own+s.Target != sign {
				sign = own + s.Target
				fmt.Fprintf(&b, "{%s %s}", own, s.Target)
			}
			b.WriteRune(c)
		}
	}
	return b.String()
}

var lineNumber = regexp.MustCompile(`\bline \d+`)

// summarised is what a plan has an operator do, without the lines it was read from.
func summarised(p *Plan) string {
	var b strings.Builder
	for i := range p.Blocks {
		block := &p.Blocks[i]
		kind := block.Kind
		if kind == Session { // only copied text is taken for a session by its prompt alone
			kind = Command
		}
		fmt.Fprintln(&b, "block", block.ID, kind, block.Commands, block.Host, block.Inputs, block.Sets, block.Reads, block.Verify, block.Expect, block.Poll, block.Gate, block.Interactive, block.DropsConnection, block.Long, block.Optional)
	}
	for _, s := range p.Steps {
		fmt.Fprintln(&b, "step", s.Parent, s.Kind, s.Title, s.Optional, s.Routine, s.Blocks)
	}
	for _, c := range p.Choices {
		fmt.Fprintln(&b, "choice", len(c.Options))
	}
	for _, l := range p.Loops {
		fmt.Fprintln(&b, "loop", l.Over, l.Mode)
	}
	for _, r := range p.Refs {
		fmt.Fprintln(&b, "ref", r.Text, r.Target, r.Returns)
	}
	for _, a := range p.Admonitions {
		fmt.Fprintln(&b, "note", a.Kind, a.Work, a.Text)
	}
	return lineNumber.ReplaceAllString(b.String(), "line") + strings.Join(p.TemplateVars, " ")
}

// pieces are what documents are put together from, in each syntax.
var pieces = map[string][]string{
	"markdown": {
		"# T\n", "T\n==\n", "words *a* **b** `c`\n", "\n", "- a\n", "  - b\n", "1. c\n", "3) d\n", "    deep\n", "```sh\n", "```\n", "~~~\n", "> q\n", "> **NOTE:** n\n", "| a | b |\n|---|---|\n| `c` |\n",
		"<!-- gatewalk host=x -->\n", "<!--\n", "-->\n", "<div>\n", "</div>\n", "!!! note \"N\"\n", "=== \"A\"\n", "??? tip\n", "{{< note >}}\n", "{{< /note >}}\n", "{% highlight sh %}\n", "{% endhighlight %}\n", ":::warning\n", ":::\n", "***\n",
		"[a]: b\n", "[a] [x](y) <z@w.org> https://w.org\n", "\\\n", "  \n", "Run it:\n", "NOTE\n", ": x\n", "<host>\n", "$ ls\n", "{{% tab name=\"A\" %}}\n", "{{% /tab %}}\n", "<br>\n", "\tt\n", "## T {#x}\n", "a  \n", "&amp; &#35;\n", "    x\r\r\n", "\r",
	},
	"rst": {
		"T\n==\n", "==\nT\n==\n", "words *a* **b** ``c`` `d`_ |e|\n", "\n", "* a\n", "  - b\n", "#. c\n", "3. d\n", "a. e\n", "   deep\n", "Run it::\n\n", ".. code-block:: sh\n", "   :gatewalk: host=x\n", "\n   ls\n", ".. note:: n\n", ".. tip::\n", ".. gatewalk: host=x\n", ".. c\n",
		".. _l:\n", ".. |e| replace:: f\n", ".. rubric:: R\n", ".. tabs::\n\n   .. tab:: A\n\n      x\n", "term\n  meaning\n", "== ==\na  b\n== ==\n", "+--+--+\n|a |b |\n+--+--+\n", "| line\n", "|\n", ":field: value\n", ":Note: value\n", "Note\n", "**Note**\n", ".. admonition:: Tip: x\n", "::\n", "----\n", "\tt\n", ".. unknown:: Note\n",
		".. list-table:: T\n\n   * - a\n     - b\n", "> quoted\n", "\\ \n", ">>> x\n", ".. include:: x\n", "__ u\n", "`x`__\n", ".. topic:: Warning\n", "..\n", "+ f\n", "0) g\n", "    x\r\r\n", "\r",
	},
	"text": {
		"Title\n", "\n", "Prerequisites\n", "1. Do it.\n", "3. Then:\n", "   $ run --it\n", "  2. Inner:\n", "    code -x\n    \n", "• point\n", "- option\n", "*\t\n", "Words that say something.\n", "and go on\n", "Note\n", "NOTE: mind.\n", "NOTE\n", ": x\n", "Run the command:\n", "show -a | sort\n",
		"u@h:~$ ls +---+ | a | +---+\n", "done.Next one ", "```sh\n", "{\n  \"a\": 1\n}\n", "\tx\n", "•  \n", "\v\n", "Copy\n", "bash\n", "Step 1: Go\n", "===\n", "use the command show it\n", "a_b *c* <d> [e](f)\n", "https://w.org\n", "Tip: Note: x\n", "cat <<A\nb\nA\n", "1.1.1.1.1.1.1 Deep\n", "i. x\n", "(a) y\n", "    x\r\r\n", "\r",
	},
}

// Whatever a document is put together from, it says the same as printed, and keeps the other promises of a source.
func TestWhateverIsPutTogetherHolds(t *testing.T) {
	for format, all := range pieces {
		t.Run(format, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var source []byte
				for range rapid.IntRange(1, 12).Draw(t, "pieces") {
					before := rapid.SampledFrom([]string{"", "", "", "", "   ", "    ", "> "}).Draw(t, "before")
					source = append(source, before+rapid.SampledFrom(all).Draw(t, "piece")...)
				}
				saysTheSameAsPrinted(t, format, "x", source)
				offersNoSample(t, format, "x", source)
			})
		})
	}
}

// Whatever a document holds that a reader can make, it says the same as printed.
func TestAnyDocumentSaysTheSameAsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &doc.Document{Source: "x.md", Format: "markdown", Nodes: drawBlocks(t, 3), Title: rapid.SampledFrom(marks).Draw(t, "title")}
		text := markdown.Print(d)
		again, err := markdown.Read("x.md", text)
		require.NoError(t, err)
		require.Equal(t, substance(d.Nodes), substance(again.Nodes), "%s", text)
		require.Equal(t, d.Title, again.Title)
		require.Equal(t, string(text), string(markdown.Print(again)))
	})
}

// marks are words in which every sign of Markdown stands where it may be taken for one.
var marks = strings.Split("go on|a_b _c_ d__e|*x* **y** *|`tick` ``|[a](b) [!x]|![i]|<host> <!-- x --> </b>|& &amp; &#65; &|\\ \\* \\|#1 # {#x}|> - + 1. x|1. x|- x|+ x|=== \"t\"|!!! tip|??? tip|~~s~~ ~|%", "|")

func init() {
	marks = append(marks, "https://x.org/a_b?c=d&e", "www.x.org", "me@x.org", "{{site.x}}", "|", "a|b", "x:", "(y)", "Step one.", "é–“q”", "a\u00a0b", "!", "]", "$X \"y\" 'z'")
}

func drawSpans(t *rapid.T) []doc.Span {
	n := rapid.IntRange(1, 5).Draw(t, "spans")
	spans := make([]doc.Span, 0, n)
	line := 1
	for range n {
		s := doc.Span{Text: rapid.SampledFrom(marks).Draw(t, "text"), Style: rapid.SampledFrom([]doc.Style{doc.Plain, doc.Plain, doc.Strong, doc.Emphasis, doc.Literal, doc.Link}).Draw(t, "style"), Line: line}
		switch s.Style {
		case doc.Link:
			s.Target = rapid.SampledFrom([]string{"", "a.md#b", "https://x.org", "a b", "<(\\&|>", ":ref:x"}).Draw(t, "target")
			s.Bold = rapid.Bool().Draw(t, "bold")
		case doc.Literal:
			s.Bold = rapid.Bool().Draw(t, "bold")
		default:
			s.Text = rapid.SampledFrom([]string{"", " "}).Draw(t, "before") + s.Text + rapid.SampledFrom([]string{"", " "}).Draw(t, "after")
		}
		if s.Text != "" {
			spans = append(spans, s)
		}
		line += rapid.IntRange(0, 1).Draw(t, "down")
	}
	return spans
}

func drawBlocks(t *rapid.T, depth int) []*doc.Node {
	var nodes []*doc.Node
	for range rapid.IntRange(1, 4).Draw(t, "blocks") {
		nodes = append(nodes, drawBlock(t, depth))
	}
	return joinTabs(doc.Adopt(nodes))
}

// joinTabs makes one list of neighbouring tabs, as they are to a reader.
func joinTabs(nodes []*doc.Node) []*doc.Node {
	var out []*doc.Node
	for _, n := range nodes {
		if last := len(out) - 1; last >= 0 && n.Name == doc.Tabs && out[last].Name == doc.Tabs {
			out[last].Children = append(out[last].Children, n.Children...)
		} else {
			out = append(out, n)
		}
	}
	return out
}

func drawBlock(t *rapid.T, depth int) *doc.Node {
	kinds := []doc.Kind{doc.Heading, doc.Paragraph, doc.Paragraph, doc.Code, doc.Comment, doc.Rule, doc.Table}
	if depth > 0 {
		kinds = append(kinds, doc.List, doc.Note, doc.Quote)
	}
	n := &doc.Node{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch n.Kind {
	case doc.Heading:
		n.Spans, n.Level = drawSpans(t), rapid.IntRange(1, doc.MaxLevel).Draw(t, "level")
		n.Anchor = rapid.SampledFrom([]string{"", "x", "a b\"\\", "go-on"}).Draw(t, "anchor")
	case doc.Paragraph:
		n.Spans = doc.Trim(append([]doc.Span{{Text: rapid.SampledFrom(marks).Draw(t, "first"), Line: 1}}, drawSpans(t)...))
	case doc.Code:
		n.Lang = rapid.SampledFrom([]string{"", "sh"}).Draw(t, "lang")
		n.Info = n.Lang + rapid.SampledFrom([]string{"", " {host=a}", " `"}).Draw(t, "info")
		n.Text = strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"ls\n", "\n", "  a\n", "```\n", "~~~~\n", "# x\n", "> y\n", "- z\n", "=== \"t\"\n", "\tt\n"}), 0, 4).Draw(t, "code"), "")
	case doc.Comment:
		n.Text = rapid.SampledFrom([]string{"gatewalk gate=stop", "a\n\nb\n  c", "-->", "```"}).Draw(t, "comment")
	case doc.Table:
		for range rapid.IntRange(1, 3).Draw(t, "rows") {
			n.Children = append(n.Children, &doc.Node{Kind: doc.Row, Children: []*doc.Node{{Kind: doc.Paragraph, Spans: drawSpans(t)}, {Kind: doc.Paragraph, Spans: drawSpans(t)}}})
		}
	case doc.List:
		drawItems(t, n, depth)
	case doc.Note, doc.Quote:
		n.Children = drawBlocks(t, depth-1)
		if holdsTabs(n.Children) { // which no quote can
			n.Kind = doc.Note
		}
		if n.Kind == doc.Note {
			n.Name = rapid.SampledFrom(doc.NoteNames).Draw(t, "name")
		} else if n.Children[0].Kind == doc.Note {
			return n.Children[0] // to a reader a quote that begins with a note is one
		}
	}
	return n
}

func holdsTabs(nodes []*doc.Node) bool {
	found := false
	doc.Walk(nodes, func(n *doc.Node) bool {
		found = found || n.Name == doc.Tabs
		return !found
	})
	return found
}

func drawItems(t *rapid.T, n *doc.Node, depth int) {
	n.Ordered = rapid.Bool().Draw(t, "ordered")
	if !n.Ordered && rapid.Bool().Draw(t, "tabs") {
		n.Name = doc.Tabs
	}
	first := rapid.IntRange(1, 12).Draw(t, "number")
	for i := range rapid.IntRange(1, 3).Draw(t, "items") {
		item := &doc.Node{Kind: doc.Item, Children: drawBlocks(t, depth-1)}
		if n.Ordered {
			item.Number = first + i
		}
		n.Children = append(n.Children, item)
	}
}
