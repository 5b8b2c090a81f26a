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
		`sack "rye-1" deleted`, "belt-1   2/3   Turning   1   5m", "Sacks left = 66.6", "== Press ==", "mill-1 | success | rc=0 >>", "press module is PRESENT",
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

// Each shape of what is never typed, beside a command that is near to it.
func TestWhatIsNeverTyped(t *testing.T) {
	for printed, command := range map[string]string{
		`shelf/upper added`:                        `bin/shelf upper`,
		`sack "rye-1" deleted`:                     `sack "rye-1" delete`,
		`belt-1   2/3   Turning   1   5m`:          `belt 2/3 turn`,
		`Sacks left = 66.6`:                        `SACKS=66.6`,
		`== Press ==`:                              `[ a == b ]`,
		`mill-1 | success | rc=0 >>`:               `mill | success > rc`,
		`https://mill/sack: [Errno 14] Not Found`:  `curl https://mill/sack: x`,
		`belt-1   Turning   wheel-4f   5m`:         `belt  turn Wheel`,
		`// the belt is old`:                       `/mill/belt old`,
		`create    Create a sack`:                  `create sack    Create`,
		`Grind it all? (Y/N): Y`:                   `Grind (Y)`,
		`Command (? for help): g`:                  `Command --help`,
		"belt-1\tturning\t\t5m":                    "belt turn\t\t# once",
		`069ba64815f0c26783b81a5f0ca813227fde84`:   `bead`,
		`press module is PRESENT`:                  `echo press module is PRESENT`,
		`the wheel is not running`:                 `test wheel is running`,
		`rm: cannot remove 'x': Is a directory`:    `rm x`,
		`total 4`:                                  `total --sacks 4`,
		`-rw-r--r-- 1 miller mill 4 Mar 5 rye.txt`: `ls -l rye.txt`,
	} {
		require.True(t, neverTyped(printed), printed)
		require.False(t, neverTyped(command), command)
	}
}
