package runbook

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hostile are documents that cost much where reading is careless: each kind of nesting, each mark that is never closed, each
// list that goes on, n pieces long, in every syntax that knows it.
func hostile(n int) map[string]map[string]string {
	times := strings.Repeat
	return map[string]map[string]string{
		"x.md": {
			"links":                times("[a](", n),
			"links, closed":        times("[a](", n) + times(")", n),
			"references":           times("[a][", n) + times("]", n),
			"definitions":          times("[a]: b\n", n) + times("[a] ", n),
			"distinct references":  numbered("[a%d]: b%d\n", n) + numbered("[a%d] ", n),
			"brackets":             times("[", 5*n) + times("]", 5*n),
			"images":               times("![", n),
			"emphasis":             times("*a **b ", n),
			"emphasis, mixed":      times("*_", n) + "a" + times("_*", n),
			"stars":                times("*", n) + "a" + times("*", n),
			"underscores":          times("_a__b", n),
			"strikes":              times("~a ", n),
			"back-ticks":           rising("`", 400),
			"html":                 times("<a ", n),
			"html, open":           "<div>\n" + times("<div>\n", n),
			"comments":             times("<!-- ", n),
			"declarations":         times("<!A ", n),
			"instructions":         times("<? ", n),
			"character data":       times("<![CDATA[", n),
			"entities":             times("&amp", n),
			"quotes":               times(">", n) + "a",
			"quotes, falling":      falling("> ", 60, n/60),
			"lists in a line":      times("- ", n) + "a",
			"lists in steps":       stairs("  ", "- a\n", 300),
			"blank items":          times("-\n", n),
			"blank items apart":    times("-\n\n", n),
			"items":                numbered("%d. a\n", n),
			"items, code between":  numbered("%d. a\n\n```\nls\n```\n\n", n/4),
			"headings":             times("# a\n\n", n),
			"headings, underlined": times("a\n=\n", n),
			"sentence lines":       times("Go on.\n", n),
			"paragraph lines":      times("a\n", n),
			"rules":                times("***\n", n),
			"fence, open":          "```\n" + times("a\n", n),
			"fences":               times("```\n\n", n),
			"fences, open":         times("1. ```\n", n),
			"front matter, open":   "---\n" + times("a: b\n", n),
			"front matter, long":   "---\n" + numbered("a%d: b\n", n) + "---\n",
			"yaml bomb":            "---\n" + yamlBomb() + "---\n",
			"yaml, deep":           "---\na: " + times("[", n) + "\n---\n",
			"tables":               "|a|\n|-|\n" + times("|[a](|\n", n),
			"table, wide":          times("|a", n) + "|\n" + times("|-", n) + "|\n",
			"directives":           times("!!! note\n    a\n\n", n),
			"directives, deep":     stairs("    ", "!!! note\n", 100) + times("    ", 100) + "words\n",
			"tabs":                 times("=== \"a\"\n    a\n", n),
			"tags":                 times("{% include a %}\n", n),
			"tags, open":           times("{% ", n),
			"annotations":          times("<!-- gatewalk gate=stop -->\n", n),
			"annotation, open":     "<!-- gatewalk " + times("a=\"b ", n) + " -->\n```bash\nls\n```\n",
			"placeholders":         "```bash\n" + times("<a [<b ", n) + "\n```\n",
			"here-documents":       "```bash\n" + times("cat <<A\n", n) + "\n```\n",
			"parentheses":          "```bash\n" + times("$(", n) + "\n```\n",
			"braces":               "```bash\n" + times("{a,", n) + "\n```\n",
			"pipes":                "```bash\n" + times("a | ", n) + "b\n```\n",
			"quotes in shell":      "```bash\n" + times("\"$('", n) + "\n```\n",
			"printed lines":        "```\nls\n" + times("12 packages are ready now\n", n) + "```\n",
			"printed items":        "```\nls\n" + times("a,b, c\n\n", n) + "```\n",
			"prompts":              "```\n" + times("$ ls\na\n", n) + "```\n",
			"long line":            "```bash\necho " + times("a ", n) + "\n```\n",
			"words":                times("if it is, then wait until the other. ", n/4),
			"sentence":             times("if it is then wait until the other and ", n/4),
			"conditions":           times("If it is, do it.\n\n", n/4),
			"references back":      times("1. Repeat the previous step, then return to step 1.\n", n/4),
			"colons":               times("Run this:\n\n", n/4),
			"notes":                times("**NOTE:** a\n", n),
		},
		"x.rst": {
			"emphasis":            times("*a ", n),
			"strong":              times("**a ", n),
			"literals":            times("``a ", n),
			"interpreted":         times("`a ", n),
			"roles":               times(":a:`b ", n),
			"substitutions":       times("|a ", n),
			"references":          times("a_ ", n),
			"targets":             numbered(".. _a%d: b%d_\n", n) + numbered("a%d_ ", n),
			"target chain":        numbered(".. _a%d: a%n_\n", n) + "a1_ \n",
			"target circle":       ".. _a: b_\n.. _b: a_\n\n" + times("a_ ", n),
			"anonymous":           times("`a`__ ", n) + "\n\n" + times("__ b\n", n),
			"substitution bomb":   substitutionBomb(30),
			"substitution, long":  ".. |a| replace:: " + times("b", n) + "\n\n" + times("|a| ", n),
			"includes":            times(".. include:: x.rst\n", n),
			"include, itself":     ".. include:: x.rst\n\n" + times("a\n\n", 3),
			"directives":          times(".. note:: a\n\n", n),
			"directives, unknown": times(".. a::\n\n   b\n\n", n),
			"directives, deep":    stairs("   ", ".. note::\n\n", 100),
			"directive options":   ".. code-block:: sh\n" + times("   :a: b\n", n) + "\n   ls\n",
			"comments":            times(".. a\n", n),
			"lists in steps":      stairs("  ", "- a\n\n", 300),
			"lists in a line":     times("- ", n) + "a",
			"blank items":         times("-\n\n", n),
			"items":               numbered("%d. a\n", n),
			"items, counted":      times("#. a\n", n),
			"items, lettered":     times("a. b\n", n),
			"titles":              times("a\n=\n\n", n),
			"titles, each other":  titles(29, n/29),
			"overlines":           times("==\na\n==\n\n", n),
			"adornments":          times("====\n\n", n),
			"literal blocks":      times("::\n\n", n),
			"announced":           times("a::\n\n   b\n\n", n),
			"quoted code":         "a::\n\n" + times("> b\n", n),
			"grid":                times("+-+\n", n),
			"grid, wide":          times("+-", n/20) + "+\n" + times("| ", n/20) + "|\n" + times("+-", n/20) + "+\n",
			"simple":              times("= =\n", n),
			"list-table":          ".. list-table::\n\n" + times("   * - a\n     - b\n", n),
			"csv-table":           ".. csv-table::\n\n" + times("   \"a\n", n),
			"definitions":         times("a\n  b\n", n),
			"definitions, deep":   stairs(" ", "a\n", 300),
			"fields":              times(":a: b\n", n),
			"line block":          times("| a\n", n),
			"indentation":         stairs(" ", "a\n\n", 300),
			"tabs":                ".. tabs::\n\n" + times("   .. tab:: a\n\n      b\n\n", n),
			"annotations":         times(".. gatewalk gate=stop\n\n", n),
			"labels":              numbered(".. _a%d:\n\n", n) + "T\n=\n",
			"footnotes":           times(".. [1] a\n", n),
		},
		"x.txt": {
			"items":           numbered("%d. Do it.\n", n),
			"bullets":         times("• a\n", n),
			"lists in steps":  stairs("  ", "- a\n", 300),
			"numbers":         times("1. X\n\n", n),
			"prompts":         times("$ ls\n", n),
			"prompts, fused":  times("~(a)]$ b ", n),
			"tables, fused":   "a@b:~$ ls " + times("+---+ | a | ", n),
			"prompts, half":   times("[a@b ", n),
			"fences":          times("```\n", n),
			"here-documents":  times("cat <<A\n", n),
			"notes":           times("Note\n", n),
			"labels":          times("bash\n", n),
			"colons":          times("Do this:\n", n),
			"sentences fused": times("done.Next one ", n),
			"commands":        times("use the command show a ", n),
			"underlines":      times("X\n---\n", n),
			"titles":          times("Word Word\n", n),
			"indentation":     stairs(" ", "a\n", 300),
			"marks":           times("    code\n    \n", n),
			"one line":        times("word ", n),
			"one word":        times("a", n*5),
			"options":         times("--a The a. ", n),
		},
		"x.html": {
			"div":        "<html>" + times("<div>", n),
			"bold":       "<html>" + times("<b>", n),
			"spans":      "<html>" + times("<span>", n) + "a" + times("</span>", n),
			"lists":      "<html>" + times("<ul><li>", n),
			"quotes":     "<html>" + times("<blockquote>", n) + "a",
			"tables":     "<html>" + times("<table><tr><td>", n),
			"rows":       "<html><table>" + times("<tr><td>a", n),
			"attributes": "<html><a " + numbered("a%d=b ", n) + ">",
			"links":      "<html>" + times("<a href=x>", n),
			"pre":        "<html>" + times("<pre>", n) + "a",
			"notes":      "<html>" + times("<div class=admonition>", n) + "a",
			"formatting": "<html>" + times("<b><i><p>", n),
			"items":      "<html><ol>" + times("<li>a", n) + "</ol>",
			"headings":   "<html>" + times("<h1>a</h1>", n),
			"entities":   "<html>" + times("&amp", n),
			"comments":   "<html>" + times("<!-- ", n),
			"code":       "<html>" + times("<pre><code>ls</code></pre>", n),
		},
	}
}

// Hostile documents are answered, whatever the answer, long before a person would give up. GATEWALK_LONG=1 asks more of each.
func TestReadAnswersHostileDocuments(t *testing.T) {
	n := 4000
	switch {
	case testing.Short():
		n = 1000 // the race detector makes everything ten times as slow
	case os.Getenv("GATEWALK_LONG") != "":
		n = 100_000
	}
	for name, sources := range hostile(n) {
		for kind, source := range sources {
			t.Run(name+"/"+kind, func(t *testing.T) {
				answered(t, name, source)
				if !strings.HasPrefix(source, "---") && name != "x.html" {
					answered(t, name, "Title\n=====\n\n1. Go.\n\n"+source+"\n")
				}
			})
		}
	}
}

// What is refused is refused at its line, with what is wrong and what to do about it.
func TestRefusalsNameTheLineAndTheWayOut(t *testing.T) {
	long := "Title\n=====\n\n1. Go.\n\n" + strings.Repeat("word ", MaxLine/5+1) + "\n"
	for name, want := range map[string][2]string{
		"x.md":   {"x.md:6: lists and quotes stand more than 64 deep; flatten them", "x.md:6: the line has 1048581 bytes, more than a procedure's may have (1 MiB); break it"},
		"x.rst":  {"x.rst:134: lists and directives stand more than 64 deep; flatten them", "x.rst:6: the line has 1048581 bytes"},
		"x.txt":  {"x.txt:134: items stand more than 64 deep; flatten them", "x.txt:6: the line has 1048581 bytes"},
		"x.html": {"x.html:5: lists and quotes stand more than 64 deep", ""},
	} {
		deep := stairs("  ", "- a\n\n", 80)
		switch name {
		case "x.md":
			deep = strings.Repeat("- ", 80) + "a\n"
		case "x.html":
			deep = "<html><p>a</p>" + strings.Repeat("<blockquote>", 80) + "a"
		}
		_, err := Read(name, []byte("Title\n=====\n\n1. Go.\n\n"+deep))
		require.ErrorContains(t, err, want[0])
		if want[1] != "" {
			_, err = Read(name, []byte(long))
			require.ErrorContains(t, err, want[1])
		}
	}
}

// Hostile overlays are answered as soon.
func TestOverlayAnswersHostileFiles(t *testing.T) {
	const n = 20_000
	for kind, source := range map[string]string{
		"bomb":       yamlBomb(),
		"brackets":   strings.Repeat("[", n),
		"braces":     "values: " + strings.Repeat("{a: ", n),
		"anchors":    numbered("a%d: &a%d [*a%d]\n", n),
		"values":     "values:\n" + numbered("  a%d: b\n", n),
		"changes":    "changes:\n" + strings.Repeat("  - block: b77e01\n    skip: no\n", n),
		"documents":  strings.Repeat("---\na: b\n", n),
		"long value": "values: {a: " + strings.Repeat("b", 100*n) + "}",
		"open quote": "values: {a: \"" + strings.Repeat("b\n", n),
		"steps":      stairs(" ", "a:\n", 500),
	} {
		t.Run(kind, func(t *testing.T) {
			soon(t, func() {
				overlay, err := ReadOverlay("x.gatewalk.yaml", []byte(source))
				if err == nil {
					_, _ = Apply(read(t, small), overlay)
				}
			})
		})
	}
}

func answered(t *testing.T, name, source string) {
	soon(t, func() { _, _ = Read(name, []byte(source)) })
}

func soon(t *testing.T, do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Minute): // two seconds on a quiet machine
		t.Fatal("no answer")
	}
}

func numbered(form string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("%d", fmt.Sprint(i+1), "%n", fmt.Sprint(i+2)).Replace(form))
	}
	return b.String()
}

func rising(mark string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(mark, i+1) + " ")
	}
	return b.String()
}

func falling(mark string, depth, n int) string {
	var b strings.Builder
	for range n {
		for i := depth; i > 0; i-- {
			b.WriteString(strings.Repeat(mark, i) + "a\n")
		}
	}
	return b.String()
}

func stairs(indent, step string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(indent, i) + step)
	}
	return b.String()
}

// titles are underlined in so many ways, over and over.
func titles(ways, n int) string {
	var b strings.Builder
	for range n {
		for i := range ways {
			b.WriteString("a\n" + strings.Repeat(string("=-~^\"'`#*+.:_!$%&(),/;<>?@[]{"[i]), 4) + "\n\n")
		}
	}
	return b.String()
}

func yamlBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1, i-1)
	}
	return b.String()
}

// substitutionBomb is a text that doubles with every name it stands for.
func substitutionBomb(n int) string {
	var b strings.Builder
	b.WriteString(".. |a0| replace:: boom\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, ".. |a%d| replace:: |a%d| |a%d|\n", i, i-1, i-1)
	}
	fmt.Fprintf(&b, "\n|a%d|\n\n.. parsed-literal::\n\n   |a%d|\n", n-1, n-1)
	return b.String()
}
