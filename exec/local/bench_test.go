package local_test

import (
	osexec "os/exec"
	"slices"
	"testing"
	"time"

	"gatewalk/exec"
	"gatewalk/exec/local"
)

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// BenchmarkFlood compares 64 MiB (GATEWALK_LONG=1: 1 GiB) through one block with the same through script(1), where that is installed.
func BenchmarkFlood(b *testing.B) {
	command := flood(floodSize())
	runner := local.New(b.TempDir(), local.Options{})
	var ours, theirs []time.Duration
	attempt := uint64(0)
	for b.Loop() {
		attempt++
		began := time.Now()
		if err := runner.Launch(b.Context(), exec.Launch{Attempt: attempt, Commands: []string{command}}); err != nil {
			b.Fatal(err)
		}
		if err := runner.Follow(b.Context(), attempt, 0, nobody{}); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(began))
		began = time.Now()
		if err := osexec.Command("script", "-qc", command, b.TempDir()+"/typescript").Run(); err != nil {
			b.Skip("script(1) does not run here: ", err)
		}
		theirs = append(theirs, time.Since(began))
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "times-script")
	b.ReportMetric(float64(floodSize())/1e6/median(ours).Seconds(), "MB/s")
}

// nobody is a Sink that keeps nothing.
type nobody struct{}

func (nobody) Output(int64, []byte) {}
func (nobody) Echo(bool)            {}
