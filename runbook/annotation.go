package runbook

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatewalk/runbook/doc"
)

// Annotations make reading certain: what one says beats every rule, and its Reason names the rule "annotation".
//
// They stand in two places of a document, and in the site's overlay beside it, with one vocabulary: see ANNOTATIONS.md.
//
//	```bash {host=ncn-m001 gate=canary weight=typed targets=$NODES}     of the block they open
//	<!-- gatewalk check="status=configured" poll=30s timeout=1h -->    of what follows the comment in the same body
//
// A comment right before a code block speaks of that block; right before a heading or a list, of the step that
// begins there (of a list: its first item); anywhere else, of the step it stands in. A block key said of a step means
// the one block that runs directly in it; host and optional mean every such block.
//
// A setting is key=value. A value is one word, or anything in 'single' or "double" quotes (only \" is an escape, so
// that regular expressions stay readable). A key alone means true. A list is separated by commas. A duration is
// Go's: 90s, 20m, 1h30m. Later settings win over earlier ones.

// AnnotationsHelp says how annotations and overlays are written, and what may be said in them, for people.
//
//go:embed ANNOTATIONS.md
var AnnotationsHelp string

// Subject says what a key may speak of.
type Subject string

// The subjects of a key.
const (
	OfBlock Subject = "block"
	OfStep  Subject = "step"
	OfBoth  Subject = "block or step"
)

// AnnotationKey is one word of the vocabulary.
type AnnotationKey struct {
	Name    string
	Of      Subject
	Value   string // the form of its value, for people
	Meaning string
}

// Vocabulary is every key an annotation may use, in the order an author needs them.
var Vocabulary = []AnnotationKey{
	{"name", OfBoth, "word", "a name others refer to, in canary_of and calls"},
	{"kind", OfBoth, "command, output, file, session | command, manual, verify, choice, ref, loop, info", "what it is"},
	{"host", OfBlock, "name", "where it runs, as the operator says it: ncn-m001, ncn-m, node 2"},
	{"inputs", OfBlock, "list", "what the operator supplies before it runs; these and no others"},
	{"sets", OfBlock, "list", "the shell variables it leaves behind; these and no others"},
	{"reads", OfBlock, "list", "the shell variables it needs; these and no others"},
	{"secret", OfBlock, "list", "those of its inputs that are never shown or stored"},

	{"gate", OfBlock, "canary, failover, stop, disruptive, approval, none", "the confirmation needed before it runs"},
	{"weight", OfBlock, "typed, key", "how the gate is passed: a typed phrase or one deliberate key"},
	{"phrase", OfBlock, "text", "what is typed to pass the gate; without it the expanded targets"},
	{"sentence", OfBlock, "text", "why there is a gate, shown at it"},
	{"targets", OfBlock, "list", "whom it acts on: $NAME for the words of a variable, else a host's name"},
	{"canary_of", OfBlock, "name", "the block that proved the canary"},

	{"verify", OfBlock, "flag", "it checks something and changes nothing"},
	{"expect", OfBlock, "text", "the success condition in words, shown beside the output"},
	{"check", OfBlock, "regular expression", "matched against the output line by line (RE2)"},
	{"jq", OfBlock, "jq expression", "must give true on the output read as JSON"},
	{"exit", OfBlock, "list of numbers", "the exit codes that mean success; without it 0"},
	{"fail_if", OfBlock, "regular expression", "failed for good when the output matches, whatever else holds"},
	{"poll", OfBlock, "duration", "run again at this interval until the check holds"},
	{"timeout", OfBlock, "duration", "how long a run may take; with poll, how long all its rounds may take"},

	{"interactive", OfBlock, "flag", "it asks questions or opens an editor, a pager or a shell"},
	{"drops_connection", OfBlock, "flag", "it takes down the host it runs on, or its network"},
	{"long", OfBlock, "flag", "it is known to run for minutes or hours"},
	{"undo", OfBlock, "text", "how to go back: commands, a reference, or \"none: point of no return\""},
	{"owes", OfBlock, "list", "debts it takes on, such as a label that must be removed later"},
	{"pays", OfBlock, "list", "debts it settles"},

	{"optional", OfBoth, "text", "the condition under which it is done; \"none\" when it is never optional"},
	{"estimate", OfBoth, "duration", "how long it usually takes"},

	{"title", OfStep, "text", "the step's title"},
	{"choice", OfStep, "flag or text", "exactly one of the steps directly inside is taken, or one of its links; the text is the question"},
	{"routine", OfStep, "flag", "walked only when called, never in document order"},
	{"calls", OfStep, "name, #anchor or file", "the routine this step runs before it goes on; a file is read with --follow"},
	{"loop", OfStep, "text", "what it is repeated over: each storage node"},
	{"mode", OfStep, "serial, parallel, batch", "how the loop goes through its list"},
}

// setting is one key=value as it was written.
type setting struct {
	key, value string
	line       int
}

var settingForm = doc.Pattern(`^([A-Za-z_][\w.-]*)(?:=("(?:\\"|[^"])*"|'[^']*'|[^\s"']\S*|))?(?:\s+|$)`)

// parseSettings reads "key=value key='more words' flag". What cannot be read is returned as rest.
func parseSettings(text string, line int) (settings []setting, rest string) {
	text = strings.TrimLeft(text, " \t\r\n")
	for text != "" {
		m := settingForm().FindStringSubmatch(text)
		if m == nil {
			return settings, text
		}
		value := unquote(m[2])
		if !strings.Contains(m[0], "=") {
			value = "true"
		}
		settings = append(settings, setting{m[1], value, line})
		line += strings.Count(m[0], "\n")
		text = text[len(m[0]):]
	}
	return settings, ""
}

func unquote(value string) string {
	if len(value) < 2 || (value[0] != '"' && value[0] != '\'') {
		return value
	}
	inner := value[1 : len(value)-1]
	if value[0] == '"' {
		inner = strings.ReplaceAll(inner, `\"`, `"`)
	}
	return inner
}

// commentSettings reads the settings of a comment, if it is one of ours. In reStructuredText colons may stand behind the name.
func commentSettings(n *doc.Node) (settings []setting, problem string) {
	text, ours := strings.CutPrefix(strings.TrimSpace(n.Text), "gatewalk")
	text = strings.TrimLeft(text, ":")
	if !ours || (text != "" && !strings.ContainsAny(text[:1], " \t\r\n")) {
		return nil, ""
	}
	settings, rest := parseSettings(text, n.Line)
	if rest != "" {
		problem = fmt.Sprintf("annotation stops at %q; write key=value or key=\"several words\"", firstLine(rest))
	}
	return settings, problem
}

var fenceAttributes = doc.Pattern(`\{([^{}]*(?:"[^"]*"[^{}]*)*)\}\s*$`)

// fenceSettings reads the attributes of an info string: bash {host=ncn-m001 .class #id}. Those of other tools are not ours to judge.
func fenceSettings(info string, line int) []setting {
	m := fenceAttributes().FindStringSubmatch(info)
	if m == nil {
		return nil
	}
	words := foreignAttribute().ReplaceAllString(" "+m[1], " ")
	settings, _ := parseSettings(words, line)
	if !slices.ContainsFunc(settings, func(s setting) bool { key, known := lookup(s.key); return known && key.Of != OfStep }) {
		return nil
	}
	return settings
}

var foreignAttribute = doc.Pattern(`\s[.#:][\w-]+`)

func lookup(name string) (AnnotationKey, bool) {
	for _, k := range Vocabulary {
		if k.Name == name {
			return k, true
		}
	}
	return AnnotationKey{}, false
}

// nearestKey is the known key that is fewest letters away.
func nearestKey(name string) string {
	known := make([]string, len(Vocabulary))
	for i, k := range Vocabulary {
		known[i] = k.Name
	}
	return doc.Nearest(name, known)
}

// settingError says what is wrong with a value; the line is added where it is reported.
func settingError(s setting, want string) error {
	return fmt.Errorf("annotation %s=%q: want %s", s.key, s.value, want)
}

func splitList(value string) []string {
	words := []string{}
	for word := range strings.SplitSeq(value, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

func readFlag(s setting, to *bool) error {
	on, err := strconv.ParseBool(s.value)
	if err != nil {
		return settingError(s, "true or false")
	}
	*to = on
	return nil
}

func readDuration(s setting, to *string) error {
	d, err := time.ParseDuration(s.value)
	if err != nil || d <= 0 {
		return settingError(s, "a duration such as 30s, 20m or 1h30m")
	}
	*to = d.String()
	return nil
}

func readPattern(s setting, to *string) error {
	if _, err := regexp.Compile("(?m)" + s.value); err != nil {
		return settingError(s, "a regular expression: "+err.Error())
	}
	*to = s.value
	return nil
}

func readOneOf[T ~string](s setting, to *T, all ...T) error {
	if !slices.Contains(all, T(s.value)) {
		return settingError(s, fmt.Sprintf("one of %v", all))
	}
	*to = T(s.value)
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
