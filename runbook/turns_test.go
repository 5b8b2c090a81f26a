package runbook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// However commands and answers follow on each other, a line of a shape that is never typed is part of no command.
func TestWhatIsNeverTypedIsNeverRun(t *testing.T) {
	never := []string{
		"drwx------ 5 miller mill 69 Mar  6 08:14 shelves", "-rw-r--r--. 1 miller mill 6 Mar  6 08:14 rye", "total 12",
		"rm: cannot remove '/silo': Is a directory", "-bash: belt: command not found", "ls: /silo: No such file or directory",
	}
	other := []string{"", "ls -l /silo", "sudo rm -f /silo/*", "silo north empty", "# look", "cd /silo && \\", "rye 12", "mill stop east"}
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom(append(never, other...)), 1, 9).Draw(t, "lines")
		language := rapid.SampledFrom([]string{"bash", "", "text", "sql"}).Draw(t, "language")
		words := rapid.SampledFrom([]string{"Run the following command:", "Look:", "Empty it.", "Add these lines to the file:"}).Draw(t, "words")
		p, err := Read("doc.md", []byte("# Silo\n\n"+words+"\n\n```"+language+"\n"+strings.Join(lines, "\n")+"\n```\n"))
		require.NoError(t, err)
		for _, block := range p.Blocks {
			for _, line := range strings.Split(strings.Join(block.Commands, "\n"), "\n") {
				require.NotContains(t, never, line)
			}
		}
	})
}
