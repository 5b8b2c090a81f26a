package runbook

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The page and the code name the same keys, say the same of them, and of the same things.
func TestPageNamesEveryKey(t *testing.T) {
	raw, err := os.ReadFile("ANNOTATIONS.md")
	require.NoError(t, err)
	_, tables, found := strings.Cut(string(raw), "## The vocabulary")
	require.True(t, found)
	cell := strings.NewReplacer("|", `\|`)
	rows := map[Subject][]string{}
	for _, key := range Vocabulary {
		rows[key.Of] = append(rows[key.Of], fmt.Sprintf("| `%s` | %s | %s |", key.Name, cell.Replace(key.Value), cell.Replace(key.Meaning)))
	}
	for of, title := range map[Subject]string{OfBlock: "Of a block:", OfStep: "Of a step:", OfBoth: "Of either:"} {
		_, table, found := strings.Cut(tables, title)
		require.True(t, found, title)
		require.Equal(t, rows[of], keyRows(table), "correct the table %q of ANNOTATIONS.md", title)
	}
}

// keyRows are the rows of the first table of a text, its head left out.
func keyRows(text string) []string {
	var rows []string
	for line := range strings.SplitSeq(strings.TrimLeft(text, "\n"), "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		rows = append(rows, line)
	}
	return rows[2:]
}

// Every key of an overlay's change that is none of the vocabulary stands on the page.
func TestPageNamesTheOverlaysKeys(t *testing.T) {
	raw, err := os.ReadFile("ANNOTATIONS.md")
	require.NoError(t, err)
	for _, key := range []string{"block", "step", "was", "replace", "skip", "insert", "command", "by_hand", "set"} {
		require.Regexp(t, regexp.MustCompile("[ `]"+key+"[`:]"), string(raw))
		_, err := ReadOverlay("x.yaml", []byte("changes:\n  - "+key+": {a: b}\n"))
		require.NotContains(t, err.Error(), "unknown key", key)
	}
}

// What the page shows is read.
func TestPageShowsWhatIsRead(t *testing.T) {
	raw, err := os.ReadFile("ANNOTATIONS.md")
	require.NoError(t, err)
	_, example, _ := strings.Cut(string(raw), "    values:  ")
	example, _, _ = strings.Cut("    values:  "+example, "\n\nEach change")
	overlay, err := ReadOverlay("page.yaml", []byte(strings.ReplaceAll(example, "\n    ", "\n")[4:]))
	require.NoError(t, err)
	require.Len(t, overlay.changes, 5)
	for _, comment := range regexp.MustCompile(`<!-- (.*) -->`).FindAllStringSubmatch(string(raw), -1) {
		settings, rest := parseSettings(strings.TrimPrefix(comment[1], "gatewalk"), 1)
		require.Empty(t, rest)
		for _, s := range settings {
			_, known := lookup(s.key)
			require.True(t, known, s.key)
		}
	}
}
