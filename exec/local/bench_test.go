package local_test

import (
	osexec "os/exec"
	"slices"
	"testing"
	"time"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

// BenchmarkBlock compares a block, with its context restored, saved and on disk, with the same command in a bash of its own.
func BenchmarkBlock(b *testing.B) {
	runner := local.New(b.TempDir(), local.Options{})
	last := finish(b, runner, exec.Launch{Attempt: 1, Commands: []string{"A=1; f() { echo hello; }"}})
	var blocks, plain []time.Duration
	attempt := uint64(1)
	for b.Loop() {
		attempt++
		began := time.Now()
		last = finish(b, runner, exec.Launch{Attempt: attempt, Commands: []string{"true"}, Context: last.Context})
		blocks = append(blocks, time.Since(began))
		began = time.Now()
		if err := osexec.Command("bash", "-c", "true").Run(); err != nil {
			b.Fatal(err)
		}
		plain = append(plain, time.Since(began))
	}
	block, bash := median(blocks), median(plain)
	b.ReportMetric(float64(block-bash)/1e6, "ms-more/block")
	b.ReportMetric(float64(block)/float64(bash), "times-bash")
}

func finish(b *testing.B, runner exec.Runner, launch exec.Launch) exec.End {
	if err := runner.Launch(b.Context(), launch); err != nil {
		b.Fatal(err)
	}
	if err := runner.Follow(b.Context(), launch.Attempt, 0, exectest.NewRecorder(0)); err != nil {
		b.Fatal(err)
	}
	return *runner.Probe(launch.Attempt).End
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// BenchmarkFlood compares 64 MiB through one block with the same through script(1), where that is installed.
func BenchmarkFlood(b *testing.B) {
	const flood = "yes 'a line of output, as there are many' | head -c 67108864"
	runner := local.New(b.TempDir(), local.Options{})
	var ours, theirs []time.Duration
	attempt := uint64(0)
	for b.Loop() {
		attempt++
		began := time.Now()
		if err := runner.Launch(b.Context(), exec.Launch{Attempt: attempt, Commands: []string{flood}}); err != nil {
			b.Fatal(err)
		}
		sink := &counter{}
		if err := runner.Follow(b.Context(), attempt, 0, sink); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(began))
		began = time.Now()
		if err := osexec.Command("script", "-qc", flood, b.TempDir()+"/typescript").Run(); err != nil {
			b.Skip("script(1) does not run here: ", err)
		}
		theirs = append(theirs, time.Since(began))
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "times-script")
}

type counter struct{ bytes int64 }

func (c *counter) Output(_ int64, p []byte) { c.bytes += int64(len(p)) }
func (c *counter) Echo(bool)                {}
