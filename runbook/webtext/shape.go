package webtext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatewalk/runbook/doc"
)

var (
	// smallWords are those that sentences have and commands have not.
	smallWords  = strings.Fields("the a an of to is are be been was were and or that this these those will should must can may you your when which whether have has by")
	commandHead = doc.Pattern(`^(?:sudo )?(?:\.{0,2}/[\w./~*+|<>{}$-]+|~/[\w./-]+|[a-z_][\w.+-]*)(?:[\s|;]|$)|^(?:export )?[A-Za-z_]\w*=|^\$[A-Z{(]`)
	pathSign    = doc.Pattern(`\s[~.]?/\S|^\.?/`)
	commandSign = doc.Pattern(`\s-{1,2}[A-Za-z]|[|<>=$"{}*;\\]|&&|'[^']+'|^(?:sudo )?service [\w@.-]+ (?:status|start|stop|restart|reload)$`)
	dataHead    = doc.Pattern(`^(?:[{\[]$|[{\[]\s*["{\[]|<\?xml|<[a-z][\w:-]*(?: [^<>]*)?>|---$|\+-{2,}|\|\s|[\w.-]+:$|[a-z][\w.-]*: \S+$|- [\w.-]+:)`)
	markerHead  = doc.Pattern(`^\([^()]*[#>$%]\)`)
)

// signed says whether a row has a sign of a command, or a path.
func signed(words string) bool {
	return commandSign().MatchString(words) || pathSign().MatchString(words)
}

// ends says whether words end as a sentence or an announcement does.
func ends(words string) bool {
	words = strings.TrimRight(words, `"')]”’ `)
	return words != "" && strings.IndexByte(".:;!?", words[len(words)-1]) >= 0
}

// leading are words that a sentence does not end with.
var leading = strings.Fields("with using run running use execute enter type issue from in on at as via for by into through named called like command commands file option options than then if not e.g i.e")

// closed says whether words that begin like a sentence are whole: they end as one does, or at least not with a word that leads on.
func closed(words string) bool {
	if ends(words) {
		return true
	}
	return strings.Contains(words, " ") && startsUpper(words) && unled(lastWord(words))
}

func lastWord(words string) string {
	return strings.ToLower(words[strings.LastIndexByte(words, ' ')+1:])
}

// unled says whether a word does not lead on to what is missing behind it.
func unled(last string) bool {
	return !slices.Contains(leading, last) && small(last) == 0 && !strings.Contains(last, ",") && (!strings.Contains(last, "(") || strings.HasSuffix(last, ")"))
}

func startsLower(words string) bool {
	c, _ := utf8.DecodeRuneInString(words)
	return unicode.IsLower(c)
}

func startsUpper(words string) bool {
	c, _ := utf8.DecodeRuneInString(strings.TrimLeft(words, `"'(“‘`))
	return unicode.IsUpper(c)
}

func small(words string) int {
	count := 0
	for field := range strings.FieldsSeq(words) {
		if slices.Contains(smallWords, strings.ToLower(strings.Trim(field, ".,:;()"))) {
			count++
		}
	}
	return count
}

// prose says whether a row reads as words of the author and not as what is typed or printed.
func prose(words string) bool {
	count := len(strings.Fields(words))
	switch {
	case markerHead().MatchString(words):
		return true
	case strings.HasPrefix(words, "|") || strings.HasPrefix(words, "+-") || strings.HasPrefix(words, "#"):
		return false
	case startsUpper(words) && ends(words) && count > 1:
		return small(words) > 0 || !signed(words)
	case startsUpper(words) || strings.HasSuffix(words, "."):
		return small(words) > 1 && count > 3
	}
	return small(words) > 2 || count == 1 && strings.HasSuffix(words, ":") && startsLower(words)
}

// data says whether a row begins what is shown as it stands: JSON, YAML, XML or a table.
func data(words string) bool { return dataHead().MatchString(words) && !prose(words) }

// noteNamed is the name of a note that a row consists of, "" if it is none.
func noteNamed(words string) string {
	name := strings.ToLower(strings.TrimRight(words, ": "))
	if !slices.Contains(doc.NoteNames, name) || !startsUpper(words) || name == "info" && !strings.HasSuffix(words, ":") {
		return ""
	}
	return name
}

const (
	titleWords = 14
	titleBytes = 100
)

// titled says whether words have the shape of a heading: few, beginning like a sentence and not ending like one.
func titled(words string) bool {
	count := len(strings.Fields(words))
	c, _ := utf8.DecodeRuneInString(words)
	switch {
	case count == 0 || count > titleWords || len(words) > titleBytes || !unicode.IsUpper(c) && !unicode.IsDigit(c):
		return false
	case ends(words) || strings.HasSuffix(words, ",") || noteNamed(words) != "":
		return false
	}
	return !strings.ContainsAny(words, "$|=<>{}\\;*@") && !strings.Contains(words, " --") && !strings.Contains(words, "  ")
}

var customary = doc.Pattern(`^(?i:prerequisites?|requirements|before you (?:begin|start)|procedure|procedures|steps|about this task|overview|introduction|background|next steps?|what(?:'|’)s next|results?|post-?requisites?|verification|rollback|troubleshooting|see also|limitations|related (?:information|topics|links)|summary|purpose|scope)$`)

// wrapLimit is the widest that lines are wrapped to.
const wrapLimit = 120

// wrapWidth is the width at which an editor wrapped the lines of a text, 0 if paragraphs stand on one line each. It was
// wrapped if most lines of words that others follow have no room left for the first word of the next.
func (known programs) wrapWidth(rows []row) int {
	widest := 0
	for _, r := range rows {
		widest = max(widest, utf8.RuneCountInString(r.text))
	}
	if widest > wrapLimit {
		return 0
	}
	full, short := 0, 0
	for i := 1; i < len(rows); i++ {
		before, after := rows[i-1], rows[i]
		if before.blank() || after.blank() || before.indent != after.indent || known.hasPrompt(after.words()) || markerOf(after).width > 0 || data(after.words()) || known.typed(after.words(), false) {
			continue
		}
		if fills(before, after, widest) {
			full++
		} else {
			short++
		}
	}
	if full <= short {
		return 0
	}
	return widest
}

// fills says whether a row has no room for the first word of the next.
func fills(before, after row, width int) bool {
	return utf8.RuneCountInString(before.text)+1+utf8.RuneCountInString(firstWord(after.words())) > width
}
