package local_test

import (
	"fmt"
	"os"
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

// BenchmarkStart says what a shim costs before its command prints anything, compared with a bash of its own, and while it runs.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	runner := local.New(dir, local.Options{})
	var starts, plain []time.Duration
	attempt, anonymous := uint64(0), 0
	for b.Loop() {
		attempt++
		began := time.Now()
		if err := runner.Launch(b.Context(), exec.Launch{Attempt: attempt, Commands: []string{"read -r line"}}); err != nil {
			b.Fatal(err)
		}
		starts = append(starts, time.Since(began))
		anonymous = max(anonymous, memory(b, shimOf(b, dir, attempt), "RssAnon"))
		if err := runner.Control(attempt, exec.Stdin{Bytes: []byte("\r")}); err != nil {
			b.Fatal(err)
		}
		if err := runner.Follow(b.Context(), attempt, 0, nobody{}); err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		if err := osexec.Command("bash", "-c", "true").Run(); err != nil {
			b.Fatal(err)
		}
		plain = append(plain, time.Since(began))
	}
	b.ReportMetric(float64(median(starts))/1e6, "ms-to-start")
	b.ReportMetric(float64(median(starts))/float64(median(plain)), "times-bash")
	b.ReportMetric(float64(anonymous)/1e6, "MB-anonymous")
}

func shimOf(b *testing.B, dir string, attempt uint64) (pid int) {
	text, err := os.ReadFile(fmt.Sprintf("%s/attempts/%d/pid", dir, attempt))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Sscan(string(text), &pid); err != nil {
		b.Fatal(err)
	}
	return pid
}
