package runbook

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatewalk/runbook/doc"
)

var (
	pollForm = newForm(`\bwait (?:for|until|till|while)\b|\bthen wait\b|\buntil (?:the|all|it|he|she|you|they|each|every|no|none|nothing|there|both|its|your|any|status|state)\b|\b(?:wait|check|watch|monitor|run|poll|query|again|loop)\b[^.]*\buntil\b|\b(?:re-?run|repeat|retry|run again|re-?try)\b[^.]*\b(?:until|if|every)\b|\bperiodically\b|\b(?:monitor|watch)\b[^.]*\b(?:progress|status|until|rollout|as)\b|\bkeep (?:checking|watching|monitoring|polling|running|querying|an eye on)\b|\bpoll (?:the|for|its|until)\b|\bby polling\b|\b(?:block|blocks|blocking) until\b` +
		`|^(?:allow|give)\b[^.]*\b(?:time|minutes|chance|to (?:become|reach|finish|complete|recover|settle|come|be|start|catch up|rejoin|converge|sync\w*))\b|\b(?:do not|don['’]t|never) (?:proceed|continue|go on|move on)\b[^.]*\b(?:until|before|unless|while)\b|^(?:once|when|as soon as|only (?:once|when|after)) [^,]+, (?:then )?(?:you can |you may |it is )?(?:now |then |safe(?:ly)? |to )*(?:proceed|continue|go on|move on|carry on)\b`)
	everyForm = newForm(`\bevery (\d+|few) (second|minute)s?\b`)
	timesForm = newForm(`\b(?:every|each) (?:\w+ )?(?:seconds?|minutes?)\b`)
	takesForm = newForm(`\b(?:takes?|taking|last|wait(?: for)?|require[sd]?|need[s]?)(?: for)? (?:about|approximately|around|roughly|up to|at least|an? average of|as long as|anywhere (?:from|between)|between)? ?~?(\d+)(?: ?(?:-|to|–|and) ?(\d+))? ?(second|sec|minute|min|hour|hr)s?\b`)
	lastsForm = newForm(`\b(?:takes?|taking) (?:a (?:long|considerable|significant|very long)|some|several|many|a while|multiple|a few)\b[^.]*\b(?:time|minutes|hours|while)\b|\btakes? a while\b|\blong[- ]running\b|\bmay take (?:a while|time|hours)\b`)
)

// polls finds checks that are repeated until they hold, and how long things take.
func (b *book) polls() {
	b.each(func(block *Block, p *place) {
		about := b.about(p)
		if s, ok := b.toldToWait(block, p, about); ok && !block.changes(p) {
			block.Poll = true
			block.because("poll", "told to wait", s.line)
			block.PollRule = pollRule(about)
		}
		b.duration(block, p, about)
	})
}

// toldToWait is a sentence by which a block is repeated: of those about it, or for a check, the title of its section.
func (b *book) toldToWait(block *Block, p *place, about []*sentence) (*sentence, bool) {
	for _, s := range about {
		if (pollForm.in(s) || timesForm.in(s) && (commanded(s) || orders(s))) && !(noOutcome.in(s) && loggedForm.in(s)) {
			return s, true
		}
	}
	if section := b.sectionOf(p.step); block.Verify && section >= 0 && waitTitle.in(b.titled(section)) {
		return b.titled(section), true
	}
	return nil, false
}

// waitTitle names a section in which nothing is done but waiting.
var waitTitle = newForm(`^(?:[\d.)-]+ ?)?wait (?:for|until|till)\b`)

// changes says whether a block does more than look.
func (b *Block) changes(p *place) bool {
	return !b.Verify && !p.snippet.Looks() || p.snippet.Disrupts() != "" || p.snippet.Moves() != ""
}

// about is what is said of a block: the words before it, those after it up to the next block, and the head of its step if it is the first there.
func (b *book) about(p *place) []*sentence {
	if p.said == nil {
		p.said = b.saidAbout(p)
	}
	return p.said
}

func (b *book) saidAbout(p *place) []*sentence {
	all := []*sentence{}
	if p.step >= 0 && !b.laterBlock(p) {
		all = with(all, b.lead(p.step))
	}
	if n := b.introNode(p); n != nil {
		all = with(all, b.sentences(n))
	}
	for i := p.at + 1; i < len(p.among) && p.among[i].Kind != doc.Code; i++ {
		if p.among[i].Kind != doc.Paragraph && p.among[i].Kind != doc.Note || i+1 < len(p.among) && p.among[i+1].Kind == doc.Code && b.runsAt(p.among[i+1]) {
			break
		}
		all = with(all, b.sentences(p.among[i]))
	}
	return all
}

// pollRule is how often words tell to look, and how often and how long it is looked where they do not tell: an hour, or twice
// as long as it is said to take.
func pollRule(about []*sentence) *PollRule {
	rule := &PollRule{Every: "30s", Timeout: "1h0m0s"}
	for _, s := range about {
		if d := 2 * stated(s); d > time.Hour {
			rule.Timeout = d.String()
		}
		if m := everyForm.FindStringSubmatch(s.plain); m != nil {
			every, unit := 5, time.Second
			if n, err := strconv.Atoi(m[1]); err == nil {
				every = n
			}
			if strings.EqualFold(m[2], "minute") {
				unit = time.Minute
			}
			if d := time.Duration(every) * unit; d > 0 && d < 24*time.Hour {
				rule.Every = d.String()
			}
		}
	}
	return rule
}

// duration reads how long a block takes, and whether that is long.
func (b *book) duration(block *Block, p *place, about []*sentence) {
	for _, s := range about {
		if d := stated(s); d > 0 {
			block.Estimate = d.String()
			block.because("estimate", "said how long", s.line)
			if d >= 5*time.Minute {
				block.Long = true
				block.because("long", "said how long", s.line)
			}
			break
		}
	}
	if s, ok := find(about, lastsForm); ok {
		block.Long = true
		block.because("long", "said to take long", s.line)
	}
	if why := p.snippet.Lasts(); why != "" {
		block.Long = true
		block.because("long", fmt.Sprintf("command %s", firstWords(why)), block.Line)
	}
}

// stated is the longest time a sentence says something takes.
func stated(s *sentence) time.Duration {
	if !takesForm.in(s) {
		return 0
	}
	m := takesForm.FindStringSubmatch(s.plain)
	if m == nil {
		return 0
	}
	count, _ := strconv.Atoi(m[1])
	if more, err := strconv.Atoi(m[2]); err == nil {
		count = max(count, more)
	}
	if count > 10000 {
		return 0
	}
	switch strings.ToLower(m[3])[0] {
	case 's':
		return time.Duration(count) * time.Second
	case 'm':
		return time.Duration(count) * time.Minute
	default:
		return time.Duration(count) * time.Hour
	}
}

func firstWords(command string) string {
	fields := strings.Fields(command)
	return strings.Join(fields[:min(len(fields), 3)], " ")
}
