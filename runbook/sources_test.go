package runbook

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The name chooses the syntax where it says one, else what is written does.
func TestSyntaxIsChosenByNameAndContent(t *testing.T) {
	underlined := "Moving\n======\n\nDo it::\n\n    mv old new\n"
	for _, c := range []struct{ name, source, want string }{
		{"x.rst", "Moving\n\n1. Go::\n\n    mv old new\n", "rst"},
		{"x.txt", underlined, "rst"},
		{"stdin", underlined, "rst"},
		{"x.txt", "# Moving\n\nDo it:\n\n```bash\nmv old new\n```\n", "markdown"},
		{"x.md", underlined, "markdown"},
		{"x.txt", "Moving\n\nDo it:\n\nmv old new\n", "text"},
		{"x.txt", "Moving\n\nDo it:\n\nmv old new\n\nIt prints:\n\n##### Welcome to looking ####\nall is well\n", "text"},
		{"x.txt", "Some words.\n\n## Moving\nDo it:\n\n    mv old new\n", "markdown"},
		{"x.txt", "Moving\n\nDo it:\n\n# Mind the step\n\nmv old new\n\n## for both\nmv older newer\n", "text"},
		{"x.txt", "Some words.\n\n# Moving\n\nDo it:\n\n    mv old new\n\n# Looking\n\nls\n\n# Leaving\n\nexit\n", "markdown"},
		{"x.txt", "Moving\n\nDo it:\n\nmv old new\n\nIt prints:\n\nold **gone**\nnew **there**\n", "text"},
		{"stdin", "Moving the depot\nRun the following command:\n$ mv old new\n", "text"},
	} {
		p, err := Read(c.name, []byte(c.source))
		require.NoError(t, err)
		require.Equal(t, c.want, p.Format, c.name+"\n"+c.source)
	}
}

// Tabs are ways to do one thing, whatever they are called.
func TestTabsAreAChoice(t *testing.T) {
	p, err := Read("x.rst", []byte("Depot\n=====\n\nInstall\n-------\n\n.. tabs::\n\n   .. group-tab:: Left\n\n      .. code:: sh\n\n         left install\n\n   .. group-tab:: Right\n\n      .. code:: sh\n\n         right install\n"))
	require.NoError(t, err)
	require.Len(t, p.Choices, 1)
	require.Equal(t, []Option{{Line: 9, Title: "Left", Step: 1}, {Line: 15, Title: "Right", Step: 2}}, p.Choices[0].Options)
	require.Equal(t, ChoiceStep, p.Steps[0].Kind)
	require.Equal(t, "Right", p.Blocks[1].Optional)
}

// A value of the whole document is asked for before anything runs; one that the document itself gives is a sample.
func TestBarsNameValuesOfTheDocument(t *testing.T) {
	p, err := Read("x.rst", []byte(".. |old| replace:: 7.x\n\nDepot\n=====\n\nMove from |old| to |new|:\n\n.. code-block:: console\n   :substitutions:\n\n   git checkout depot/|old|\n   git merge depot/|new| | tee log\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"old", "new"}, p.TemplateVars)
	require.Equal(t, []string{"|old|"}, p.Blocks[0].Inputs)
}
