package exectest

import (
	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

var contexts = []story{
	{name: "what a command sets the next attempt has", needs: needsContexts, tells: func(b *Bench) {
		first := b.Do("NAME='a  \"b\" $c'", "LIST=(one 'two three')", "declare -A ROLE; ROLE[m]=master", "greet() { echo \"hello $1\"; }", "cd /")
		second := b.After(first, `echo "$NAME"`, `echo "${LIST[1]}" "${#LIST[@]}"`, `echo "${ROLE[m]}"`, "greet you", "pwd")
		require.Equal(b, "a  \"b\" $c\ntwo three 2\nmaster\nhello you\n/\n", second.Text)
	}},
	{name: "an attempt shows its public variables", needs: needsContexts, tells: func(b *Bench) {
		result := b.Do("ACTIVITY=upgrade-1", "DB_PASSWORD=hidden", "LIST=(a 'b c')", "declare -A ROLE; ROLE[m]=master", "NONE=()")
		require.Equal(b, "upgrade-1", result.Variables["ACTIVITY"])
		require.NotContains(b, result.Variables, "DB_PASSWORD")
		require.Contains(b, result.Variables["LIST"], "b c", "what has a value is in the table, or no step that reads it would start")
		require.Contains(b, result.Variables["ROLE"], "master")
		require.Empty(b, result.Variables["NONE"])
		require.NotContains(b, result.Variables, "SHLVL")
	}},
	{name: "a long value has one", needs: needsContexts, tells: func(b *Bench) {
		result := b.Do("LONG=$(printf '%09999d' 7)")
		require.Contains(b, result.Variables, "LONG")
		require.Equal(b, "9999\n", b.After(result, "echo ${#LONG}").Text)
	}},
	{name: "what was unset stays unset", needs: needsContexts, tells: func(b *Bench) {
		first := b.Do("A=1 B=2")
		second := b.After(first, "unset A")
		require.NotContains(b, second.Variables, "A")
		require.Equal(b, "unset 2\n", b.After(second, `echo "${A-unset} $B"`).Text)
	}},
	{name: "a context never changes", needs: needsContexts, tells: func(b *Bench) {
		first := b.Do("N=1")
		b.After(first, "N=2")
		require.Equal(b, "1\n", b.After(first, "echo $N").Text)
	}},
	{name: "a fresh context has nothing of an earlier one", needs: needsContexts, tells: func(b *Bench) {
		b.Do("LEFTOVER=1")
		require.Equal(b, "unset\n", b.Do(`echo "${LEFTOVER-unset}"`).Text)
	}},
	{name: "a failed attempt leaves what it had set", needs: needsContexts, tells: func(b *Bench) {
		failed := b.Do("SET=before", "false", "SET=after")
		require.Equal(b, "before\n", b.After(failed, "echo $SET").Text)
		left := b.Do("SET=before; exit 3")
		require.Equal(b, "before\n", b.After(left, "echo $SET").Text)
	}},
	{name: "a value set by hand goes over the context's", needs: needsContexts, tells: func(b *Bench) {
		first := b.Do("HOST=m001")
		second := b.Finish(exec.Launch{
			Commands: []string{`echo "$HOST $NOTE"`}, Context: first.Context,
			Assign: map[string]string{"HOST": "m002", "NOTE": `it's "$HOME"`},
		})
		require.Equal(b, "m002 it's \"$HOME\"\n", second.Text)
		require.Equal(b, "m002", second.Variables["HOST"])
	}},
	{name: "a scratch attempt leaves no context", needs: needsContexts, tells: func(b *Bench) {
		first := b.Do("N=1")
		scratch := b.Finish(exec.Launch{Commands: []string{"N=2", "echo $N"}, Context: first.Context, Scratch: true})
		require.Equal(b, "2\n", scratch.Text)
		require.Empty(b, scratch.Context)
		require.Empty(b, scratch.Warning)
	}},
}
