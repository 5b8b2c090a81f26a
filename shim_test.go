package main

import (
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// What a shim costs is measured here and not in its own room: it is this very program started once more, with all that is linked into it.

// TestAShimIsUpBeforeTheProgram: what a process has set up by the time it is a shim, it has set up beside every command.
func TestAShimIsUpBeforeTheProgram(t *testing.T) {
	const most = 512 << 10 // bytes
	shim := osexec.Command("/proc/self/exe", "shim")
	shim.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	told, err := shim.CombinedOutput()
	require.Error(t, err, "nobody gave it an order")
	bytes := 0
	for line := range strings.Lines(string(told)) {
		var name, at, took string
		var of int
		if _, err := fmt.Sscanf(line, "init %s @%s ms, %s ms clock, %d bytes", &name, &at, &took, &of); err == nil {
			bytes += of
			require.NotContains(t, []string{"gatewalk/runbook", "gatewalk/steps", "gatewalk/tui", "github.com/yuin/goldmark"}, name)
		}
	}
	require.Positive(t, bytes, string(told))
	require.Less(t, bytes, most, string(told))
}

// BenchmarkBlock compares a block with the same command in a bash of its own, one after the other, so that both meet the same load. A
// block is all that a Runner does for it: a shim, a terminal, the variables and functions of the block before it restored, saved and
// read again, what was asked for, who runs it, its output and its end on disk, each fsynced, and its end read back by who launched it.
// The session's own lines in the journal are not in it: see BenchmarkStep.
func BenchmarkBlock(b *testing.B) {
	runner := local.New(b.TempDir(), local.Options{})
	last := finish(b, runner, exec.Launch{Attempt: 1, Commands: []string{"A=1; f() { echo hello; }"}})
	pairs := pairs{}
	for attempt := uint64(2); b.Loop(); attempt++ {
		pairs.measure(b, func() {
			last = finish(b, runner, exec.Launch{Attempt: attempt, Commands: []string{"true"}, Context: last.Context})
		})
	}
	pairs.report(b, "block")
}

// BenchmarkStep compares a whole step with the same command in a bash of its own: what a block costs, the lines in the journal that say
// that it starts, how it ended and what that was found to be, each fsynced before anything follows from it, and the news of them.
func BenchmarkStep(b *testing.B) {
	plan, err := runbook.Read("walk.md", fmt.Appendf(nil, "# A walk\n\n1. (`%s#`) Do it.\n\n   ```bash\n   true\n   ```\n", thisHost()))
	require.NoError(b, err)
	options := session.ThisMachine()
	s, err := session.Create(filepath.Join(b.TempDir(), "s1"), plan, nil, func(dir string, _ steps.Opened) (exec.Runner, error) {
		return local.New(dir, local.Options{}), nil
	}, options)
	require.NoError(b, err)
	defer s.Close()
	place := steps.Place{Block: plan.Blocks[0].ID}
	pairs := pairs{}
	for b.Loop() {
		pairs.measure(b, func() {
			require.NoError(b, s.Do(steps.Run{Place: place}, s.State().Seq()))
			exectest.Until(b, s, func() bool { return s.State().Spot(place).Status == steps.StatusDone })
		})
	}
	pairs.report(b, "step")
}

func finish(b *testing.B, runner exec.Runner, launch exec.Launch) exec.End {
	require.NoError(b, runner.Launch(b.Context(), launch))
	require.NoError(b, runner.Follow(b.Context(), launch.Attempt, 0, exectest.NewRecorder(0)))
	end := runner.Probe(launch.Attempt).End
	require.NotNil(b, end)
	return *end
}

// TestAShimIsSmall: there is one beside every command that runs, and there may be hundreds.
func TestAShimIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("memory is not measured with -short: the race detector takes more than a shim")
	}
	const most = 5_000_000 // bytes
	dir := t.TempDir()
	runner := local.New(dir, local.Options{})
	require.NoError(t, runner.Launch(t.Context(), exec.Launch{Attempt: 1, Commands: []string{"read -r line"}}))
	t.Logf("%d bytes of anonymous memory", anonymousMemory(t, filepath.Join(dir, "attempts", "1", "pid")))
	require.Less(t, anonymousMemory(t, filepath.Join(dir, "attempts", "1", "pid")), most)
	require.NoError(t, runner.Control(1, exec.Cancel{}))
	require.NoError(t, runner.Follow(t.Context(), 1, 0, exectest.NewRecorder(0)))
}

// BenchmarkStart says what a shim costs until its command runs, and what it holds for itself while a command waits.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	runner := local.New(dir, local.Options{})
	pairs, anonymous := pairs{}, 0
	for attempt := uint64(1); b.Loop(); attempt++ {
		pairs.measure(b, func() {
			require.NoError(b, runner.Launch(b.Context(), exec.Launch{Attempt: attempt, Commands: []string{"read -r line"}}))
		})
		anonymous = max(anonymous, anonymousMemory(b, filepath.Join(dir, "attempts", fmt.Sprint(attempt), "pid")))
		require.NoError(b, runner.Control(attempt, exec.Stdin{Bytes: []byte("\r")}))
		require.NoError(b, runner.Follow(b.Context(), attempt, 0, exectest.NewRecorder(0)))
	}
	pairs.report(b, "start")
	b.ReportMetric(float64(anonymous)/1e6, "MB-anonymous")
}

// anonymousMemory is what the process that a claim names has for itself, in bytes.
func anonymousMemory(t testing.TB, claim string) (bytes int) {
	text, err := os.ReadFile(claim)
	require.NoError(t, err)
	status, err := os.ReadFile("/proc/" + strings.Fields(string(text))[0] + "/status")
	require.NoError(t, err)
	_, after, _ := strings.Cut(string(status), "RssAnon:")
	_, err = fmt.Sscan(after, &bytes)
	require.NoError(t, err)
	return bytes << 10
}

// pairs are times of what we do, each beside that of a plain bash.
type pairs struct{ ours, plain, more []time.Duration }

func (p *pairs) measure(b *testing.B, ours func()) {
	began := time.Now()
	ours()
	between := time.Now()
	require.NoError(b, osexec.Command("bash", "-c", "true").Run())
	ended := time.Now()
	p.ours = append(p.ours, between.Sub(began))
	p.plain = append(p.plain, ended.Sub(between))
	p.more = append(p.more, between.Sub(began)-ended.Sub(between))
}

// report says by how much, and how many times, we take longer: in the middle, on average, and where nothing was in the way.
func (p *pairs) report(b *testing.B, what string) {
	b.ReportMetric(milliseconds(median(p.more)), "ms-more/"+what+"-median")
	b.ReportMetric(milliseconds(mean(p.more)), "ms-more/"+what+"-mean")
	b.ReportMetric(milliseconds(slices.Min(p.more)), "ms-more/"+what+"-least")
	b.ReportMetric(float64(median(p.ours))/float64(median(p.plain)), "times-bash-median")
	b.ReportMetric(float64(mean(p.ours))/float64(mean(p.plain)), "times-bash-mean")
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(all []time.Duration) time.Duration { return slices.Sorted(slices.Values(all))[len(all)/2] }

func mean(all []time.Duration) (sum time.Duration) {
	for _, one := range all {
		sum += one
	}
	return sum / time.Duration(len(all))
}
