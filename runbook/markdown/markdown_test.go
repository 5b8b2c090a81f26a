package markdown

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/doc/doctest"
)

var suite = doctest.Syntax{Extension: ".md", Read: Read}

func TestLinesAreThoseOfTheFile(t *testing.T) {
	source := "---\ntitle: x\n---\n# One\n\n1. First\n   goes on.\n\n   ```bash\n   ls \\\n     -a\n   ```\n\n1. Second\n\n       indented\n\n> quoted\nlazily\n\n| a | b |\n|---|---|\n| `c` | d |\n"
	want := `4-4 heading 1 #one One
6-16 list
  6-11 item 1
    6-7 paragraph First |goes on.
    10-11 code bash "ls \\\n  -a\n"
  14-16 item 2
    14-14 paragraph Second
    16-16 code "indented\n"
18-19 quote
  18-19 paragraph quoted |lazily
21-23 table
  21-21 row
    21-21 paragraph a
    21-21 paragraph b
  23-23 row
    23-23 paragraph literal(c)
    23-23 paragraph d
`
	require.Equal(t, want, suite.Outline(t, source))
	require.Equal(t, want, suite.Outline(t, "\ufeff"+strings.ReplaceAll(source, "\n", "\r\n")))
}

func TestCodeThatCutsOffItsItem(t *testing.T) {
	source := "1. All of it.\n\n   1. Fetch it.\n\n   ```bash\n   fetch\n   ```\n\n   1. Keep it.\n\n   ```bash\n   keep\n   ```\n\n   ```text\n   kept\n   ```\n\n1. Rest.\n"
	require.Equal(t, `1-19 list
  1-16 item 1
    1-1 paragraph All of it.
    3-16 list
      3-6 item 1
        3-3 paragraph Fetch it.
        6-6 code bash "fetch\n"
      9-16 item 2
        9-9 paragraph Keep it.
        12-12 code bash "keep\n"
        16-16 code text "kept\n"
  19-19 item 2
    19-19 paragraph Rest.
`, suite.Outline(t, source))
	for name, source := range map[string]string{
		"of several items":              "1. One.\n1. Two.\n\n```bash\nls\n```\n\n1. Other.\n",
		"behind an item that has code":  "1. One.\n\n   ```bash\n   id\n   ```\n\n```bash\nls\n```\n\n1. Other.\n",
		"behind the last that has code": "1. One.\n\n```bash\nls\n```\n\n1. Other.\n\n   ```bash\n   id\n   ```\n\n```bash\npwd\n```\n",
		"with words before it":          "1. One.\n\nIt is one.\n\n```bash\nls\n```\n\n1. Other.\n",
		"with a rule before it":         "1. One.\n\n---\n\n```bash\nls\n```\n\n2. Other.\n",
	} {
		require.Regexp(t, `(?m)^\d+-\d+ code`, suite.Outline(t, source), name)
	}
}

// Of a blank line of code in an item no space is kept, wherever the code stood.
func TestBlankLinesOfCodeThatIsGivenBackAreEmpty(t *testing.T) {
	require.Contains(t, suite.Outline(t, "1. a\n\n```\nls\n  \nid\n```\n\n2. b\n"), `code "ls\n\nid\n"`)
	require.Contains(t, suite.Outline(t, "```\nls\n  \nid\n```\n"), `code "ls\n  \nid\n"`)
}

// Where an item begins on the line of the item around it, nothing tells how far in it stands.
func TestWordsBelowAnItemWithinAnItem(t *testing.T) {
	require.Equal(t, `1-3 list
  1-3 item
    1-1 list
      1-1 item
        1-1 paragraph in
    3-3 paragraph out
`, suite.Outline(t, "- - in\n\n  out\n"))
}

func TestFencesThatNameWhatTheyAre(t *testing.T) {
	source := "````{warning}\n:class: wide\nInstead of\n```bash\nls\n```\nrun it.\n````\n\n```{code-block} bash\n:linenos:\npwd\n```\n\n```{dropdown} More\nMuch more.\n```\n\n```{python}\nx = 1\n```\n"
	require.Equal(t, `1-7 note warning
  3-3 paragraph Instead of
  5-5 code bash "ls\n"
  7-7 paragraph run it.
12-12 code bash "pwd\n"
15-15 paragraph strong(More)
16-16 paragraph Much more.
20-20 code python "x = 1\n"
`, suite.Outline(t, source))
}

func TestNotesAreToldInEveryStyle(t *testing.T) {
	for _, source := range []string{
		"> **`NOTE`** Mind this.", "**NOTE:** Mind this.", "**`NOTE`** Mind this.", "> **NOTE:** Mind this.", "NOTE: Mind this.", "> ***NOTE*** Mind this.",
		"**NOTE** Mind this.", "> NOTE: Mind this.", "**NOTE**: Mind this.", "> **NOTE**: Mind this.", "> **`NOTE`**: Mind this.", "> **`NOTE:`** Mind this.",
		"> ***NOTE:*** Mind this.", "**NOTE: Mind this.**", "***NOTE*** Mind this.", "**`NOTE:`** Mind this.", "> [!NOTE]\n> Mind this.", "**Note:** Mind this.",
		">**`Note`** Mind this.", "!!! note\n    Mind this.",
	} {
		d, err := Read("x.md", []byte(source))
		require.NoError(t, err)
		require.Len(t, d.Nodes, 1, source)
		n := d.Nodes[0]
		require.Equal(t, doc.Note, n.Kind, source)
		require.Equal(t, "note", n.Name, source)
		require.Equal(t, "Mind this.", doc.Words(n.Children[0].Spans), source)
	}
	for _, source := range []string{"Note that it is late.", "> Just quoted.", "**Important points** to keep.", "The note: read it.", "Notes"} {
		d, err := Read("x.md", []byte(source))
		require.NoError(t, err)
		require.NotEqual(t, doc.Note, d.Nodes[0].Kind, source)
	}
}

func TestNotesInTheMiddleOfAParagraphAreSplitOff(t *testing.T) {
	require.Equal(t, "1-1 paragraph Do it.\n2-3 note note\n  2-3 paragraph Mind this |and that.\n", suite.Outline(t, "Do it.\n**NOTE:** Mind this\nand that.\n"))
}

func TestBrokenListsAreRepaired(t *testing.T) {
	require.Equal(t, `1-9 list
  1-5 item 1
    1-1 paragraph a
    4-4 code "ls\n"
  7-7 item 2
    7-7 paragraph b
  9-9 item 3
    9-9 paragraph c
`, strings.Replace(suite.Outline(t, "1. a\n\n```\nls\n```\n\n2. b\n\n3. c\n"), "1-4 item", "1-5 item", 1))
	require.Contains(t, suite.Outline(t, "1. a\n\n# H\n\n2. b\n"), "5-5 list")
}

// What stands under an item, but not as far in as Markdown wants, is in it; what is not indented more than its number is not.
func TestWhatIsIndentedTooLittleIsInTheItem(t *testing.T) {
	require.Equal(t, `1-15 list
  1-7 item 1
    1-1 paragraph a
    4-4 code "ls\n"
    7-7 paragraph words
  8-8 item 2
    8-8 paragraph b
  10-13 item 3
    10-10 paragraph c
    11-13 list
      11-13 item 1
        11-11 paragraph d
        13-13 code "id\n"
  15-15 item 4
    15-15 paragraph e
17-17 code "pwd\n"
`, suite.Outline(t, "1. a\n\n  ```\n  ls\n  ```\n\n  words\n1. b\n\n1. c\n   1. d\n     ```\n     id\n     ```\n1. e\n```\npwd\n```\n"))
}

func TestDirectivesOfMkDocsAreRead(t *testing.T) {
	require.Equal(t, `1-7 note warning
  1-1 paragraph strong(Mind)
  2-2 paragraph Words.
  5-6 code sh "ls\n\n"
9-9 paragraph after
`, suite.Outline(t, "!!! warning \"Mind\"\n    Words.\n\n    ```sh\n    ls\n\n    ```\n\nafter\n"))
}

func TestMarkupKeepsItsWords(t *testing.T) {
	require.Equal(t, "1-1 comment \" gatewalk gate=stop \"\n1-1 paragraph Then on.\n", suite.Outline(t, "<!-- gatewalk gate=stop --> Then on.\n"))
	require.Equal(t, "1-3 paragraph Old tags stay out\n", suite.Outline(t, "<div>\n<b>Old</b> tags stay out\n</div>\n"))
	require.Equal(t, "1-1 paragraph Name the <host name> here \\ and (there) & more.\n", suite.Outline(t, "Name the <host name> here \\\\ and \\(there\\) &amp; more.\n"))
	require.Equal(t, "2-3 code \"a b\\nc\\n\"\n", suite.Outline(t, "<pre>\na b\nc</pre>\n"))
	require.Equal(t, "1-1 code \"rm <file>\\n\"\n", suite.Outline(t, "<pre><code>rm <var>file</var></code></pre>\n"))
}

func TestSpansKeepStyleTargetAndLine(t *testing.T) {
	d, err := Read("x.md", []byte("See **the [`page`](a.md#b)** and\n`x` or *y* <https://z.org>.\n"))
	require.NoError(t, err)
	require.Equal(t, []doc.Span{
		{Text: "See ", Line: 1},
		{Text: "the ", Style: doc.Strong, Line: 1},
		{Text: "page", Style: doc.Link, Bold: true, Target: "a.md#b", Line: 1},
		{Text: " and ", Line: 1},
		{Text: "x", Style: doc.Literal, Line: 2},
		{Text: " or ", Line: 2},
		{Text: "y", Style: doc.Emphasis, Line: 2},
		{Text: " ", Line: 2},
		{Text: "https://z.org", Style: doc.Link, Target: "https://z.org", Line: 2},
		{Text: ".", Line: 2},
	}, d.Nodes[0].Spans)
}

func TestAnchorsAreThoseOfGitHub(t *testing.T) {
	for words, want := range map[string]string{
		"3.1 `stage-x` with an upgrade": "31-stage-x-with-an-upgrade", "Stage 3.3 - `n1` upgrade": "stage-33---n1-upgrade", "Über_uns!": "über_uns",
	} {
		d, err := Read("x.md", []byte("# T\n\n## "+words+"\n\n## "+words+"\n\n## Own {#mine}\n"))
		require.NoError(t, err)
		require.Equal(t, want, d.Nodes[1].Anchor)
		require.Equal(t, want+"-1", d.Nodes[2].Anchor)
		require.Equal(t, "mine", d.Nodes[3].Anchor)
	}
}

func TestUnclosedFencesAreNamedAndKept(t *testing.T) {
	for source, line := range map[string]int{"a\n\n```sh\nls\n": 3, "1. a\n\n   ~~~\n   ls\n\n2. b\n": 3, "> ```\n> ls\n\nb\n": 1} {
		d, err := Read("x.md", []byte(source))
		require.NoError(t, err)
		require.Len(t, d.Problems, 1, source)
		require.Equal(t, line, d.Problems[0].Line, source)
	}
	for _, source := range []string{"```\n```\n", "````\n```\n````\n", "> ```\n> ls\n> ```\n", "- ```\n  ls\n  ```\n", "```\n\n\n```\n"} {
		d, err := Read("x.md", []byte(source))
		require.NoError(t, err)
		require.Empty(t, d.Problems, source)
	}
}

// Below a letter, which Markdown knows no list by, a block with its fences is further in than code; so are its fences.
func TestIndentedFencesAreFences(t *testing.T) {
	require.Equal(t, `1-8 list
  1-8 item 1
    1-1 paragraph One way:
    3-3 paragraph a. By hand:
    6-8 code bash "ls \\\n  -a\n\n"
`, suite.Outline(t, "1. One way:\n\n    a. By hand:\n\n        ```bash\n        ls \\\n          -a\n\n        ```\n"))
}
