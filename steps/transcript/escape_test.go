package transcript

import (
	"html"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"pgregory.net/rapid"

	"gatewalk/steps/safe"
)

// rendered is what a reader sees of a line of Markdown, and the tags around it.
func rendered(t require.TestingT, source, open, end string) string {
	var b strings.Builder
	require.NoError(t, goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(source), &b))
	text, opened := strings.CutPrefix(strings.TrimSuffix(b.String(), "\n"), open)
	text, ended := strings.CutSuffix(text, end)
	require.True(t, opened && ended, "%q became %q", source, b.String())
	require.NotContains(t, text, "<", "%q became %q", source, b.String())
	return html.UnescapeString(text)
}

func TestAReaderSeesTheTextAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "B", "1", ".", " ", "`", "``", "```", "*", "**", "_", "<", ">", "<b>", "&", "&lt;", "&#35;", "\\", "\\\\", "[", "](", ")", "!", "#", "|", "~~", "$", "://", "http://x", "www.x.y", "@", "a@b.c", "-", "+", "=", ":", "\"", "'",
		}), 1, 12).Draw(t, "words")
		text := safe.Line("a" + strings.Join(words, "") + "z")
		require.Equal(t, text.Plain(), rendered(t, "see "+prose(text), "<p>see ", "</p>"))
		inner := safe.Line(strings.Join(words, ""))
		if strings.TrimSpace(inner.Plain()) != "" {
			require.Equal(t, inner.Plain(), rendered(t, "see "+code(inner)+".", "<p>see <code>", "</code>.</p>"))
		}
	})
}
