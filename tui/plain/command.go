package plain

import (
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
	"gatewalk/steps"
)

// command is one word an operator can say at a prompt, with what follows it.
type command struct {
	word   string
	letter string // its short form
	rest   string // what may follow
	about  string
	do     func(w *walk, p steps.Place, rest string) error
}

// commands is every word of the walk.
func commands() []command {
	return []command{
		{"run", "r", "", "start what stands here, or come to its gate", (*walk).start},
		{"again", "", "[REASON]", "run it once more; with a reason where nobody knows what became of it", (*walk).again},
		{"go", "g", "", "pass a gate that asks for no phrase", (*walk).noGateHere},
		{"no-go", "x", "REASON", "say no at a gate, or to what failed or is in doubt", (*walk).noGo},
		{"from next", "f", "", "go on with the command after the one that failed", (*walk).fromNext},
		{"by hand", "b", "[passed|failed|not applicable NOTE]", "record work done elsewhere", (*walk).byHand},
		{"skip step", "", "REASON", "pass over the whole step that this belongs to", (*walk).skipStep},
		{"skip", "s", "REASON", "pass over this place", (*walk).skip},
		{"verdict", "v", "pass|fail [NOTE]", "judge what the last run printed", (*walk).verdict},
		{"accept", "a", "REASON", "take a failure as good enough", (*walk).accept},
		{"choose", "c", "N", "take one of the ways", (*walk).choose},
		{"set", "=", "[NAME [VALUE]]", "give a value; alone, give all that is missing", (*walk).set},
		{"context", "", "", "the variables of this host and user, and where each came from; set NAME VALUE gives one", (*walk).context},
		{"bind", "m", "here [NAME]|by hand [NAMES]", "say where the host of this place is", (*walk).bind},
		{"edit", "e", "[TEXT]", "change what will run here", (*walk).edit},
		{"poll", "p", "", "repeat a verification until it holds", (*walk).poll},
		{"!", "", "COMMAND", "run a command of your own here; !! keeps its variables", (*walk).offScript},
		{"note", "n", "TEXT", "write something down", (*walk).note},
		{"attach", "", "FILE|LINK", "add a file or a link to this place", (*walk).attach},
		{"jump", "j", "PLACE REASON", "go on further down, leaving open what lies between", (*walk).jump},
		{"at", "@", "PLACE", "look at another place", (*walk).lookAt},
		{"next", "", "", "come back to where the walk is", (*walk).next},
		{"show", "", "", "read this place out again", (*walk).showAgain},
		{"look", "o", "[N|all]", "read out again what the last run printed", (*walk).look},
		{"list", "l", "", "the outline, with how everything stands", func(w *walk, _ steps.Place, _ string) error { w.list(); return nil }},
		{"why", "w", "", "which rules read this place so", func(w *walk, p steps.Place, _ string) error { w.why(p); return nil }},
		{"debts", "d", "", "what has been taken on and not given back", func(w *walk, _ steps.Place, _ string) error { w.debts(); return nil }},
		{"overrule", "u", "PROPERTY VALUE REASON", "read kind, host, gate, weight, check or verify otherwise", (*walk).overrule},
		{"resolve", "", "done|failed|not run REASON", "say what became of a run whose end nobody saw", (*walk).resolve},
		{"check", "k", "", "run the document's next verification under this place", (*walk).check},
		{"drive", "", "[by force] REASON", "ask for the wheel, or take it; first reads out how the session stands", (*walk).drive},
		{"give", "", "[REASON]", "give the wheel to who asks for it", (*walk).give},
		{"keep", "", "[REASON]", "keep the wheel for now", (*walk).keep},
		{"hold", "", "REASON", "let nothing start", (*walk).hold},
		{"lift", "", "", "lift the hold", (*walk).lift},
		{"type", "t", "[LINE]", "while a command runs: pass lines to it; . alone returns", (*walk).typeNothing},
		{"enter", "", "", "while a command runs: give it the whole terminal; ctrl+] comes back", (*walk).typeNothing},
		{"abort", "", "[INT|TERM|KILL]", "while a command runs: send it a signal", func(w *walk, _ steps.Place, rest string) error { return w.abort(rest) }},
		{"stop", "", "[REASON]", "close the session before its end; while a poll runs: end the poll", (*walk).stop},
		{"close", "", "", "close the session as completed", (*walk).complete},
		{"help", "h", "", "this list; ? as well", func(w *walk, _ steps.Place, _ string) error { w.listWords(); return nil }},
		{"quit", "q", "", "leave; the session is parked and can be resumed", func(*walk, steps.Place, string) error { return errQuit }},
		{"detach", "", "", "the same: everything goes on, and gatewalk resume comes back", func(*walk, steps.Place, string) error { return errQuit }},
	}
}

// command is the word that a line begins with, and the rest of the line. At an open gate that wants a phrase single
// letters are no words: they could be a phrase.
func (w *walk) command(text string) (command, string, bool) {
	text = strings.TrimSpace(text)
	if text == "?" {
		text = "help"
	}
	for _, c := range commands() {
		if rest, ok := after(text, c.word); ok {
			return c, rest, true
		}
	}
	for _, c := range commands() {
		if rest, ok := after(text, c.letter); ok && c.letter != "" && !w.phraseWanted() {
			return c, rest, true
		}
	}
	return command{}, "", false
}

// after is what follows a word at the beginning of a text. What follows the exclamation mark needs no space.
func after(text, word string) (string, bool) {
	rest, ok := strings.CutPrefix(text, word)
	if !ok || (rest != "" && rest[0] != ' ' && word != "!") {
		return "", false
	}
	return strings.TrimSpace(rest), true
}

func (w *walk) phraseWanted() bool {
	place, ok := w.place()
	if !ok {
		return false
	}
	spot := w.state.Spot(place)
	return spot.Status == steps.StatusWaiting && spot.Gate.Weight == runbook.Typed
}

// obey does what a line says. An empty line says nothing.
func (w *walk) obey(p steps.Place, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	c, rest, ok := w.command(text)
	if !ok {
		word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		w.say("%q is no word of the walk; did you mean %q? help lists them", word, doc.Nearest(word, allWords()))
		return nil
	}
	if !w.drives() && !slices.Contains(wordsOfWatchers, c.word) {
		w.say("%s", w.watching())
		return nil
	}
	if _, nowhere := w.place(); !nowhere && !slices.Contains(wordsAtTheEnd, c.word) {
		w.say("all is settled; at PLACE goes back to one, close ends the session")
		return nil
	}
	return c.do(w, p, rest)
}

var (
	wordsAtTheEnd   = []string{"note", "at", "list", "debts", "drive", "give", "keep", "hold", "lift", "stop", "close", "help", "quit", "detach"}
	wordsOfWatchers = []string{"note", "attach", "at", "next", "show", "look", "context", "list", "why", "debts", "drive", "hold", "lift", "help", "quit", "detach"}
)

func allWords() []string {
	var words []string
	for _, c := range commands() {
		words = append(words, c.word)
	}
	return words
}

func (w *walk) listWords() {
	for _, c := range commands() {
		head := strings.TrimSpace(c.word + " " + c.rest)
		if c.letter != "" {
			head += " (" + c.letter + ")"
		}
		w.say("%s: %s", head, c.about)
	}
}

// working are the words that do something at a place as it stands.
func (w *walk) working(p steps.Place) []string {
	if !w.drives() {
		return []string{"drive REASON", "drive by force REASON", "hold REASON", "note TEXT", "at PLACE", "look", "list", "help", "detach"}
	}
	words := append(w.wordsFor(p), "skip REASON", "note TEXT", "jump PLACE REASON", "list", "help", "quit")
	switch w.state.Spot(p).Status {
	case steps.StatusFailed, steps.StatusAsking, steps.StatusUnknown:
		words = slices.DeleteFunc(words, func(word string) bool { return strings.HasPrefix(word, "jump") })
	}
	return words
}

func (w *walk) wordsFor(p steps.Place) []string {
	switch w.state.Spot(p).Status {
	case steps.StatusFailed:
		return w.wordsOfFailure(p)
	case steps.StatusAsking:
		return []string{"look", "verdict pass NOTE", "verdict fail NOTE", "no-go REASON"}
	case steps.StatusUnknown:
		return []string{"check", "resolve done REASON", "again REASON", "no-go REASON", "resolve failed REASON", "resolve not run REASON", "look all"}
	case steps.StatusRefused:
		return []string{"run", "stop REASON"}
	}
	b, step := w.state.Block(p), w.state.Step(p)
	switch {
	case b == nil && step.Choice != nil:
		return []string{"choose N"}
	case b == nil && w.loops(p):
		return []string{"set items NAMES"}
	case b == nil && strings.HasPrefix(w.errand(step), "run"):
		return []string{"run", "by hand"}
	case b == nil:
		return []string{"by hand"}
	}
	return w.wordsOfCommand(p, b)
}

func (w *walk) wordsOfFailure(p steps.Place) []string {
	spot := w.state.Spot(p)
	words := []string{"look", "again", "accept REASON", "no-go REASON"}
	if _, ok := w.afterFailure(spot); ok {
		words = append(words, "from next")
	}
	if spot.Last == 0 {
		words = []string{"by hand"}
	}
	return words
}

func (w *walk) wordsOfCommand(p steps.Place, b *runbook.Block) []string {
	ready := w.state.Prepare(p)
	switch {
	case w.blockWord(p, b) != "command" && w.state.Spot(p).Edited == nil:
		return []string{"by hand"}
	case ready.Binding == nil:
		return []string{"bind here", "bind by hand", "by hand"}
	case ready.Binding.Kind == steps.ByHand:
		return []string{"by hand"}
	case len(ready.Missing) > 0:
		return []string{"set", "by hand"}
	case b.PollRule != nil && b.Verify:
		return []string{"run", "poll", "by hand", "edit"}
	}
	return []string{"run", "by hand", "edit"}
}

// promptAt is the place, and for a gate that it is one.
func (w *walk) promptAt(p steps.Place) string {
	if w.state.Spot(p).Status == steps.StatusWaiting {
		return "gate " + w.name(p) + "> "
	}
	return w.name(p) + "> "
}
