package exectest

import (
	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

// child says itself that it has begun: a shell may overlook an interrupt between the lines, while it starts a program.
const child = "sh -c 'echo ready; while :; do sleep 0.1; done'"

var terminals = []story{
	{name: "a question is answered from the keyboard", needs: needsTerminal, tells: func(b *Bench) {
		running := b.Start(exec.Launch{Commands: []string{`read -p 'Continue? [y/N] ' answer; echo "it was $answer"`}})
		running.Await("[y/N] ")
		running.Type("y\r")
		require.Contains(b, running.Wait().Text, "it was y\n")
	}},
	{name: "a question without echo is told, and what is typed stays out of the record", needs: needsTerminal, tells: func(b *Bench) {
		running := b.Start(exec.Launch{Commands: []string{`read -s -p 'Password: ' word; echo; echo "${#word} letters"`}})
		running.Await("Password: ")
		running.AwaitEcho(false)
		running.Type("open sesame\r")
		result := running.Wait()
		require.Contains(b, result.Text, "11 letters\n")
		require.NotContains(b, result.Text, "sesame")
		require.NotContains(b, result.Variables, "word")
	}},
	{name: "ctrl-c interrupts the command", needs: needsTerminal, tells: func(b *Bench) {
		running := b.Start(exec.Launch{Commands: []string{child, "echo never"}})
		running.Await("ready")
		running.Type("\x03")
		result := running.Wait()
		require.Equal(b, 130, result.Code)
		require.NotContains(b, result.Text, "never")
	}},
	{name: "a signal ends the command", needs: needsTerminal, tells: func(b *Bench) {
		for name, code := range map[string]int{"INT": 130, "TERM": 143, "KILL": 137} {
			running := b.Start(exec.Launch{Commands: []string{child}})
			running.Await("ready")
			require.NoError(b, b.Runner.Control(running.Attempt, exec.Signal{Name: name}))
			result := running.Wait()
			require.Equal(b, code, result.Code, name)
			require.Equal(b, name, result.Signal)
		}
	}},
	{name: "the terminal has the size asked for, and follows", needs: needsTerminal, tells: func(b *Bench) {
		ask := `stty size; read -r go; stty size`
		running := b.Start(exec.Launch{Commands: []string{ask}, Size: exec.Size{Columns: 101, Rows: 33}})
		running.Await("33 101")
		require.NoError(b, b.Runner.Control(running.Attempt, exec.Resize{Size: exec.Size{Columns: 60, Rows: 20}}))
		running.Type("\r")
		require.Contains(b, running.Wait().Text, "20 60\n")
	}},
}
