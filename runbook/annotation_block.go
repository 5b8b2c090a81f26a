package runbook

import (
	"strconv"
	"strings"
)

// annotateBlock makes one setting true of a block.
func annotateBlock(b *Block, s setting) error {
	switch s.key {
	case "name", "canary_of": // resolved when all blocks are known
	case "kind":
		return readOneOf(s, &b.Kind, Command, Output, File, Session)
	case "host":
		b.Host = s.value
	case "inputs":
		b.Inputs = splitList(s.value)
		b.keepSamples()
	case "sets":
		b.Sets = splitList(s.value)
	case "reads":
		b.Reads = splitList(s.value)
	case "secret":
		b.Secrets = splitList(s.value)
	case "gate":
		if b.GateDetail != nil && b.Why["weight"].Rule != "annotation" {
			b.GateDetail.Weight = ""
		}
		return readOneOf(s, &b.Gate, Canary, Failover, Stop, Disruptive, Approval, NoGate)
	case "weight", "phrase", "sentence", "targets":
		return annotateGate(b, s)
	case "expect":
		b.Expect, b.Verify = s.value, true
	case "verify":
		return readFlag(s, &b.Verify)
	case "check", "jq", "exit", "fail_if":
		return annotateCheck(b, s)
	case "poll", "timeout":
		return annotatePoll(b, s)
	case "interactive":
		return readFlag(s, &b.Interactive)
	case "drops_connection":
		return readFlag(s, &b.DropsConnection)
	case "long":
		return readFlag(s, &b.Long)
	case "undo":
		b.Undo = s.value
	case "owes":
		b.Owes = splitList(s.value)
	case "pays":
		b.Pays = splitList(s.value)
	case "optional":
		b.Optional = condition(s.value)
	case "estimate":
		return readDuration(s, &b.Estimate)
	default:
		panic("runbook: no block key " + s.key)
	}
	return nil
}

func annotateGate(b *Block, s setting) error {
	if s.key == "targets" {
		b.Targets = splitList(s.value)
		return nil
	}
	if b.GateDetail == nil {
		b.GateDetail = &GateDetail{Line: s.line}
	}
	switch s.key {
	case "weight":
		return readOneOf(s, &b.GateDetail.Weight, Typed, OneKey)
	case "phrase":
		b.GateDetail.Phrase = s.value
	case "sentence":
		b.GateDetail.Sentence, b.GateDetail.Line = s.value, s.line
	}
	return nil
}

func annotateCheck(b *Block, s setting) error {
	if b.Check == nil || b.Check.Proposed {
		b.Check = &Check{}
	}
	b.Verify = b.Verify || s.key != "exit"
	switch s.key {
	case "check":
		return readPattern(s, &b.Check.Regexp)
	case "fail_if":
		return readPattern(s, &b.Check.FailIf)
	case "jq":
		b.Check.JQ = s.value
	case "exit":
		return exitCodes(s, &b.Check.Exit)
	}
	return nil
}

func exitCodes(s setting, to *[]int) error {
	for _, word := range splitList(s.value) {
		code, err := strconv.Atoi(word)
		if err != nil || code < 0 || code > 255 {
			return settingError(s, "exit codes from 0 to 255, separated by commas")
		}
		*to = append(*to, code)
	}
	return nil
}

func annotatePoll(b *Block, s setting) error {
	if s.key == "timeout" {
		return readDuration(s, &b.Timeout)
	}
	if s.value == "false" {
		b.Poll, b.PollRule = false, nil
		return nil
	}
	b.Poll, b.Verify = true, true
	if b.PollRule == nil {
		b.PollRule = pollRule(nil)
	}
	return readDuration(s, &b.PollRule.Every)
}

func condition(value string) string {
	if strings.EqualFold(value, "none") || value == "false" {
		return ""
	}
	return value
}

// annotateStep makes one setting true of a step. Choice, loop and call are built when the whole tree is known.
func annotateStep(st *Step, s setting) error {
	switch s.key {
	case "name", "choice", "calls", "loop", "mode":
	case "kind":
		return readOneOf(s, &st.Kind, CommandStep, ManualStep, VerifyStep, ChoiceStep, RefStep, LoopStep, InfoStep)
	case "title":
		st.Title = s.value
	case "routine":
		return readFlag(s, &st.Routine)
	case "optional":
		st.Optional = condition(s.value)
	case "estimate":
		return readDuration(s, &st.Estimate)
	default:
		panic("runbook: no step key " + s.key)
	}
	return nil
}
