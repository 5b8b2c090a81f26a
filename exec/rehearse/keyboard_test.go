package rehearse_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"
)

// What is typed to a simulated command is on the screen, the enter key ends a line, and what was typed wrong is taken back.
func TestWhatIsTypedIsShownAndRead(t *testing.T) {
	for _, story := range []struct{ name, command, asks, keys, prints string }{
		{"a line", "read -p 'name? ' name; echo \"<$name>\"", "name? ", "bob\r", "name? bob\n<bob>\n"},
		{"a line that goes on", "read -p 'name? ' name; echo \"<$name>\"", "name? ", "bobé\x7f\x7fé\r", "name? bobé\b \b\b \bé\n<boé>\n"},
		{"all of it anew", "read -p 'name? ' name; echo \"<$name>\"", "name? ", "x\x15y\r", "name? x\b \by\n<y>\n"},
		{"two at once", "read a; read b; echo \"<$a><$b>\"", "", "1\r2\r", "1\n2\n<1><2>\n"},
		{"the end of input", "cat; echo over", "", "one\r\x04", "one\nover\n"},
		{"a password typed ahead", "sleep 1; read -s -p 'password: ' secret; echo; read -p 'name? ' name; echo ${#secret} $name", "", "hush\rbob\r", "password: \nbob\nname? 4 bob\n"},
		{"a password", "read -s -p 'password: ' secret; echo; echo ${#secret}", "password: ", "hush\r", "password: \n4\n"},
	} {
		t.Run(story.name, func(t *testing.T) {
			runner, err := rehearse.New(t.TempDir(), fstest.MapFS{}, rehearse.Options{})
			require.NoError(t, err)
			running := (&exectest.Bench{T: t, Runner: runner}).Start(exec.Launch{Commands: []string{story.command}})
			running.Await(story.asks)
			running.Type(story.keys)
			require.Equal(t, story.prints, running.Wait().Text)
		})
	}
}

func TestAnInterruptEndsASimulatedCommand(t *testing.T) {
	runner, err := rehearse.New(t.TempDir(), fstest.MapFS{}, rehearse.Options{})
	require.NoError(t, err)
	running := (&exectest.Bench{T: t, Runner: runner}).Start(exec.Launch{Commands: []string{"read -p 'name? ' name"}})
	running.Await("name? ")
	running.Type("bo\x03")
	result := running.Wait()
	require.Equal(t, "INT", result.Signal)
	require.Contains(t, result.Text, "name? bo^C\n")
}
