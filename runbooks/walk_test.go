package runbooks_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/itchyny/gojq"
	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"
	"gatewalk/runbook"
	"gatewalk/runbook/shell"
	"gatewalk/runbooks"
)

// walk takes a shipped runbook from block to block on its site, as an operator would who does what it says.
type walk struct {
	*testing.T
	plan     *runbook.Plan
	bench    *exectest.Bench
	open     func() *rehearse.Runner
	answers  map[string]string // what is typed for inputs
	option   int               // the way taken at every choice
	contexts map[string]string // by host
	values   map[string]map[string]string
	debts    map[string]bool
	printed  []string
}

// begin opens a rehearsal of a runbook with some faults.
func begin(t *testing.T, name string, option int, faults ...string) *walk {
	source, site, err := runbooks.Open(name)
	require.NoError(t, err)
	plan, err := runbook.Read(name+".md", source)
	require.NoError(t, err)
	dir := t.TempDir()
	open := func() *rehearse.Runner {
		runner, err := rehearse.New(dir, site, rehearse.Options{Host: "ncn-m001", Faults: faults})
		require.NoError(t, err)
		return runner
	}
	return &walk{
		T: t, plan: plan, open: open, bench: &exectest.Bench{T: t, Runner: open()}, option: option,
		answers:  map[string]string{"ACTIVITY_NAME": "upgrade-24-11", "<configuration of the masters>": "management-24.11"},
		contexts: map[string]string{}, values: map[string]map[string]string{}, debts: map[string]bool{},
	}
}

// blocks are those that are walked, with the options not taken left out.
func (w *walk) blocks() []runbook.Block {
	var walked []runbook.Block
	for _, block := range w.plan.Blocks {
		if block.Runs() && !w.passedBy(block) {
			walked = append(walked, block)
		}
	}
	return walked
}

func (w *walk) passedBy(block runbook.Block) bool {
	for _, choice := range w.plan.Choices {
		for i, option := range choice.Options {
			path := w.plan.Steps[option.Step].Path
			if i != w.option && (block.Step == path || strings.HasPrefix(block.Step, path+"/")) {
				return true
			}
		}
	}
	return false
}

// run runs a block to its end: a poll until it holds or fails.
func (w *walk) run(block runbook.Block) exectest.Result {
	result := w.once(block)
	for waited := time.Duration(0); block.Poll && holds(w.T, block, result) == pending; waited += every(w.T, block) {
		require.Less(w, waited, timeout(w.T, block), "line %d: the poll does not end", block.Line)
		w.bench.Runner.(*rehearse.Runner).Advance(every(w.T, block))
		result = w.once(block)
	}
	for _, debt := range block.Owes {
		w.debts[debt] = true
	}
	for _, debt := range block.Pays {
		require.True(w, w.debts[debt], "line %d pays what is not owed", block.Line)
		delete(w.debts, debt)
	}
	return result
}

func (w *walk) once(block runbook.Block) exectest.Result {
	text, err := shell.Substitute(strings.Join(block.Commands, "\n"), w.answers)
	require.NoError(w, err)
	assign := map[string]string{}
	for _, input := range block.Inputs {
		if w.answers[input] != "" && w.values[block.Host][input] == "" && !strings.HasPrefix(input, "<") {
			assign[input] = w.answers[input]
		}
	}
	result := w.bench.Finish(exec.Launch{
		Host: block.Host, Commands: shell.Analyze(text).Commands, Context: w.contexts[block.Host], Assign: assign, Scratch: block.Poll,
	})
	if result.Context != "" {
		w.contexts[block.Host], w.values[block.Host] = result.Context, result.Variables
	}
	w.printed = append(w.printed, result.Text)
	return result
}

// targets are the hosts a block acts on, spelled out.
func (w *walk) targets(block runbook.Block) []string {
	var all []string
	for _, target := range block.Targets {
		if name, variable := strings.CutPrefix(target, "$"); variable {
			all = append(all, strings.Fields(w.values[block.Host][name])...)
			continue
		}
		all = append(all, target)
	}
	return all
}

type outcome string

const (
	pass    outcome = "pass"
	fail    outcome = "fail"
	pending outcome = "pending"
)

// holds judges a result as the annotations ask for.
func holds(t *testing.T, block runbook.Block, result exectest.Result) outcome {
	check := block.Check
	switch {
	case result.Code != 0:
		return fail
	case check == nil:
		return pass
	case check.FailIf != "" && regexp.MustCompile("(?m)"+check.FailIf).MatchString(result.Text):
		return fail
	case check.Regexp != "" && !regexp.MustCompile("(?m)"+check.Regexp).MatchString(result.Text):
		return pending
	case check.JQ != "" && !answersTrue(t, check.JQ, result.Text):
		return pending
	}
	return pass
}

func answersTrue(t *testing.T, filter, text string) bool {
	query, err := gojq.Parse(filter)
	require.NoError(t, err)
	var input any
	require.NoError(t, json.Unmarshal([]byte(text), &input), text)
	answer, _ := query.Run(input).Next()
	return answer == true
}

func every(t *testing.T, block runbook.Block) time.Duration {
	d, err := time.ParseDuration(block.PollRule.Every)
	require.NoError(t, err)
	return d
}

func timeout(t *testing.T, block runbook.Block) time.Duration {
	d, err := time.ParseDuration(block.PollRule.Timeout)
	require.NoError(t, err)
	return d
}

const rollout = "csm-management-rollout"

func TestTheRolloutIsWalkedToItsEnd(t *testing.T) {
	for option, way := range []string{"with IUF", "by script"} {
		t.Run(way, func(t *testing.T) {
			w := begin(t, rollout, option)
			proved := map[string][]string{}
			for _, block := range w.blocks() {
				targets := w.targets(block)
				if block.Gate == runbook.Canary {
					canary := proved[block.GateDetail.CanaryOf]
					require.NotEmpty(t, canary, "line %d names a canary that was proved before", block.Line)
					require.NotSubset(t, targets, canary, "line %d would upgrade its canary again", block.Line)
				}
				proved[block.ID] = targets
				result := w.run(block)
				require.Equal(t, pass, holds(t, block, result), "line %d: %s", block.Line, result.Text)
			}
			require.Empty(t, w.debts)
			end := w.bench.Do("awk '{ print $2, $4 }' /site/components")
			require.NotContains(t, end.Text, "24.3", "a node was left behind")
			require.Greater(t, w.bench.Runner.(*rehearse.Runner).Now().Hour(), 10, "the rollout takes hours of virtual time")
		})
	}
}

func TestEveryGateOfTheRolloutSaysWhomItActsOn(t *testing.T) {
	w := begin(t, rollout, 0)
	for _, block := range w.plan.Blocks {
		rollsOut := strings.Contains(block.Text, "--limit-management-rollout") || strings.Contains(block.Text, "ncn-upgrade-master-nodes.sh")
		require.Equal(t, rollsOut, block.Gate != runbook.NoGate, "line %d", block.Line)
		require.Equal(t, rollsOut, len(block.Targets) > 0, "line %d", block.Line)
		require.NotEmpty(t, block.Host, "line %d", block.Line)
		if block.Gate == runbook.Canary {
			require.Equal(t, runbook.Typed, block.GateDetail.Weight, "line %d", block.Line)
		}
	}
	require.Empty(t, w.plan.Problems)
}

func TestFaultCanaryFails(t *testing.T) {
	w := begin(t, rollout, 0, "canary-fails")
	judged := map[int]outcome{}
	for _, block := range w.blocks()[:4] {
		result := w.run(block)
		judged[block.Line] = holds(t, block, result)
		if block.Poll {
			require.Equal(t, fail, judged[block.Line], result.Text)
			require.Contains(t, result.Text, `configurationStatus = "failed"`)
			require.Contains(t, strings.Join(w.printed, ""), `configurationStatus = "pending"`, "it failed after a while, not at once")
		}
	}
	require.Contains(t, judgements(judged), fail)
}

func judgements(judged map[int]outcome) []outcome {
	var all []outcome
	for _, one := range judged {
		all = append(all, one)
	}
	return all
}

func TestFaultCanaryInList(t *testing.T) {
	for fault, want := range map[string][]string{
		"":               {"ncn-w002", "ncn-w003", "ncn-w004"},
		"canary-in-list": {"ncn-w001", "ncn-w002", "ncn-w003", "ncn-w004"},
	} {
		t.Run(fault, func(t *testing.T) {
			w := begin(t, rollout, 1, strings.Fields(fault)...)
			for _, block := range w.blocks() {
				if slices.Contains(block.Targets, "$WORKER_NODES") {
					require.Equal(t, want, w.targets(block))
					return
				}
				require.Equal(t, pass, holds(t, block, w.run(block)), "line %d", block.Line)
			}
			require.Fail(t, "no block acts on the list of workers")
		})
	}
}

func TestFaultEmptyList(t *testing.T) {
	w := begin(t, rollout, 0, "empty-list")
	for _, block := range w.blocks() {
		if slices.Contains(block.Targets, "$STORAGE_NODES") {
			value, set := w.values[block.Host]["STORAGE_NODES"]
			require.True(t, set)
			require.Empty(t, value, "which is what keeps the next block from starting")
			require.Equal(t, 2, w.run(block).Code, "and were it started all the same, it would be refused")
			return
		}
		require.Equal(t, pass, holds(t, block, w.run(block)), "line %d", block.Line)
	}
	require.Fail(t, "no block acts on the list of storage nodes")
}

// TestARolloutInterruptedAfterEveryBlockIsTheSame opens the rehearsal anew before each block, as resuming does.
func TestARolloutInterruptedAfterEveryBlockIsTheSame(t *testing.T) {
	whole, pieces := begin(t, rollout, 0), begin(t, rollout, 0)
	for _, block := range whole.blocks() {
		whole.run(block)
	}
	for _, block := range pieces.blocks() {
		pieces.bench.Runner = pieces.open()
		pieces.run(block)
	}
	require.Equal(t, whole.printed, pieces.printed)
	require.Equal(t, whole.contexts, pieces.contexts)
}

func TestNodesAndHostsThatDoNotExist(t *testing.T) {
	w := begin(t, rollout, 0)
	for command, says := range map[string]string{
		"iuf -a a run -r management-nodes-rollout --limit-management-rollout ncn-x9":    "ncn-x9 is not a management node",
		"iuf -a a run -r management-nodes-rollout --limit-management-rollout ncn-m001":  "ncn-m001 cannot be rebuilt from itself",
		`iuf -a "" run -r management-nodes-rollout --limit-management-rollout ncn-m002`: "expected one argument",
		"ssh ncn-x9 hostname":                    "Could not resolve hostname",
		"cray cfs components describe x0":        "could not be found",
		"cray bos sessions list":                 "does not know: cray bos sessions list",
		"kubectl delete pods --all":              "does not know: kubectl delete pods --all",
		"ceph orch host drain ncn-s001":          "does not know: ceph orch host drain",
		"ssh ncn-s001 'curl http://example.com'": "site/curl.sh: curl is not part of this rehearsal",
	} {
		result := w.bench.Do(command)
		require.NotZero(t, result.Code, command)
		require.Contains(t, result.Text, says, command)
	}
}

func TestTheShelf(t *testing.T) {
	for _, entry := range runbooks.List() {
		source, folder, err := runbooks.Open(entry.Name)
		require.NoError(t, err)
		require.Contains(t, string(source), "# "+entry.Title+"\n")
		site, err := rehearse.ReadSite(folder)
		require.NoError(t, err)
		require.Len(t, entry.Faults, len(site.Faults))
		for i, fault := range site.Faults {
			require.Equal(t, runbooks.Fault(fault), entry.Faults[i])
			require.Regexp(t, `^[A-Z].*\.$`, fault.Meaning, "a fault is told in a sentence")
		}
	}
	_, _, err := runbooks.Open("nothing")
	require.ErrorContains(t, err, `no runbook "nothing"; there is csm-management-rollout`)
}
