package markdown

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Lines that speak to a site generator are comments to a reader: words before them still introduce the code behind them.
func TestTagsAreComments(t *testing.T) {
	require.Equal(t, `1-1 paragraph Run it:
2-2 comment "{% include copy.html %}"
4-4 code sh "ls {{< version >}}\n"
6-6 paragraph See {{site.name}} {% x %}.
`, suite.Outline(t, "Run it:\n{% include copy.html %}\n~~~sh\nls {{< version >}}\n~~~\nSee {{site.name}} {% x %}.\n"))
	require.Equal(t, "2-3 code \"{% raw %}\\n::: note\\n\"\n5-7 comment \" a\\n{% b %}\\n\"\n", suite.Outline(t, "```\n{% raw %}\n::: note\n```\n<!-- a\n{% b %}\n-->\n"))
}

func TestTagsAroundANoteMakeOne(t *testing.T) {
	for _, source := range []string{
		"{{< warning >}}\nMind this.\n{{< /warning >}}", "{{% warning %}}\n\nMind this.\n\n{{% /warning %}}", "{% warning %}\nMind this.\n{% endwarning %}",
		":::warning\nMind this.\n:::", "::: {.warning}\nMind this.\n:::", "{{% alert color=\"warning\" %}}\nMind this.\n{{% /alert %}}", "{{site.data.alerts.callout_warning}}\nMind this.\n{{site.data.alerts.end}}",
	} {
		d, err := Read("x.md", []byte(source))
		require.NoError(t, err)
		require.Equal(t, "warning", d.Nodes[0].Name, source)
		require.Len(t, d.Nodes, 1, source)
	}
	require.Equal(t, "1-1 comment \"{{< note >}}\"\n2-2 paragraph Never closed.\n", suite.Outline(t, "{{< note >}}\nNever closed.\n"))
}

func TestTagsAroundCodeAndTabs(t *testing.T) {
	require.Equal(t, "2-3 code sh \"ls\\n{% x %}\\n\"\n", suite.Outline(t, "{% highlight sh %}\nls\n{% x %}\n{% endhighlight %}\n"))
	d, err := Read("x.md", []byte("{% highlight sh %}\nls\n{% endhighlight %}\n"))
	require.NoError(t, err)
	require.Empty(t, d.Problems)
	require.Equal(t, `1-1 comment "{{< tabs >}}"
2-7 list tabs
  2-4 item
    2-2 paragraph strong(Left)
    3-3 paragraph a
  5-7 item
    5-5 paragraph strong(Right)
    6-6 paragraph b
8-8 comment "{{< /tabs >}}"
`, suite.Outline(t, "{{< tabs >}}\n{{% tab name=\"Left\" %}}\na\n{{% /tab %}}\n{{% tab \"Right\" %}}\nb\n{{% /tab %}}\n{{< /tabs >}}\n"))
}

// A fence that stands too deep in a tab to be one is no part of what is typed.
func TestFencesDeepInTabsFence(t *testing.T) {
	require.Equal(t, `1-1 comment "<Tabs>"
2-6 list tabs
  2-6 item
    2-2 paragraph strong(Left)
    4-4 code sh "ls\n"
7-7 comment "</Tabs>"
`, suite.Outline(t, "<Tabs>\n  <Tab title=\"Left\">\n    ```sh\n    ls\n    ```\n  </Tab>\n</Tabs>\n"))
	for text, code := range map[string]string{
		"    ```\n    ls\n":                       "```\nls\n",
		"    ```\n    ls\n    ```\n    pwd\n":     "```\nls\n```\npwd\n",
		"    ``ls``\n    ``\n":                    "``ls``\n``\n",
		"    ```sh\n    ls\n\n    pwd\n    ```\n": "ls\n\npwd\n",
	} {
		d, err := Read("x.md", []byte("Run:\n\n"+text))
		require.NoError(t, err)
		require.Equal(t, code, d.Nodes[1].Text)
	}
}

func TestTabsInsideOfATaggedNoteAreAList(t *testing.T) {
	require.Equal(t, "1-5 note warning\n  2-3 list tabs\n    2-3 item\n      2-2 paragraph strong(A)\n      3-3 paragraph x\n", suite.Outline(t, ":::warning\n=== \"A\"\n    x\n\n:::\n"))
}

// Tabs of MDX are ways to do one thing, called by their label where they have one.
func TestTabsOfMDXAreWays(t *testing.T) {
	require.Equal(t, `1-1 comment "<Tabs groupId=\"x\">"
2-9 list tabs
  2-5 item
    2-2 paragraph strong(Left way)
    4-4 paragraph a
  6-9 item
    6-6 paragraph strong(Right way)
    8-8 paragraph b
10-10 comment "</Tabs>"
`, suite.Outline(t, "<Tabs groupId=\"x\">\n<TabItem value=\"l\" label=\"Left way\" default>\n\na\n</TabItem>\n<TabItem value=\"Right way\">\n\nb\n</TabItem>\n</Tabs>\n"))
	require.Equal(t, "1-1 paragraph A <Table> of <Tab names=x> words\n", suite.Outline(t, "A <Table> of <Tab names=x> words\n"))
}
