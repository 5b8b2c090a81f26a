package runbook

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// Plan is what an operator will walk: every step and block of a procedure, with what was understood of each and why.
// It is a value: it is stored whole with a session, and a resumed session loads it and never reads the document anew.
type Plan struct {
	Source        string         `json:"source"`
	Format        string         `json:"format"`
	Title         string         `json:"title"`
	Digest        string         `json:"digest"` // "sha256:…" of the source's bytes
	TemplateVars  []string       `json:"template_vars"`
	Blocks        []Block        `json:"blocks"`
	Steps         []Step         `json:"steps"`
	Root          []Item         `json:"root"` // the top of the tree, in document order
	Choices       []Choice       `json:"choices"`
	Loops         []Loop         `json:"loops"`
	Refs          []Ref          `json:"refs"`
	Admonitions   []Admonition   `json:"admonitions"`
	Prerequisites []Prerequisite `json:"prerequisites"`
	Problems      []doc.Problem  `json:"problems"`
	Documents     []Document     `json:"documents,omitempty"` // what was read besides the source: the site's overlay, procedures that are called
}

// Document is a file that a plan was made from, and what it was.
type Document struct {
	Name   string `json:"name"`
	Digest string `json:"digest"` // "sha256:…" of its bytes
}

// Reason is why something is believed: the rule that spoke and the line that made it speak.
type Reason struct {
	Rule string `json:"rule"`
	Line int    `json:"line"`
}

// The rules by which a block's host is believed because a name is written where it runs, and not because words speak of it.
const (
	MarkedHost    = "marker"
	PromptHost    = "prompt"
	AnnotatedHost = "annotation"
)

// BlockKind says what an operator does with a block.
type BlockKind string

// The kinds of block. Only a Command or a Session is ever offered to run.
const (
	Command BlockKind = "command"
	Output  BlockKind = "output"  // sample or expected output; never runs, never gives a pass
	File    BlockKind = "file"    // content to be placed in a file
	Session BlockKind = "session" // a pasted terminal session: Commands holds what was typed in it
)

// GateKind says why a person must confirm before a block runs.
type GateKind string

// The kinds of gate.
const (
	NoGate     GateKind = "none"
	Canary     GateKind = "canary"     // one is proved, now the rest
	Failover   GateKind = "failover"   // services move between nodes
	Stop       GateKind = "stop"       // the text says stop
	Disruptive GateKind = "disruptive" // reboot, erase, wipe, upgrade
	Approval   GateKind = "approval"   // a second person
)

// Weight says how a gate is passed.
type Weight string

// The weights of a gate. Canary, failover, stop and the irreversible are typed; the rest take one deliberate key.
const (
	Typed  Weight = "typed"
	OneKey Weight = "key"
)

// Block is the unit that runs: one snippet of the procedure.
type Block struct {
	ID       string    `json:"id"`   // hash of its content plus the ordinal among equals; survives moves and renumbering
	Line     int       `json:"line"` // first line of the content
	End      int       `json:"end"`
	First    string    `json:"first"` // the first content line, trimmed
	Lang     string    `json:"lang"`
	Kind     BlockKind `json:"kind"`
	Text     string    `json:"text"`
	Inline   bool      `json:"inline,omitempty"`  // its author wrote it among the words, not apart as code
	Commands []string  `json:"commands"`          // what is run: for a command its one text, for a session each command typed in it
	Inside   string    `json:"inside,omitempty"`  // what the operator types in the shell that the last of Commands opens elsewhere; never run
	Host     string    `json:"host"`              // as the text marks it: ncn-m001, ncn-m, node 2; "" if unsaid
	Inputs   []string  `json:"inputs"`            // what the operator supplies: names that are also in Reads or Sets are shell variables, all others placeholders as they stand in the text
	Sets     []string  `json:"sets"`              // shell variables it assigns
	Reads    []string  `json:"reads"`             // shell variables it reads and does not assign first
	Samples  []Sample  `json:"samples,omitempty"` // those of its inputs that stand in it as a word like any other, and are asked for
	Dashed   []string  `json:"dashed,omitempty"`  // options that begin with a typographic dash in Text and with hyphens in Commands, as they stand in Text
	Secrets  []string  `json:"secrets,omitempty"` // variables and placeholders that hold one
	Targets  []string  `json:"targets,omitempty"` // whom a gated block acts on: "$NAME" for a variable's words, else a literal host
	Verify   bool      `json:"verify"`
	Expect   string    `json:"expect"` // the success condition in the document's words
	Check    *Check    `json:"check,omitempty"`
	Poll     bool      `json:"poll"`
	PollRule *PollRule `json:"poll_rule,omitempty"`
	Timeout  string    `json:"timeout,omitempty"` // a Go duration: how long one run may take, of a poll all its rounds; empty means as long as it likes
	OutputOf *int      `json:"output_of"`
	// Gate is the confirmation needed before it runs; GateDetail says how and by which sentence.
	Gate            GateKind          `json:"gate"`
	GateDetail      *GateDetail       `json:"gate_detail,omitempty"`
	Interactive     bool              `json:"interactive"`
	DropsConnection bool              `json:"drops_connection"`
	Long            bool              `json:"long"`
	Estimate        string            `json:"estimate,omitempty"` // a Go duration, from the annotation or the text
	Optional        string            `json:"optional"`           // the condition in words, "" if it is not optional
	Owes            []string          `json:"owes,omitempty"`     // debts this block takes on when it has run, e.g. a label to be removed
	Pays            []string          `json:"pays,omitempty"`
	Undo            string            `json:"undo,omitempty"`
	Step            string            `json:"step"`             // the path of the step it stands in
	Source          string            `json:"source,omitempty"` // the document that its lines count in, where that is not the plan's own
	Site            bool              `json:"site,omitempty"`   // the site's overlay speaks of it; Why says in which properties, by lines of the overlay
	Skip            string            `json:"skip,omitempty"`   // why the site leaves it out
	Why             map[string]Reason `json:"why"`
}

// Shown are the words of the block's samples, as a shell's text is searched for them.
func (b *Block) Shown() []shell.Sample {
	var words []shell.Sample
	for _, s := range b.Samples {
		words = append(words, s.Sample)
	}
	return words
}

// Sample is the sample of that name; there must be one.
func (b *Block) Sample(name string) Sample {
	return b.Samples[slices.IndexFunc(b.Samples, func(s Sample) bool { return s.Name == name })]
}

// Strange are the characters of the block's text that do not do what they look like, and what is made of them.
func (b *Block) Strange() []shell.Strange {
	all := shell.StrangeCharacters(b.Text)
	dashed := map[string]bool{}
	for _, word := range b.Dashed {
		dashed[word] = true
	}
	for i := range all {
		if len(dashed) > 0 && dashed[shell.OptionAt(b.Text, all[i].Offset)] {
			all[i].Meaning = "typographic dash, read as a hyphen"
		}
	}
	return all
}

// Runs says whether the block may ever be offered to run.
func (b *Block) Runs() bool { return b.Kind == Command || b.Kind == Session }

// Sample is a word of a command that only shows the form, and why that is believed. It runs only once the operator has said
// what stands there, be it the same word.
type Sample struct {
	shell.Sample
	Reason
}

// String says what a sample is, after its name and "is".
func (s Sample) String() string {
	what := "a sample that the text tells to replace"
	if s.Rule == asExample {
		what = "only an example in the text"
	}
	if s.Text != s.Name {
		what = s.Text + ", " + what
	}
	return fmt.Sprintf("%s (line %d)", what, s.Line)
}

// GateDetail is how a gate is passed and what made it.
type GateDetail struct {
	Weight   Weight `json:"weight"`
	Phrase   string `json:"phrase,omitempty"` // what must be typed, if the document says; else it is derived from the targets
	Sentence string `json:"sentence"`         // the sentence that made the gate
	Line     int    `json:"line"`
	CanaryOf string `json:"canary_of,omitempty"` // the id of the block that proved the canary, if one is known
}

// Check is an expectation that a program can judge. What is set must all hold.
type Check struct {
	Exit     []int  `json:"exit,omitempty"`   // accepted exit codes; empty means 0
	Regexp   string `json:"regexp,omitempty"` // RE2, matched in multi-line mode against the sanitised output
	JQ       string `json:"jq,omitempty"`     // a jq expression that must give true on the output read as JSON
	FailIf   string `json:"fail_if,omitempty"`
	Sample   string `json:"sample,omitempty"` // a sample output: a difference raises a flag, likeness never gives a pass
	Proposed bool   `json:"proposed"`         // inferred, not annotated: it counts only once the operator has adopted it
}

// PollRule is how a block is repeated until its condition holds.
type PollRule struct {
	Every   string `json:"every"`   // a Go duration
	Timeout string `json:"timeout"` // a Go duration
}

// StepKind says what a step asks of the operator.
type StepKind string

// The kinds of step.
const (
	CommandStep StepKind = "command"
	ManualStep  StepKind = "manual"
	VerifyStep  StepKind = "verify"
	ChoiceStep  StepKind = "choice"
	RefStep     StepKind = "ref"
	LoopStep    StepKind = "loop"
	InfoStep    StepKind = "info" // only holds other steps together
)

// Step is one thing an operator ticks off.
type Step struct {
	ID       string            `json:"id"`
	Line     int               `json:"line"`
	End      int               `json:"end"`
	Path     string            `json:"path"` // numbered, for people: 3.1/2/1
	Title    string            `json:"title"`
	Kind     StepKind          `json:"kind"`
	Blocks   []int             `json:"blocks"` // direct blocks only
	Body     []Item            `json:"body"`
	Parent   int               `json:"parent"` // index of the enclosing step, -1 at the top
	Optional string            `json:"optional,omitempty"`
	Choice   *int              `json:"choice,omitempty"`    // index in Choices, for a step whose children are alternatives
	Ref      *int              `json:"ref,omitempty"`       // index in Refs, for a step that is done elsewhere
	Loop     *int              `json:"loop,omitempty"`      // index in Loops
	Differs  *Difference       `json:"differs,omitempty"`   // what it changes in the procedure that the step around it sends to
	Routine  bool              `json:"routine,omitempty"`   // walked only when called, never in document order
	Estimate string            `json:"estimate,omitempty"`  // a Go duration
	AnyOrder int               `json:"any_order,omitempty"` // steps that share a number, not 0, may be taken in any order among each other
	Anchor   string            `json:"anchor,omitempty"`    // of a heading: the fragment that a link names it by
	Source   string            `json:"source,omitempty"`    // the document that its lines count in, where that is not the plan's own
	Site     bool              `json:"site,omitempty"`      // the site's overlay speaks of it
	Skip     string            `json:"skip,omitempty"`      // why the site leaves it and all inside it out
	Why      map[string]Reason `json:"why,omitempty"`
}

// ItemKind says which of a body's members an item is.
type ItemKind string

// The kinds of item.
const (
	BlockItem ItemKind = "block" // Index in Plan.Blocks
	StepItem  ItemKind = "step"  // Index in Plan.Steps
	NoteItem  ItemKind = "note"  // Index in Plan.Admonitions
	ProseItem ItemKind = "prose" // Prose, as the author wrote it
)

// Item is one member of a body, in document order.
type Item struct {
	Kind  ItemKind  `json:"kind"`
	Index int       `json:"index"`
	Prose *doc.Node `json:"prose,omitempty"`
}

// Choice is a place where exactly one of several ways is taken.
type Choice struct {
	Line    int      `json:"line"`
	Text    string   `json:"text"`
	Step    int      `json:"step"` // index of the step that asks
	Options []Option `json:"options"`
}

// Option is one way of a choice. Step is the index of the step that is walked when it is taken, -1 when the way leaves the
// document. Steps and Blocks are what else is walked then; what several ways hold is walked on any of them.
type Option struct {
	Line   int    `json:"line"`
	Title  string `json:"title"`
	Step   int    `json:"step"`
	Steps  []int  `json:"steps,omitempty"`
	Blocks []int  `json:"blocks,omitempty"`
}

// Walked are the steps that are walked when a way is taken.
func (o Option) Walked() []int {
	if o.Step < 0 {
		return o.Steps
	}
	return append([]int{o.Step}, o.Steps...)
}

// Loop repeats a step over a list.
type Loop struct {
	Line  int    `json:"line"`
	Over  string `json:"over"`
	Mode  string `json:"mode"`            // serial, parallel or batch
	Body  string `json:"body"`            // path of the step repeated
	Again []int  `json:"again,omitempty"` // indices of steps before it that are walked once more for each, where the text sends back to them
}

// Times says how often, as it is said behind "repeated": "for each host", or in the document's words.
func (l Loop) Times() string {
	switch first, rest, _ := strings.Cut(l.Over, " "); strings.ToLower(first) {
	case "for", "on", "in":
		return strings.ToLower(first) + " " + rest
	case "onto", "to", "from", "of":
		return "for " + rest
	case "each", "every", "all", "the":
		return "for " + l.Over
	}
	return "as the text says: " + l.Over
}

// Ref is a pointer to work written down elsewhere. Where it is internal and returns, it is a call of Step.
type Ref struct {
	Line     int    `json:"line"`
	Text     string `json:"text"`
	Target   string `json:"target"`
	Returns  bool   `json:"returns"`
	Internal bool   `json:"internal"`
	Step     int    `json:"step"` // index of the step it calls, -1 if it is done elsewhere by hand
}

// Admonition is a note or a warning. Node holds its words; Work says that it carries work of its own.
type Admonition struct {
	Line int       `json:"line"`
	Kind string    `json:"kind"` // note, warning, important, stop or caution
	Text string    `json:"text"`
	Node *doc.Node `json:"node,omitempty"`
	Work bool      `json:"work,omitempty"`
}

// Prerequisite is something that must be so before the first step.
type Prerequisite struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}
