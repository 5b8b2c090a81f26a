package markdown

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
)

// What is printed reads as a person would have written it, and signs are only escaped where they would be read as such.
func TestPrintedMarkdownReadsWell(t *testing.T) {
	for source, want := range map[string]string{
		"Title\n=====\n\n* a\n* b\n":                                "# Title\n\n- a\n- b\n",
		"1) a\n1) b\n\n    ls\n":                                    "1. a\n\n2. b\n\n   ls\n",
		"Mind a_b, 1 < 2 and <host>; [not] a *link*.":               "Mind a_b, 1 < 2 and \\<host>; \\[not] a *link*.\n",
		"one\ntwo\n3. three":                                        "one\ntwo 3. three\n",
		"**NOTE:** go\n\n> said":                                    "> [!NOTE]\n>\n> go\n\n> said\n",
		"    indented\n\n````\n```\n````":                           "```\nindented\n```\n\n````\n```\n````\n",
		"a  \nb <br> `c|d`":                                         "a<br>b <br> `c|d`\n",
		"|a|b|\n|-|-|\n|`c\\|d`| \\| |":                             "| a | b |\n| --- | --- |\n| `c\\|d` | &#124; |\n",
		"# One\n\n# One\n\n## Two {#three}":                         "# One\n\n# One\n\n## Two {#three}\n",
		"<https://x.org> [x](y \"title\") ![i](j)":                  "<https://x.org> [x](y) i\n",
		"=== \"Left\"\n    x\n=== \"Right\"\n    y\n":               "=== \"Left\"\n\n    x\n\n=== \"Right\"\n\n    y\n",
		"- a\n\n+ b\n\n1. c\n\n2) d":                                "- a\n\n+ b\n\n1. c\n\n2) d\n",
		"x**(y)**z":                                                 "x\\*\\*(y)\\*\\*z\n",
		"---\ntitle: T\nsubstitutions:\n  v: 1\n---\n\n```\nx\n```": "---\nsubstitutions:\n    v: \"1\"\ntitle: T\n---\n\n```\nx\n```\n",
	} {
		d, err := Read("x.md", []byte(source))
		require.NoError(t, err)
		require.Equal(t, want, string(Print(d)), source)
	}
}

// Styles that Markdown cannot put side by side are kept apart by a comment, which nobody sees.
func TestStylesSideBySideAreKeptApart(t *testing.T) {
	spans := []doc.Span{
		{Text: "x"}, {Text: "(y)", Style: doc.Strong}, {Text: "z", Style: doc.Emphasis}, {Text: "a", Style: doc.Literal}, {Text: "b", Style: doc.Literal},
	}
	text := Print(&doc.Document{Nodes: []*doc.Node{{Kind: doc.Paragraph, Spans: spans}}})
	require.Equal(t, "x<!---->**(y)**<!---->*z*`a`<!---->`b`\n", string(text))
	d, err := Read("x.md", text)
	require.NoError(t, err)
	for i := range spans {
		spans[i].Line = 1
	}
	require.Equal(t, spans, d.Nodes[0].Spans)
}

// A name or a number after an ampersand is a letter, a mark after a backslash is itself, in words and in targets.
func TestEscapedMarksAreRead(t *testing.T) {
	d, err := Read("x.md", []byte("a \\&amp; b &amp;lt; c &#42; [x](<y\\>&amp;z>)"))
	require.NoError(t, err)
	require.Equal(t, "a &amp; b &lt; c * x", doc.Words(d.Nodes[0].Spans))
	require.Equal(t, "y>&z", d.Nodes[0].Spans[1].Target)
}

// MkDocs' tabs are ways to do one thing; a tab in code stays one, however deep it stands.
func TestTabsOfMkDocsAreWays(t *testing.T) {
	require.Equal(t, "1-7 list tabs\n  1-5 item\n    1-1 paragraph strong(Left)\n    4-4 code sh \"\\tx\\n\"\n  6-7 item\n    6-6 paragraph strong(Right)\n    7-7 paragraph y\n",
		suite.Outline(t, "=== \"Left\"\n\n    ```sh\n    \tx\n    ```\n=== \"Right\"\n    y\n"))
}
