package html

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPageComesThrough: text, lists, code with its language and notes with their kind; no menu, no script.
func TestAPageComesThrough(t *testing.T) {
	markdown, err := Markdown("page.html", []byte(`<!DOCTYPE html><html><head><title>x</title><script>alert(1)</script></head><body>
<nav><a href="/">Home</a></nav>
<div role="main"><h1>Restart it<a class="headerlink" href="#x">¶</a></h1>
<div class="admonition warning"><p class="admonition-title">Warning</p><p>Users will notice.</p></div>
<ol><li><p>Stop it.</p><div class="highlight-bash notranslate"><div class="highlight"><pre><span></span>systemctl stop <span>mill</span>
</pre></div></div></li><li><p>Start it.</p></li></ol></div></body></html>`))
	require.NoError(t, err)
	require.Equal(t, "# Restart it\n\n> WARNING: Users will notice.\n\n1. Stop it.\n   \n   ```bash\n   systemctl stop mill\n   ```\n2. Start it.\n", string(markdown))
}

func TestAnEmptyPageIsRefused(t *testing.T) {
	_, err := Markdown("page.html", []byte("<html><body></body></html>"))
	require.ErrorContains(t, err, "page.html: the page has no text")
}

func TestWhatLooksLikeAPage(t *testing.T) {
	require.True(t, Looks([]byte("\n<!DOCTYPE HTML>\n<html>")))
	require.True(t, Looks([]byte("<html lang=en>")))
	require.False(t, Looks([]byte("# Title\n<html>")))
}

// What a page slants in code is to be replaced, whichever element slants it.
func TestBlanksOfAPageAreNamed(t *testing.T) {
	markdown, err := Markdown("page.html", []byte(`<html><body><p>Run <code>drain <em>node</em></code>, <em>then</em>:</p>
<pre><code>drain --to <var>other node</var> <span class="replaceable">disk</span> <i>--now</i></code></pre></body></html>`))
	require.NoError(t, err)
	require.Equal(t, "Run `drain <node>`, *then*:\n\n```\ndrain --to <other node> <disk> --now\n```\n", string(markdown))
}

func TestPreformattedIsReadAsAPageShowsIt(t *testing.T) {
	for inside, want := range map[string]string{
		"rm <var>file name</var> <b>--now</b>":                "rm <file name> --now",
		"rm <em>file</em> <i>-rf</i>":                         "rm <file> -rf",
		"join &lt;token&gt; &amp;&amp; ls":                    "join <token> && ls",
		"a<br>b<br/>c <!-- said in passing --><span>d</span>": "a\nb\nc d",
		"join <TOKEN> --to <NODE name=x>":                     "join <TOKEN> --to <NODE name=x>",
		"cat <<EOF >x\n<i>y\nEOF":                             "cat <<EOF >x\ny\nEOF",
		"if [ 1 -lt 2 ]; then x <y":                           "if [ 1 -lt 2 ]; then x <y",
		"</em> x </var>":                                      "</em> x </var>",
	} {
		require.Equal(t, want, Preformatted(inside), inside)
	}
}

// The lines of a page's text are those of its source, where it has lines.
func TestTextIsFoundInTheSource(t *testing.T) {
	page := "<!DOCTYPE html>\n<html><head><title>Shunting</title></head>\n<body><nav>\n<a>Shunting</a>\n</nav>\n<main>\n<h1>Shunting</h1>\n\n\n" +
		"<p>See <a href=\"x.html\">the line</a>\nfirst.</p>\n<ol>\n<li><p>Close <b>the line</b>:</p>\n<pre><code><span>line</span> close\n{\n  \"a\": 1\n}\n</code></pre></li>\n</ol></main></body></html>\n"
	markdown, err := Markdown("x.html", []byte(page))
	require.NoError(t, err)
	lines := Lines([]byte(page), markdown)
	for words, line := range map[string]int{"Shunting": 7, "See ": 10, "Close": 13, "line close": 14, "\"a\": 1": 16} {
		at := strings.Count(string(markdown[:strings.Index(string(markdown), words)]), "\n") + 1
		require.Equal(t, line, lines[at], "%s in\n%s", words, markdown)
	}
	require.Nil(t, Lines([]byte(strings.ReplaceAll(page, "\n", " ")), markdown), "all on one line")
	require.Nil(t, Lines([]byte("<html><body></body></html>"), markdown), "no text")
}

func TestTheLanguageOfCodeIsNamedByAClass(t *testing.T) {
	for page, language := range map[string]string{
		`<pre class="bash"><code>ls</code></pre>`:                                            "bash",
		`<pre><code class="hljs language-sh">ls</code></pre>`:                                "sh",
		`<div class="highlight highlight-source-shell"><pre>ls</pre></div>`:                  "shell",
		`<div class="highlight-default notranslate"><div><pre>ls</pre></div></div>`:          "",
		`<pre class="brush:sql">ls</pre>`:                                                    "sql",
		`<pre class="screen">ls</pre>`:                                                       "",
		`<div class="language-console highlighter"><pre><code>ls</code></pre></div>`:         "console",
		`<div class="highlight-bash"><pre><code class="language-text">ls</code></pre></div>`: "text",
	} {
		markdown, err := Markdown("page.html", []byte("<html><body>"+page+"</body></html>"))
		require.NoError(t, err)
		require.Equal(t, "```"+language+"\nls\n```\n", string(markdown), page)
	}
}

func TestANoteIsAQuoteWithItsKind(t *testing.T) {
	for page, want := range map[string]string{
		`<aside class="note warning"><h4>Before you begin</h4><p>Stop it.</p></aside>`:                                                                     "> #### Before you begin\n> \n> WARNING: Stop it.\n",
		`<div class="alert alert-danger"><p>Stop it.</p></div>`:                                                                                            "> DANGER: Stop it.\n",
		`<div class="WARNING"><p>Warning</p><p>Stop it.</p></div>`:                                                                                         "> WARNING: Stop it.\n",
		`<div class="admonitionblock important"><table><tr><td class="icon"><div>Important</div></td><td class="content">Stop it.</td></tr></table></div>`: "> IMPORTANT: Stop it.\n",
		`<div class="theme-admonition theme-admonition-tip alert alert--success"><div>tip</div><div><p>Stop it.</p></div></div>`:                           "> TIP: Stop it.\n",
		`<p class="note">Stop it.</p>`:            "> NOTE: Stop it.\n",
		`<aside>Read next</aside><p>Stop it.</p>`: "Stop it.\n",
	} {
		markdown, err := Markdown("page.html", []byte("<html><body>"+page+"</body></html>"))
		require.NoError(t, err)
		require.Equal(t, want, string(markdown), page)
	}
}

func TestCodeInAQuoteKeepsItsLines(t *testing.T) {
	for page, want := range map[string]string{
		"<blockquote><pre>one\n  two\nthree</pre></blockquote>":                        "> ```\n> one\n>   two\n> three\n> ```\n",
		"<ul><li>First:<blockquote><pre>one\ntwo</pre></blockquote></li></ul>":         "- First:\n  \n  > ```\n  > one\n  > two\n  > ```\n",
		"<blockquote><ul><li>First:<pre>one\ntwo</pre></li></ul><p>x</p></blockquote>": "> - First:\n>   \n>   ```\n>   one\n>   two\n>   ```\n> \n> x\n",
	} {
		markdown, err := Markdown("page.html", []byte("<html><body>"+page+"</body></html>"))
		require.NoError(t, err)
		require.Equal(t, want, string(markdown), page)
	}
}
