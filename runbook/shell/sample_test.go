package shell

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSamplesAreReplacedAsWholeWords(t *testing.T) {
	pool, address := Sample{"pool-7", "pool-7"}, Sample{"ADDRESS", "10.0.0.1"}
	for text, want := range map[string]string{
		"drop pool-7": "drop 'a b'",
		"drop pool-7 pool-77 my-pool-7 pool-7.old":  "drop 'a b' pool-77 my-pool-7 pool-7.old",
		"drop \"pool-7\" --from=pool-7 'pool-7'":    "drop \"a b\" --from='a b' 'a b'",
		"ls /pools/pool-7/x $(name pool-7)":         "ls /pools/'a b'/x $(name 'a b')",
		"drop pool-7 # not pool-7":                  "drop 'a b' # not pool-7",
		"drop $pool-7 ${pool-7} pool-7s":            "drop $pool-7 ${pool-7} pool-7s",
		"cat <<EOF\npool-7\nEOF":                    "cat <<EOF\na b\nEOF",
		"ADDRESS=10.0.0.1; ping 10.0.0.1":           "ADDRESS='c d'; ping 10.0.0.1",
		"export ADDRESS=\"10.0.0.1\"\nX=10.0.0.1":   "export ADDRESS=\"c d\"\nX=10.0.0.1",
		"MY_ADDRESS=10.0.0.1 ADDRESS=10.0.0.1.5 go": "MY_ADDRESS=10.0.0.1 ADDRESS=10.0.0.1.5 go",
	} {
		got, err := Substitute(text, map[string]string{"pool-7": "a b", "ADDRESS": "c d"}, pool, address)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
		untold, err := Substitute(text, map[string]string{"pool-7": "a b", "ADDRESS": "c d"})
		require.NoError(t, err)
		require.Equal(t, text, untold, "a word of which nothing is said stays")
	}
}

func TestASampleMayBeKeptAsItIs(t *testing.T) {
	got, err := Substitute("HOMES=~/pool-7", map[string]string{"HOMES": "~/pool-7"}, Sample{"HOMES", "~/pool-7"})
	require.NoError(t, err)
	require.Equal(t, "HOMES=~/pool-7", got, "not a byte is another")
}

func TestASecretSampleIsReferredTo(t *testing.T) {
	got, err := Refer("LAMP_PASSWORD='changeme'", []string{"LAMP_PASSWORD"}, Sample{"LAMP_PASSWORD", "changeme"})
	require.NoError(t, err)
	require.Equal(t, `LAMP_PASSWORD=''"$SECRET_LAMP_PASSWORD"''`, got)
}

// typedHere is what a snippet itself calls. A value may name a program that the word in quotes is then taken to be handed to.
func typedHere(s Snippet) []Call {
	return slices.DeleteFunc(slices.Clone(s.Calls), func(c Call) bool { return c.Remote })
}

// What is put in the place of a sample is one word, whatever it holds, and nothing else of the text changes.
func TestASampleNeverChangesTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[ -~\n]{1,20}`).Draw(t, "value")
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"pool-7", "pool-70", "a", "--to=pool-7", "\"pool-7\"", "'pool-7 x'", "x-pool-7", "pool-7:/y", "; b"}), 1, 8).Draw(t, "parts")
		text := "run " + strings.Join(parts, " ") + " last"
		got, err := Substitute(text, map[string]string{"pool-7": value}, Sample{"pool-7", "pool-7"})
		require.NoError(t, err)
		rest := got
		at := 0
		for _, p := range Placeholders(text, Sample{"pool-7", "pool-7"}) {
			before, after := text[at:p.Start], text[p.End:]
			require.True(t, strings.HasPrefix(rest, before), got)
			quoted, err := quote(p, value)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(rest[len(before):], quoted), got)
			rest, at = rest[len(before)+len(quoted):], p.End
			require.NotEmpty(t, after)
		}
		require.Equal(t, text[at:], rest)
		if len(Placeholders(got)) > 0 { // the value looks like a blank itself, with the quotes around it
			return
		}
		parsed := Analyze(got)
		require.True(t, parsed.Parsed, got)
		was, now := typedHere(Analyze(text)), typedHere(parsed)
		require.Len(t, now, len(was), got)
		for i := range was {
			require.Len(t, now[i].Words, len(was[i].Words), got)
		}
	})
}
