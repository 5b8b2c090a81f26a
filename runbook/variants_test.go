package runbook

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A published procedure says the same with other line ends, other numbers, other line breaks and under other product names.
func TestPublishedProceduresSurviveTheirVariants(t *testing.T) {
	folder := shared(t)
	files, err := filepath.Glob(filepath.Join(folder, "seeds", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := filepath.Base(file)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		source := string(text)
		want := understanding(t, name, source)
		t.Run(name+" with carriage returns", func(t *testing.T) {
			require.Equal(t, want, understanding(t, name, strings.ReplaceAll(source, "\n", "\r\n")))
		})
		t.Run(name+" under other names", func(t *testing.T) {
			require.Equal(t, renamed(want), understanding(t, name, renamed(source)))
		})
		if strings.HasSuffix(name, ".md") {
			t.Run(name+" with every item numbered alike", func(t *testing.T) {
				require.Equal(t, want, understanding(t, name, itemNumber.ReplaceAllString(source, "${1}1.${2}")))
			})
		}
		if !strings.HasSuffix(name, ".txt") { // there a line is a paragraph
			t.Run(name+" wrapped elsewhere", func(t *testing.T) {
				require.Equal(t, want, understanding(t, name, wrapped(source, name)))
			})
		}
	}
}

// understanding is what is read in a document, without its lines and numbers.
func understanding(t *testing.T, name, source string) string {
	t.Helper()
	p, err := Read(name, []byte(source))
	require.NoError(t, err)
	var b strings.Builder
	for i := range p.Blocks {
		block := &p.Blocks[i]
		fmt.Fprintln(&b, "block", block.Kind, strings.Join(strings.Fields(block.Text), " "), "host:", block.Host, "inputs:", block.Inputs, "gate:", block.Gate, "verify:", block.Verify,
			"optional:", block.Optional, "interactive:", block.Interactive, "sets:", block.Sets, "poll:", block.Poll)
	}
	for _, s := range p.Steps {
		fmt.Fprintln(&b, "step", s.Kind, s.Title, s.Optional, s.Routine)
	}
	for _, c := range p.Choices {
		titles := make([]string, len(c.Options))
		for i, o := range c.Options {
			titles[i] = o.Title
		}
		fmt.Fprintln(&b, "choice", strings.Join(titles, " | "))
	}
	for _, l := range p.Loops {
		fmt.Fprintln(&b, "loop", l.Over, l.Mode)
	}
	for _, r := range p.Refs {
		fmt.Fprintln(&b, "ref", r.Text, r.Target, r.Returns)
	}
	for _, a := range p.Admonitions {
		fmt.Fprintln(&b, "note", a.Kind, a.Work, strings.Join(strings.Fields(a.Text), " "))
	}
	return b.String() + strings.Join(p.TemplateVars, " ")
}

// products are names of programs and products, and others as good.
var products = strings.NewReplacer("Lustre", "Basalt", "lustre", "basalt", "Kayobe", "Marble", "kayobe", "marble", "Wazuh", "Topaz", "wazuh", "topaz",
	"OpenStack", "OpenStone", "Ironic", "Feldspar", "ironic", "feldspar", "RabbitMQ", "BeryllMQ", "rabbitmq", "beryllmq", "StackHPC", "StackGem", "stackhpc", "stackgem",
	"dcmanager", "flintctl", "keystone_admin", "opal_admin", "Slingshot", "Quarrysl", "ncn-m00", "rock-m00", "ncn-s00", "rock-s00", "ncn-w00", "rock-w00", "cray ", "onyx ", "csm", "gem", "chroma", "zircon")

func renamed(text string) string { return products.Replace(text) }

var itemNumber = regexp.MustCompile(`(?m)^([ >]*)\d+\.( +\S)`)

var (
	fenceLine  = regexp.MustCompile("^\\s*(?:```|~~~)")
	plainLine  = regexp.MustCompile(`^( *(?:(?:[-*]|\d+\.) +)?)([A-Za-z(].*)$`)
	underlined = regexp.MustCompile(`^\s*[=~^"*+#-]{3,}\s*$`)
)

// wrapped breaks the long lines of prose at other places.
func wrapped(source, name string) string {
	lines := strings.Split(source, "\n")
	var out []string
	code := false
	deep := -1 // in reStructuredText the indentation of the line that opened code or a directive
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if fenceLine.MatchString(line) {
			code = !code
		}
		if deep >= 0 && strings.TrimSpace(line) != "" && indent <= deep {
			deep = -1
		}
		if strings.HasSuffix(name, ".rst") && deep < 0 && (strings.HasPrefix(strings.TrimSpace(line), "..") || strings.HasSuffix(line, "::")) {
			deep = indent
		}
		m := plainLine.FindStringSubmatch(line)
		title := i+1 < len(lines) && underlined.MatchString(lines[i+1])
		if code || deep >= 0 || title || m == nil || len(line) < 70 || strings.HasSuffix(line, "  ") {
			out = append(out, line)
			continue
		}
		out = append(out, fold(m[1], m[2])...)
	}
	return strings.Join(out, "\n")
}

// fold breaks a line after a word that stands near column 60, outside of links and code; what follows is indented like it.
func fold(head, text string) []string {
	open := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[', '(', '<':
			open++
		case ']', ')', '>':
			open--
		case '`':
			if end := strings.IndexByte(text[i+1:], '`'); end >= 0 {
				i += end + 1
			}
		case ' ':
			next := text[i+1:]
			if open <= 0 && i > 45 && len(next) > 20 && next[0] >= 'a' && next[0] <= 'z' {
				return []string{head + text[:i], strings.Repeat(" ", len(head)) + next}
			}
		}
	}
	return []string{head + text}
}
