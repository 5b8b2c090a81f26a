package html

import (
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
