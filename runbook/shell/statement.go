package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// statementForm begins what is typed at the client of a database: a verb in capitals and what it acts on.
var statementForm = doc.Pattern(`^[A-Z]{3,}(?:;| +[A-Za-z0-9_"'` + "`" + `(*@$<])`)

// verbs begin statements in small letters, and smallForm says what stands behind them there: no program of such a name takes it.
var (
	verbs     = doc.WordSet("select insert delete update alter create drop grant")
	smallForm = doc.Pattern(`^(?:select (?:[\w.]+(?:,| from\b|\()|\* from\b)|insert into |delete from |update [\w.]+ set |grant \w+ on |(?:alter|create|drop) (?:table|database|user|role|index|schema|keyspace|extension|view|system|or replace|materialized|type|function) )`)
)

// reports begin lines of a log, which may look like that.
var reports = doc.WordSet("ERROR WARNING WARN INFO NOTE NOTICE DEBUG FATAL TRACE HINT DETAIL")

// CutStatements splits a text into the statements for a database that it begins with, each up to its semicolon, and what stands
// behind them: what they answered. typed is "" where the text begins with none.
func CutStatements(text string) (typed, answer string) {
	if first := strings.TrimLeft(text, " \t\n"); first == "" || first[0] != '-' && (first[0] < 'A' || first[0] > 'Z') && !verbs[firstWord(first)] {
		return "", text
	}
	end, at, open := 0, 0, false
	for line := range strings.Lines(text) {
		at += len(line)
		said, _, _ := strings.Cut(strings.TrimSpace(line), " --")
		if said = strings.TrimSpace(said); said == "" || strings.HasPrefix(said, "-- ") {
			continue
		}
		if !open && !beginsStatement(said) {
			break
		}
		if open = !strings.HasSuffix(said, ";") && !strings.HasSuffix(said, `\G`); !open {
			end = at
		}
	}
	return strings.TrimSpace(text[:end]), strings.TrimSpace(text[end:])
}

// continuation is what the client of a database prints before the second and further lines of a statement.
var continuation = doc.Pattern(`^\s*(?:-> ?|\.\.\.+ |> |[\w.]+[-('"]+[#>] )`)

// OpenStatement says whether a text is a statement that still lacks its semicolon.
func OpenStatement(text string) bool {
	return beginsStatement(text) && !strings.HasSuffix(strings.TrimSpace(text), ";")
}

// CutContinuation takes what a client prints before such a line off its front.
func CutContinuation(line string) (string, bool) {
	mark := continuation().FindString(line)
	return strings.TrimPrefix(line, mark), mark != ""
}

// Statements says whether a text is nothing but statements for a database.
func Statements(text string) bool {
	typed, answer := CutStatements(text)
	return typed != "" && answer == ""
}

func beginsStatement(line string) bool {
	word := firstWord(line)
	if verbs[word] {
		return smallForm().MatchString(line)
	}
	return statementForm().MatchString(line) && !reports[strings.TrimRight(word, ";:")]
}

// analyzeStatements is Analyze for statements: each is one call, and none reads or sets a variable.
func analyzeStatements(s Snippet, text string) Snippet {
	s.Parsed = true
	s.Commands = []string{strings.TrimSpace(text)}
	for statement := range strings.SplitSeq(text, ";") {
		if words := strings.Fields(statement); len(words) > 0 {
			s.Calls = append(s.Calls, Call{Words: words, statement: true})
		}
	}
	s.looks = onlyLooks(s.Calls)
	return s
}

// harmsData says whether a statement drops something, takes it out of use or stops what others run.
func harmsData(all []string) bool {
	first, rest := strings.ToUpper(all[0]), strings.ToUpper(strings.Join(all[1:], " "))
	switch first {
	case "DROP", "TRUNCATE", "DELETE", "PURGE", "SHUTDOWN", "DETACH", "KILL", "RESTORE":
		return true
	case "ALTER", "SYSTEM":
		return harmsInside().MatchString(rest)
	case "SELECT", "CALL", "EXEC":
		return harmfulFunction().MatchString(quotedText().ReplaceAllString(rest, "''"))
	}
	return false
}

// harmsInside is what a statement that changes something does to it: ALTER TABLE a DROP COLUMN b, ALTER EXTENSION a UPDATE.
var harmsInside = doc.Pattern(`\b(?:DROP|TRUNCATE|DELETE|DETACH|KILL|SHUTDOWN)\b|^(?:STOP|RESTART|RESTORE)\b|^EXTENSION\b.*\bUPDATE\b`)

// harmfulFunction is a function that is named after what it does to others: pg_terminate_backend(, drop_chunks(.
var harmfulFunction = doc.Pattern(`\b(?:\w+[._])?(?:TERMINATE|KILL|DROP|DELETE|PURGE|TRUNCATE|RESTART|SHUTDOWN|STOP)(?:_\w+)?\(`)

var quotedText = doc.Pattern(`'[^']*'`)

// handsHarm says whether a program is given such a statement in quotes, or prints it for the next to take.
func handsHarm(c Call) bool {
	return (c.Piped || !readers[base(c.Words[0])]) && slices.ContainsFunc(c.Words[1:], func(w string) bool {
		return strings.Contains(w, " ") && beginsStatement(strings.TrimSpace(w)) && harmsData(strings.Fields(w))
	})
}

// asksByStatement says whether a statement only reads. A function it calls may change something, unless it is named after a
// question or only counts.
func (c Call) asksByStatement() bool {
	switch strings.ToUpper(c.Words[0]) {
	case "SHOW", "DESCRIBE", "DESC", "EXPLAIN":
		return true
	case "SELECT":
		return !callsFunction().MatchString(countsOnly().ReplaceAllString(strings.Join(c.Words, " "), " "))
	}
	return false
}

var objectName = doc.Pattern(`(?i)\b(?:TABLE|DATABASE|SCHEMA|KEYSPACE|INDEX|VIEW|ROLE|USER|EXTENSION|EXISTS|USE|INTO|FROM|UPDATE) ["'` + "`" + `]?((?:[a-z]+_)+name)\b`)

// objectNames are the names in statements that only say whose name is meant: ALTER TABLE table_name.
func objectNames(text string) [][]int {
	var found [][]int
	for _, m := range objectName().FindAllStringSubmatchIndex(text, -1) {
		found = append(found, m[2:4])
	}
	return found
}

var (
	callsFunction = doc.Pattern(`\w\(`)
	countsOnly    = doc.Pattern(`(?i)\b(?:count|min|max|sum|avg|now|version|round|coalesce|concat|length|\w+_size|\w*is_\w+|\w+_status|\w+_pretty)\(|\b(?:IN|AND|OR|WHERE|FROM|ON|AS|VALUES) \(`)
)
