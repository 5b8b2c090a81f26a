package exectest

import (
	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

var ends = []story{
	{name: "every command's exit is recorded", tells: func(b *Bench) {
		result := b.Do("echo one", "true", "echo three")
		require.Equal(b, []exec.CommandExit{{Command: 0}, {Command: 1}, {Command: 2}}, result.Exits)
	}},
	{name: "the first command that fails ends the attempt", tells: func(b *Bench) {
		result := b.Do("echo one", "false", "echo three")
		require.Equal(b, "one\n", result.Text)
		require.Equal(b, 1, result.Code)
		require.Equal(b, []exec.CommandExit{{Command: 0}, {Command: 1, Code: 1}}, result.Exits)
	}},
	{name: "an attempt goes on from a later command", tells: func(b *Bench) {
		result := b.Finish(exec.Launch{Commands: []string{"echo one", "echo two", "echo three"}, From: 1})
		require.Equal(b, "two\nthree\n", result.Text)
		require.Equal(b, []exec.CommandExit{{Command: 1}, {Command: 2}}, result.Exits)
	}},
	{name: "exit ends the attempt with its code", tells: func(b *Bench) {
		result := b.Do("exit 7", "echo never")
		require.Empty(b, result.Text)
		require.Equal(b, 7, result.Code)
		require.Equal(b, []exec.CommandExit{{Command: 0, Code: 7}}, result.Exits)
	}},
	{name: "set -e ends the attempt where it fails", tells: func(b *Bench) {
		result := b.Do("set -e\nfalse\necho never", "echo never")
		require.Empty(b, result.Text)
		require.Equal(b, 1, result.Code)
		require.Equal(b, []exec.CommandExit{{Command: 0, Code: 1}}, result.Exits)
	}},
	{name: "a command of many lines runs as one", tells: func(b *Bench) {
		result := b.Do("for x in a b; do\n  echo \"$x\"\ndone\ncat <<END\nin a $((1 + 1))\nEND")
		require.Equal(b, "a\nb\nin a 2\n", result.Text)
		require.Len(b, result.Exits, 1)
	}},
	{name: "a command that is no shell fails at once", tells: func(b *Bench) {
		result := b.Do("echo 'unterminated", "echo never")
		require.NotZero(b, result.Code)
		require.NotContains(b, result.Text, "never")
		require.Len(b, result.Exits, 1)
	}},
	{name: "a secret reaches the command and nothing else", tells: func(b *Bench) {
		const value = "correct-horse-battery"
		secret := exec.Secret{Name: "API_KEY", Value: []byte(value)}
		result := b.Finish(exec.Launch{
			Commands: []string{`[ "$API_KEY" = "correct-horse-""battery" ] && echo "it is <$API_KEY>"`},
			Secrets:  []exec.Secret{secret},
		})
		require.Zero(b, result.Code, result.Text)
		require.Contains(b, result.Text, "it is <")
		require.NotContains(b, result.Text, value)
		require.Positive(b, result.Redactions)
		require.NotContains(b, result.Variables, "API_KEY")
		if result.Context != "" {
			require.Equal(b, "unset\n", b.After(result, `echo "${API_KEY-unset}"`).Text)
		}
	}},
}
