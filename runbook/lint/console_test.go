package lint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/runbook/lint"
)

// console says what is found of one command for whoever walks on m1; "" for nothing.
func console(t *testing.T, step, command string) string {
	p, err := runbook.Read("walk.md", []byte("# A walk\n\n1. "+step+"\n\n    ```bash\n    "+command+"\n    ```\n"))
	require.NoError(t, err)
	found := lint.Console(p, "m1")
	if len(found) == 0 {
		return ""
	}
	require.Len(t, found, 1)
	require.Equal(t, 6, found[0].Line)
	return found[0].What
}

func TestWhatHappensToTheConsoleItself(t *testing.T) {
	down, gone := "this takes down m1, the machine that the walk is on", "this rebuilds or erases m1, the machine that the walk is on"
	for _, tc := range []struct{ step, command, found string }{
		{"(`m1#`) Go on.", "reboot", down},
		{"(`m2#`) Go on.", "reboot", ""},
		{"Go on.", "reboot", ""}, // whose host is unsaid is asked, and the gate says where it runs
		{"(`m1#`) Go on.", "systemctl reboot", down},
		{"(`m1#`) Go on.", "ssh m2 reboot", ""},
		{"(`m2#`) Go on.", "ssh m1 reboot", down},
		{"(`m1#`) Clear the disks.", "wipefs -a /dev/sda", gone},
		{"(`m1#`) Clear the cache.", "rm -rf /var/cache/old", ""},
		{"(`m2#`) Rebuild the node.", "rollout-nodes.sh --limit m1", gone},
		{"(`m2#`) Rebuild the node.", "rollout-nodes.sh --limit m10", ""},
		{"(`m2#`) Look at it.", "ping -c1 m1", ""},
		{"(`m1#`) Look at it.", "uptime", ""},
	} {
		require.Equal(t, tc.found, console(t, tc.step, tc.command), "%s %s", tc.step, tc.command)
	}
}
