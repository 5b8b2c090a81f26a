package plain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/tui/plain"
)

func TestWrongAnswersNameTheirLine(t *testing.T) {
	for _, tc := range []struct{ source, says string }{
		{"value: {a: b}", `a.yaml:1: there is no key "value"; the nearest is "values"`},
		{"values: {a: b}\n\ngate: confirm", `a.yaml:3: there is no key "gate"; the nearest is "gates"`},
		{"- a\n- b", "a.yaml:1: not a table of answers"},
		{"", "a.yaml: "},
		{"values: {a: b", "a.yaml: "},
		{"gates: maybe", `a.yaml:1: gates: "maybe" is not known here; it wants confirm, ask, {no-go: …}`},
		{"gates:\n  '2': no-go", `a.yaml:2: gates: "no-go" is not known here`},
		{"gates:\n  '2': {no-go: ''}", "a.yaml:2: gates: no-go wants words behind it"},
		{"gates: [confirm]", "a.yaml:1: gates: wants a table of answers"},
		{"by_hand:\n  default: {result: fine}", `a.yaml:2: by_hand: result is "fine"; it wants one of passed, failed, not applicable`},
		{"by_hand:\n  default: {result: passed, whom: bob}", `a.yaml:2: by_hand: there is no "whom"; the nearest is "who"`},
		{"values:\n  a: 1\n  a: 2", `"a"`},
		{"values:\n  a: &x 1\n  b: *x", "a.yaml:2: anchors and aliases are not read"},
		{"values:\n  a: [1, 2]", "a.yaml:2: values: wants words"},
		{"hosts:\n  m1: there", `a.yaml:2: hosts: "there" is not known here; it wants here, by hand, {here: …}, a list of hosts`},
		{"hosts:\n  m1: [[a]]", "a.yaml:2: a list of hosts holds names"},
		{"polls: maybe", `a.yaml:1: polls: "maybe" is not known here`},
		{"unknown: done", "a.yaml:1: unknown: wants a table of answers"},
		{"unknown: {'2': done}", `a.yaml:1: unknown: "done" is not known here; it wants {done: …}, {failed: …}, {not run: …}`},
		{"skip: {'2': ''}", `a.yaml:1: skip: "" is not known here`},
		{"values: {a: " + strings.Repeat("x", plain.MaxAnswers) + "}", "more than an answers file may have"},
	} {
		_, err := plain.ReadAnswers("a.yaml", []byte(tc.source))
		require.ErrorContains(t, err, tc.says, tc.source)
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add("values: {a: b}\ngates: confirm\nhosts: {m: [a, b]}")
	f.Add("by_hand: {default: {result: passed, who: x}}\nstop_at: '3'")
	f.Fuzz(func(t *testing.T, source string) {
		answers, err := plain.ReadAnswers("a.yaml", []byte(source))
		require.True(t, (err == nil) == (answers != nil))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "a.yaml"), err)
		}
	})
}
