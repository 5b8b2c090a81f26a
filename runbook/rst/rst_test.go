package rst

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/doc/doctest"
)

var suite = doctest.Syntax{Extension: ".rst", Read: Read, Verbatim: func(n *doc.Node) bool { return n.Lang != "" }}

func TestStories(t *testing.T) { suite.Stories(t) }

func TestTitleAndValues(t *testing.T) {
	d, err := Read("x.rst", []byte(":status: draft\n\n.. |next| replace:: 9.y\n\nMove to |next|\n==============\n\nWords.\n"))
	require.NoError(t, err)
	require.Equal(t, "Move to 9.y", d.Title)
	require.Equal(t, "rst", d.Format)
	require.Equal(t, map[string]string{"next": "9.y"}, d.Values)
	require.Equal(t, map[string]any{"status": "draft"}, d.Front)
}

func TestEditorsDoNotMatter(t *testing.T) {
	read := suite.Editors(t, "Title\n=====\n\n#. Do:\n\n   .. code-block:: sh\n\n        id\n\n   .. note:: Mind.\n")
	require.Contains(t, read, `8-8 code sh "id\n"`)
}

func TestTooDeepIsRefusedWithItsPlace(t *testing.T) {
	suite.TooDeep(t, MaxDepth, "x.rst:129: lists and directives stand more than 64 deep; flatten them, or split the document")
}

// Paragraphs full of marks that are never closed, long runs of one mark, deep indentation.
func TestHostileTextIsReadInBoundedTime(t *testing.T) {
	suite.Repeated([]string{
		"*a ", "**a ", "`a ", "``a ", "|a ", ":a:`b ", "a_ ", "x_-", "`a <b", "*", "`", "_", "|", ":a", "http://", "\\", "(*", ".. _a: b_\n", "- ", "a\n =\n",
		"+-+\n", "= =\n", ".. |a| replace:: b\n", "::\n\n", "1. a\n\n", ".. a::\n", ":a: b\n", "| a\n",
	})
}

func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		"Title\n=====\n\n.. note:: Mind.\n":         true,
		"Run this::\n\n    ls\n":                    true,
		"See :ref:`other`.\n":                       true,
		".. _label:\n\nTitle\n=====\n":              true,
		"# Title\n\n```rst\n.. note:: Mind.\n```\n": false,
		"Title\n=====\n\n- a\n- b\n":                false,
		"Time: 10::30\nand so on\n":                 false,
		"a .. b\n... and so on\n":                   false,
	} {
		require.Equal(t, want, Looks([]byte(text)), text)
	}
}

func TestEveryNodeHasItsPlace(t *testing.T) {
	suite.Pieces(t, []string{
		"Title\n=====\n", "=====\nTitle\n=====\n", "Words and ``code``.\n", "Do it::\n\n", "    typed here\n", "\n", "#. First\n", "   more\n", "2. Second\n", "a. x\n",
		"* point\n", "  - inner\n", ".. code-block:: sh\n", "   :linenos:\n", "\n   ls -l\n", ".. note:: Mind\n", "   the gap\n", ".. _label:\n", ".. comment\n",
		"term\n  meaning\n", "== ==\na  b\n== ==\n", "+--+--+\n|a |b |\n+--+--+\n", ".. tabs::\n\n   .. tab:: A\n\n      x\n", "| line\n", ":field: value\n", "\tx\n", "::\n", ".. list-table::\n\n   * - a\n     - b\n",
	})
}

func FuzzRead(f *testing.F) { suite.Fuzz(f) }

func BenchmarkRead(b *testing.B) {
	suite.Bench(b, "Title\n=====\n\n", "Section\n-------\n\n#. Do this with ``care`` and :ref:`that`:\n\n   .. code-block:: console\n\n      run --now\n\n#. Then *look* at `it <x>`_::\n\n      look\n\n")
}
