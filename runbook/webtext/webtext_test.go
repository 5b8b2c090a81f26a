package webtext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/doc/doctest"
)

var suite = doctest.Syntax{Extension: ".txt", Read: Read, Verbatim: func(n *doc.Node) bool { return n.Lang == "" }}

func TestStories(t *testing.T) { suite.Stories(t) }

func TestTitleIsTheFirstHeading(t *testing.T) {
	d, err := Read("x.txt", []byte("Moving the depot¶\n\nWords that explain it all.\n\nProcedure\n\nGo.\n"))
	require.NoError(t, err)
	require.Equal(t, "Moving the depot", d.Title)
	require.Equal(t, "text", d.Format)
}

// No-break spaces, as pages indent with, are spaces.
func TestEditorsDoNotMatter(t *testing.T) {
	source := "Moving\n\nProcedure\n\n1. Look at it.\n\n        $ ls -l\n\n2. Go on.\n"
	read := suite.Editors(t, source, strings.ReplaceAll(source, "        ", strings.Repeat("\u00a0", 8)))
	require.Contains(t, read, `7-7 code console "$ ls -l\n"`)
}

func TestTooDeepIsRefusedWithItsPlace(t *testing.T) {
	suite.TooDeep(t, MaxDepth, "x.txt:129: items stand more than 64 deep; flatten them, or split the document")
}

// Runs of marks, and texts that begin over and over.
func TestHostileTextIsReadInBoundedTime(t *testing.T) {
	suite.Repeated([]string{
		"a", "a ", "A", "A.", "a.B", "a.Bc ", "word\n", "Word\n", "word word word word\n\n", "- x\n", "1. X\n", "1. X\n\n", "• x\n    y\n", "note\n", "Note\n", "Note\n\n",
		"a@b:~$ c ", "~(a)]$ b ", "~(a", "[a@b ", "$ x\n", "+--", "+---+ ", "~(a)]$ b +---+ | x | ", "x \\ ", "use the command a ", "do:\nx\n", "do:\n  x -y\n\n", " \n", "(a) ", "X\n---\n", "```\n", "cat <<A\n",
	})
}

func TestEveryNodeHasItsPlace(t *testing.T) {
	suite.Pieces(t, []string{
		"Title\n", "\n", "Prerequisites\n", "1. Heading\n\n", "1. Do it.\n", "   $ run --it\n", "  2. Inner:\n", "    code -x\n    \n", "• point\n", "- option\n", "Words that say something.\n",
		"and go on\n", "Note\n", "NOTE: mind.\n", "Run the command:\n", "show -a | sort\n", "u@h:~$ ls +---+ | a | +---+\n", "done.Next one ", "```sh\n", "{\n  \"a\": 1\n}\n", "\tx\n", "•  \n", "\v\n", "NOTE:\n", "Copy\n", "Step 1: Go\n", "===\n", "use the command show it\n",
	})
}

func FuzzRead(f *testing.F) { suite.Fuzz(f) }

func BenchmarkRead(b *testing.B) {
	suite.Bench(b, "Title\n\n", "Some part\n\n1. Do this with care:\n\n   run --now\n\n2. Then look at it. It takes a while, so be patient.\n\n   $ look\n   all is well\n\n")
}
