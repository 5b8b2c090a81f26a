package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

// saying is what the words before a block say it is.
type saying int

const (
	saysNothing saying = iota
	saysCommand
	saysOutput
	saysSample // "Example output:" and its like, which nothing else overrules
	saysFile
)

var (
	sampleIntro = newForm(`^(?:an? |the |this is (?:an? )?)?(?:example|sample|expected|potential|possible|typical|excerpt of)\b[^.]{0,40}\b(?:outputs?|results?|responses?)\b|^(?:outputs?|results?):?$|^(?:(?:the|your|its|this) )?(?:[\w-]+ )?(?:outputs?|results?|responses?) (?:will|may|might|would) (?:look|be|appear) (?:something )?(?:similar|like)\b[^.,]*:$`)
	outputIntro = newForm(`\b(?:example|sample|expected|potential|possible|typical|resulting|successful|truncated|partial|abbreviated)\b[^.]{0,40}\b(?:outputs?|results?|responses?|logs?|messages?)\b` +
		`|\b(?:outputs?|results?|responses?)\b[^.]{0,60}\b(?:is|are|looks?|should|will|may|might|would|resembles?|shows?|similar|follows|like|contains?|includes?)\b[^.]*:?$` +
		`|\b(?:should|will|would|may|might) (?:look|see|return|display|print|report|get|show|produce|appear|be displayed|receive|output)\b[^.]*:$` +
		`|\b(?:similar to|resembl\w+|looks? (?:something )?like|like) (?:the following|this|below|these)\b` +
		`|\bthe following (?:is (?:an? )?)?(?:warnings?|errors?|(?:error |log |warning )?(?:messages?|entry|entries|lines?)|outputs?|responses?|logs?)\b` +
		`|\b(?:this|these) (?:warnings?|errors?|messages?|outputs?|responses?|logs?)\b[^.]*:$` +
		`|\b(?:following|these|such) (?:warnings?|errors?|messages?)\b` +
		`|\b(?:warnings?|errors?|messages?) (?:similar to|like|such as) ` +
		`|\b(?:returns?|prints?|displays?|outputs|reports|responds with|shows) (?:the following|something like|output)\b` +
		`|\b(?:is|are) (?:expected|displayed|shown|printed|returned)\b[^.]*:$` +
		`|^(?:generic |general |common |typical |possible )?(?:errors?|exceptions?|failures?) (?:while|when|during|on|of|in|if)\b[^.]*$` +
		`|^(?:output|result|response)s?:?$|\b(?:example|sample|expected) resulting\b[^.]*:$|\bnaming (?:convention|scheme|pattern)\b[^.]*:$` +
		`|\byou(?:'ll| will| should| may| might)? (?:then |now |next )?be (?:prompted|asked|greeted|presented|shown|told)\b[^.]*:$`)
	exampleShows = newForm(`^(?:the following |this |in this |an? )?examples?\b[^.]*\bshows?\b`)
	stateShould  = newForm(`\b(?:should|must|will)\b.*\b(?:be|have|show|list)\b`)
	exampleOnly  = newForm(`^(?:(?:for )?example|(?:here['’]s|here is) an example):?$`)
	fileIntro    = newForm(`\b(?:add|append|insert|put|place|paste|include|change|modify|edit|update|replace|set|create|save|write|copy)\b(?:[^.]|\.\w)*\b(?:files?|lines?|sections?|contents?|configuration|manifest|entry|entries|stanza|block|yaml|json|template|spec|playbook|inventory)\b` +
		`|\b(?:add|append|insert|put|place|paste|open|edit|create)\b(?:[^.]|\.\w)*[\w-]+/[\w-]+\.[a-z]{2,10}\b` +
		`|\b(?:files?|changes|configuration|manifest|contents?|section) (?:\S+ )?(?:should|might|may|could|must|will) (?:look|be|contain|read|have)\b` +
		`|\b(?:contents? of|file named|file called)\b` +
		`|^(?:\w+ to [^,.]* and )?(?:edit|change|modify|update|adjust|set|rewrite|correct)\b[^.]*\bso (?:that )?(?:it|they|the \w+) looks? like (?:this|the following)\b` +
		`|^(?:an?|the|this|here is an?|below is an?) (?:example|sample)(?: of)?(?: an?| the)? [\w.-]+ (?:file|manifest|inventory|definition)(?: is)?:?$` +
		`|\b(?:the|this) following (?:snippet|manifest|fragment|excerpt of)\b|\b(?:replaced?|changed|modified) (?:with|by|to) (?:this|these|the following)\b[^.]*:$` +
		`|\b(?:add|append|put|insert|place|paste|write|save) (?:this|the following|these|it|them)\b[^.]*\b(?:to|in|into|at|as) (?:the )?(?:(?:end|top|bottom|beginning|start) of )?(?:~|/)[\w./-]+`)
	commandIntro = newForm(`\b(?:run|execute|issue|enter|type|invoke|use|using)\b[^.]*\b(?:commands?|scripts?|following|playbooks?|tool)\b|\bcommands?(?: (?:is|are|would be))?:?$|\b(?:with|by running|by executing) the following\b|\b(?:with|using|by (?:running|executing|using|issuing|entering)):$`)
)

// exampleTo says by an example what is done, whatever that is done to: "for example, to rotate the log:".
var exampleTo = newForm(`^for (?:example|instance),? to \w+`)

// introduction is what the paragraph or note right before a block says it is: the last sentence first.
func (b *book) introduction(p *place) (saying, int) {
	n := b.introNode(p)
	if n == nil {
		return saysNothing, 0
	}
	all := b.sentences(n)
	for i := len(all) - 1; i >= max(0, len(all)-2); i-- {
		if said := sayingOf(all[i], i, all); said != saysNothing {
			return said, all[i].line
		}
		if i < len(all)-1 && !exampleOnly.in(all[len(all)-1]) {
			break
		}
	}
	return saysNothing, n.Line
}

func sayingOf(s *sentence, i int, all []*sentence) saying {
	switch {
	case fileIntro.in(s) && !commandIntro.in(s) && !outputHolds.in(s):
		return saysFile
	case commandAlike.in(s):
		return saysCommand
	case sampleIntro.in(s) || notAllowed.in(s):
		return saysSample
	case outputIntro.in(s) && !commandFirst.in(s) && !commandLast.in(s) && !looksLikeForm.in(s) && !doneSo.in(s) && !exampleTo.in(s) && !ofEarlier.in(s):
		return saysOutput
	case exampleOnly.in(s) && i > 0 && stateShould.in(all[i-1]):
		return saysOutput
	case exampleShows.in(s):
		return saysNothing
	case commandIntro.in(s):
		return saysCommand
	}
	return saysNothing
}

// outputHolds says what an output has in it, in words that also order to put something into a file.
var outputHolds = newForm(`^(?:the|this|that|your|its) (?:[\w-]+ ){0,2}(?:outputs?|results?|responses?) (?:\w+ )?(?:includes?|contains?)\b`)

// ofEarlier takes from an output that has been shown what it uses in an example.
var ofEarlier = newForm(`^(?:based on|using|from|given|with) (?:the|this|that) [^,:]*\b(?:outputs?|results?|responses?)\b[^,:]*, [^,]*\b(?:used|taken|chosen)\b[^,]*:$`)

// notAllowed leads to what must not be done.
var notAllowed = newForm(`\b(?:the following|this|these|below)(?: [\w-]+){0,3} (?:is|are) (?:\w+ )?(?:not (?:allowed|valid|permitted|supported|possible|correct|accepted)|invalid|incorrect|wrong|forbidden|rejected|refused)\b[^.]*:$`)

// printedForm speaks of what comes out of a command.
var printedForm = newForm(`\b(?:outputs?|results?|responses?|prints?|printed|returns?|shows?|displays?|lines?|logs?|messages?|entry|entries|errors?)\b`)

// looksLikeForm says what something looks like when it is done, or the command for it, and not what that prints.
var looksLikeForm = newForm(`^(?:for example, )?(?:\w+ing (?:that|this|it|so|these|them)\b|(?:the|your|this|a) (?:[\w-]+ ){0,3}(?:command|query|invocation|call)\b)[^.]*\b(?:would|will|should|might|may|could) look (?:something )?(?:like|similar)\b[^.]*:$`).where(ofNoOutput)

// seenForm speaks of what an operator sees, not of what he does.
var seenForm = newForm(`\b(?:see|get|gets|receive|find|notice|observe|looks|appears?|returned|displayed|shown|printed)\b`)

func notSeen(s *sentence, _ []string) bool { return !printedForm.in(s) && !seenForm.in(s) }

// mannerForm ends in how something is done, likenessForm in what something is like.
var (
	mannerForm   = newForm(`\blike (?:this|so):*$`)
	likenessForm = newForm(`\b(?:looks?|looking|is|are|be|seems?|something|reads?|contents?|files?) like (?:this|so)\b`)
)

// mannerOnly says whether the words right before a block say how something is done, which code that is written as a command does.
func (b *book) mannerOnly(p *place, text string) bool {
	n := b.introNode(p)
	if n == nil {
		return false
	}
	all := b.sentences(n)
	last := all[len(all)-1]
	first := firstLine(strings.TrimSpace(text))
	return mannerForm.in(last) && !likenessForm.in(last) && notSeen(last, nil) && strings.Contains(first, " ") && commandLike(first)
}

func ofNoOutput(s *sentence, _ []string) bool { return !printedForm.in(s) }

// commandFirst is an order to run something, whatever else the sentence says of its output.
var commandFirst = newForm(`^(?:then |next |to [^,]+, )?(?:run|execute|issue|enter|type|invoke)\b`)

// commandLast ends in an order to run something, or in what is to be done with it, whatever outcome it begins with.
var commandLast = newForm(`, (?:then )?(?:run|execute|issue|enter|use) (?:the following|this|these|the) (?:\w+ )?(?:commands?|scripts?):$|\b(?:with|using|by (?:running|executing|using|issuing|entering)):$`)

// commandAlike announces a command that is one of its kind: "with a command similar to the following:".
var commandAlike = newForm(`\bcommands? (?:that is |that looks |which is |which looks )?(?:similar to|like|such as|resembling) (?:the following|the one|one of|this|these|below)\b[^.]*:$|\b(?:run|execute|issue|enter|type|invoke|use) something (?:like|similar to) (?:the following|this)\b`)

// doneSo says how something is done, and not what is shown: "you can leave it out by using the option like this:".
var doneSo = newForm(`(?:\b(?:you (?:can|could|may|must|should)|by \w+ing)|^(?:(?:to|if) [^,]+, )?(?:check|verify|inspect|test|list|query|delete|create|remove|update|start|stop|restart|get|set|add|configure|do|make|run|call|use|change))\b[^.]*\blike (?:this|so|these):$`).where(notSeen)

// introNode is the paragraph or note right before a block; between two blocks with nothing said there is none.
func (b *book) introNode(p *place) *doc.Node {
	for i := p.at - 1; i >= 0; i-- {
		switch n := p.among[i]; n.Kind {
		case doc.Comment:
			continue
		case doc.Paragraph, doc.Note, doc.Quote:
			return n
		case doc.List:
			return b.openEnd(n)
		default:
			return nil
		}
	}
	if p.note != nil {
		return p.note
	}
	return nil
}

// openEnd is the last paragraph of a list where it ends with a colon: what it leads to stands behind the list.
func (b *book) openEnd(list *doc.Node) *doc.Node {
	if len(list.Children) == 0 || len(list.Children[len(list.Children)-1].Children) == 0 {
		return nil
	}
	item := list.Children[len(list.Children)-1]
	last := item.Children[len(item.Children)-1]
	if last.Kind == doc.Paragraph && strings.HasSuffix(b.words(last), ":") {
		return last
	}
	return nil
}

// severalForm leads to more than one block: "apply the change using the following commands:".
var severalForm = newForm(`\b(?:commands|steps)\b[^.]*:$`)

// leadNode is the introduction of a block, or one that leads to all of the blocks in a row that it stands in.
func (b *book) leadNode(p *place) *doc.Node {
	if n := b.introNode(p); n != nil {
		return n
	}
	for i := p.at - 1; i >= 0; i-- {
		n := p.among[i]
		if b.runsAt(n) {
			continue
		}
		if all := b.sentences(n); n.Kind == doc.Paragraph && i < p.at-1 && severalForm.in(all[len(all)-1]) {
			return n
		}
		break
	}
	return nil
}

// ordered says whether the sentence right before a block begins with an order to run something.
func (b *book) ordered(p *place) bool {
	n := b.introNode(p)
	if n == nil {
		return false
	}
	all := b.sentences(n)
	return len(all) > 0 && commandFirst.in(all[len(all)-1])
}
