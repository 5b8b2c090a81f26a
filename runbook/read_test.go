package runbook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadRefusesWhatIsNoProcedure(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"empty":     {"", "x.md: the file is empty; name the procedure"},
		"binary":    {"# T\n\x00\x01", "x.md:2: a zero byte: this is not text"},
		"encoding":  {"# T\n\nna\xefve", "x.md:3: byte 0xef is not UTF-8; convert"},
		"too large": {strings.Repeat("a", MaxSize+1), "16 MiB"},
		"no steps":  {"# A letter\n\nDear all, it was nice.\n", "x.md: no step found"},
		"too deep":  {"# T\n\n" + strings.Repeat("> ", 100) + "x\n", "x.md:3: lists and quotes stand more than 64 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read("x.md", []byte(c.source))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadKeepsGoingWhereItCan(t *testing.T) {
	for name, c := range map[string]struct{ source, problem string }{
		"unclosed fence":  {"# T\n\n1. Go.\n\n    ```bash\n    go now\n", "5: code fence is never closed"},
		"front matter":    {"---\nlayout: page\ntitle: T\n---\n\n```bash\ngo now\n```\n", "1: front matter keys kept but not used: layout"},
		"broken front":    {"---\n: : :\n- x\n---\n\n```bash\ngo now\n```\n", "1: front matter was not read"},
		"typographic":     {"# T\n\n```bash\nls \u2013a\n```\n", "4: in a command: U+2013 typographic dash"},
		"unseen":          {"# T\n\n```bash\nls \u200b-a\n```\n", "4: in a command: U+200B cannot be seen"},
		"many brackets":   {"# T\n\n" + strings.Repeat("[a](", 20_000) + "\n\n```bash\ngo now\n```\n", "3: paragraph with too many brackets"},
		"bad annotation":  {"# T\n\n<!-- gatewalk host -=x -->\n```bash\ngo now\n```\n", "annotation stops at"},
		"annotation void": {"# T\n\n<!-- gatewalk gate=stop -->\n\n## A\n\n1. Copy it.\n\n```bash\ngo now\n```\n\n```bash\ngo on\n```\n", "speaks of no single block here"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Read("x.md", []byte(c.source))
			require.NoError(t, err)
			require.Contains(t, problemLines(p), c.problem)
			require.NotEmpty(t, p.Blocks)
		})
	}
}

const small = "# Roll\n\nPlain words stay.\n\n## Do it\n\n1. (`web1#`) Verify that it\n   is up.\n\n    ```bash\n    site state <name>\n    ```\n\n    Example output:\n\n    ```text\n    up\n    ```\n\n1. **NOTE:** Keep calm.\n\n1. Reboot it.\n\n    ```bash\n    reboot\n    ```\n"

// A document says the same however its lines end, whatever its items are numbered, and wherever its prose is wrapped.
func TestVariantsSayTheSame(t *testing.T) {
	want := essence(read(t, small))
	for name, source := range map[string]string{
		"carriage returns": strings.ReplaceAll(small, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + small,
		"numbered":         strings.Replace(strings.Replace(small, "\n1. **", "\n2. **", 1), "\n1. Reboot", "\n3. Reboot", 1),
		"wrapped":          strings.ReplaceAll(small, "Verify that it\n   is up", "Verify that it is\n   up"),
		"tabs":             strings.ReplaceAll(small, "\n    ", "\n\t"),
		"no last newline":  strings.TrimSuffix(small, "\n"),
		"lazy lines":       strings.ReplaceAll(small, "\n   is up", "\nis up"),
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, want, essence(read(t, source)))
		})
	}
}

// essence is what is understood, without digests.
func essence(p *Plan) string {
	var b strings.Builder
	for i := range p.Blocks {
		block := &p.Blocks[i]
		fmt.Fprintln(&b, block.ID, block.Line, block.Kind, block.Text, block.Host, block.Inputs, block.Gate, block.Verify, block.Step)
	}
	return b.String() + stepLines(p) + refLines(p)
}

func TestPlanIsWrittenWithoutNulls(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, read(t, small).WriteJSON(&out))
	var back map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &back))
	for _, list := range []string{"template_vars", "blocks", "steps", "root", "choices", "loops", "refs", "admonitions", "prerequisites", "problems"} {
		require.NotNil(t, back[list], list)
	}
	for _, block := range back["blocks"].([]any) {
		for _, list := range []string{"commands", "inputs", "sets", "reads"} {
			require.NotNil(t, block.(map[string]any)[list], list)
		}
	}
}

func TestPlanIsPrintedForPeople(t *testing.T) {
	p := read(t, small+"\n2. Look.\n\n    ```bash\n    echo \"\x1b[2J\u202e${WHO}\"\n    ```\n")
	var out bytes.Buffer
	require.NoError(t, p.WriteText(&out, map[string]string{"<name>": "web 1"}))
	text := out.String()
	for _, want := range []string{
		"1/1  Verify that it is up", "on web1, line 11:", "| site state 'web 1'", "needs: <name> = web 1", "sample output, line 17: up",
		"gate: disruptive, one key: Reboot it.", "drops the connection", "still missing: WHO", "1 gate: 0 typed, 1 with one key", `\u{1b}[2J\u{202e}`,
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "\x1b")
	require.NotContains(t, text, "\u202e")
}

func TestEveryReasonHasARuleAndALine(t *testing.T) {
	p := read(t, small)
	for _, b := range p.Blocks {
		for property, reason := range b.Why {
			require.NotEmpty(t, reason.Rule, property)
			require.Positive(t, reason.Line, property)
		}
	}
	require.Equal(t, Reason{"marker", 7}, p.Blocks[0].Why["host"])
}
