package journal

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// victimEnv makes the test binary the process that is killed.
const victimEnv = "GATEWALK_JOURNAL_VICTIM"

// appendForever goes on with a session and says on its output which events were acknowledged.
func appendForever(dir string) int {
	j, err := Open(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for seq, _ := j.Head(); ; seq++ {
		if err := j.Append(context.Background(), seq, 1, note(seq+1)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(seq + 1)
	}
}

// One session is gone on with by twenty processes, each killed at some moment.
func TestKillingTheProcessLosesNothingAcknowledged(t *testing.T) {
	dir := closedSession(t, walk(1))
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 20 {
		acknowledged := killAfter(t, dir, 1+random.IntN(40))

		j := reopen(t, dir)
		events := load(t, j)
		require.GreaterOrEqual(t, len(events), acknowledged)
		require.Equal(t, walk(uint64(len(events))), events)
		require.NoError(t, j.Close())
	}
}

// killAfter starts a victim, kills it once it has acknowledged some events, and returns the last it acknowledged.
func killAfter(t *testing.T, dir string, acknowledgements int) int {
	victim := osexec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), victimEnv+"="+dir)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, victim.Start())
	last, lines := 0, bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		last, err = strconv.Atoi(lines.Text())
		require.NoError(t, err)
		if n == acknowledgements {
			require.NoError(t, victim.Process.Kill())
		}
	}
	require.Error(t, victim.Wait(), "it was killed")
	require.FileExists(t, filepath.Join(dir, journalFile))
	require.Positive(t, last)
	return last
}
