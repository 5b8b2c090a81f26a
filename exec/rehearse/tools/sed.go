package tools

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// sed edits lines with s, p, d, q, =, a, i, c, y and blocks in braces.
//
// It is our own: github.com/rwtodd/Go.Sed writes $1 where sed writes \1, and its r and w open real files.
func sed(c *Call) int {
	o, err := c.options("nErsi", "e", map[string]byte{"quiet": 'n', "silent": 'n', "expression": 'e', "regexp-extended": 'E', "in-place": 'i'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	if len(o.values['e']) == 0 {
		if len(o.rest) == 0 {
			return c.fail(1, "no script given")
		}
		o.values['e'], o.rest = o.rest[:1], o.rest[1:]
	}
	d := basic
	if o.flags['E'] || o.flags['r'] {
		d = extended
	}
	script, err := parseSed(strings.Join(o.values['e'], "\n"), d)
	if err != nil {
		return c.fail(1, "-e %s", err)
	}
	if !o.flags['i'] {
		text, bad := c.input(o.rest)
		_, _ = c.Stdout.Write(runSed(script, lines(text), o.flags['n']))
		return 2 * exitCode(bad)
	}
	return c.eachName(o.rest, func(name string) error {
		text, err := c.Files.ReadFile(c.path(name))
		if err != nil {
			return err
		}
		return c.Files.WriteFile(c.path(name), runSed(script, lines(text), o.flags['n']), 0o644)
	})
}

// sedAddress chooses lines: by number, the last one, or by pattern.
type sedAddress struct {
	line    int
	last    bool
	pattern *regexp.Regexp
}

func (a *sedAddress) holds(number int, last bool, text string) bool {
	switch {
	case a.pattern != nil:
		return a.pattern.MatchString(text)
	case a.last:
		return last
	}
	return number == a.line
}

type sedCommand struct {
	from, to    *sedAddress
	negated     bool
	name        byte
	pattern     *regexp.Regexp
	replacement string
	nth         int // the first match that is replaced
	global      bool
	print       bool
	text        string
	runes       map[rune]rune
	skip        int  // behind a block's closing brace
	inRange     bool // between from and to
}

// chosen says whether the command applies to a line, and remembers an open range.
func (s *sedCommand) chosen(number int, last bool, text string) bool {
	return s.addressed(number, last, text) != s.negated
}

func (s *sedCommand) addressed(number int, last bool, text string) bool {
	switch {
	case s.from == nil:
		return true
	case s.to == nil:
		return s.from.holds(number, last, text)
	case s.inRange:
		s.inRange = !s.to.holds(number, last, text) && (s.to.line == 0 || number < s.to.line)
		return true
	case s.from.holds(number, last, text):
		s.inRange = s.to.line == 0 || number < s.to.line
		return true
	}
	return false
}

// sedRun is one run of a script over lines.
type sedRun struct {
	script []*sedCommand
	input  []string
	quiet  bool
	at     int // index of the present line
	out    bytes.Buffer
	after  []string // to be printed behind the present line
}

func runSed(script []*sedCommand, input []string, quiet bool) []byte {
	run := sedRun{script: script, input: input, quiet: quiet}
	for on := true; on && run.at < len(run.input); run.at++ {
		on = run.line(run.input[run.at])
	}
	return run.out.Bytes()
}

// line runs the script over one line and says whether to go on.
func (r *sedRun) line(text string) bool {
	kept, on := true, true
	for i := 0; i < len(r.script) && kept && on; i++ {
		command := r.script[i]
		if !command.chosen(r.at+1, r.at == len(r.input)-1, text) {
			i = max(i, command.skip-1)
			continue
		}
		text, kept, on = r.apply(command, text)
	}
	if kept && !r.quiet {
		r.out.WriteString(text + "\n")
	}
	for _, line := range r.after {
		r.out.WriteString(line + "\n")
	}
	r.after = nil
	return on
}

func (r *sedRun) apply(command *sedCommand, text string) (changed string, kept, on bool) {
	switch command.name {
	case 's':
		var replaced bool
		text, replaced = command.substitute(text)
		if replaced && command.print {
			r.out.WriteString(text + "\n")
		}
	case 'p':
		r.out.WriteString(text + "\n")
	case 'd':
		return text, false, true
	case 'q':
		return text, true, false
	case '=':
		r.out.WriteString(strconv.Itoa(r.at+1) + "\n")
	case 'a':
		r.after = append(r.after, command.text)
	case 'i':
		r.out.WriteString(command.text + "\n")
	case 'c':
		r.after = append(r.after, command.text)
		return text, false, true
	case 'y':
		text = strings.Map(func(c rune) rune {
			if to, known := command.runes[c]; known {
				return to
			}
			return c
		}, text)
	case '{', '}':
	default:
		panic("tools: no sed command " + string(command.name))
	}
	return text, true, true
}

func (s *sedCommand) substitute(text string) (string, bool) {
	var out strings.Builder
	end, replaced := 0, false
	for i, match := range s.pattern.FindAllStringSubmatchIndex(text, -1) {
		if i+1 < s.nth || i+1 > s.nth && !s.global {
			continue
		}
		out.WriteString(text[end:match[0]] + s.expand(text, match))
		end, replaced = match[1], true
	}
	return out.String() + text[end:], replaced
}

// expand fills & and \1 to \9 of the replacement.
func (s *sedCommand) expand(text string, match []int) string {
	var out strings.Builder
	group := func(n int) {
		if 2*n+1 < len(match) && match[2*n] >= 0 {
			out.WriteString(text[match[2*n]:match[2*n+1]])
		}
	}
	for i := 0; i < len(s.replacement); i++ {
		switch ch := s.replacement[i]; {
		case ch == '&':
			group(0)
		case ch != '\\' || i+1 == len(s.replacement):
			out.WriteByte(ch)
		default:
			i++
			switch next := s.replacement[i]; {
			case isDigit(next):
				group(int(next - '0'))
			case next == 'n':
				out.WriteByte('\n')
			case next == 't':
				out.WriteByte('\t')
			default:
				out.WriteByte(next)
			}
		}
	}
	return out.String()
}

// sedParser reads a script from left to right.
type sedParser struct {
	rest    string
	dialect dialect
}

func parseSed(script string, d dialect) ([]*sedCommand, error) {
	p := sedParser{script, d}
	var all []*sedCommand
	var open []int
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\n;")
		if p.rest == "" {
			break
		}
		command, err := p.command()
		if err != nil {
			return nil, err
		}
		switch command.name {
		case '{':
			open = append(open, len(all))
		case '}':
			if len(open) == 0 {
				return nil, fmt.Errorf("unexpected }")
			}
			all[open[len(open)-1]].skip = len(all) + 1
			open = open[:len(open)-1]
		}
		all = append(all, command)
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("missing }")
	}
	return all, nil
}

func (p *sedParser) command() (*sedCommand, error) {
	command := &sedCommand{nth: 1}
	var err error
	if command.from, err = p.address(); err != nil {
		return nil, err
	}
	if command.from != nil && strings.HasPrefix(p.rest, ",") {
		p.rest = strings.TrimLeft(p.rest[1:], " ")
		if command.to, err = p.address(); err != nil || command.to == nil {
			return nil, fmt.Errorf("unexpected ,")
		}
	}
	p.rest = strings.TrimLeft(p.rest, " \t")
	if strings.HasPrefix(p.rest, "!") {
		command.negated, p.rest = true, strings.TrimLeft(p.rest[1:], " \t")
	}
	if p.rest == "" {
		return nil, fmt.Errorf("missing command")
	}
	command.name, p.rest = p.rest[0], p.rest[1:]
	return command, p.operands(command)
}

func (p *sedParser) operands(command *sedCommand) error {
	switch command.name {
	case 's':
		return p.substitution(command)
	case 'y':
		return p.translation(command)
	case 'a', 'i', 'c':
		text, rest, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(p.rest, " "), "\\"), " \n"), "\n")
		command.text, p.rest = text, rest
		return nil
	case 'p', 'd', 'q', '=', '{', '}':
		return nil
	}
	return fmt.Errorf("command %c is not rehearsed", command.name)
}

func (p *sedParser) address() (*sedAddress, error) {
	switch {
	case strings.HasPrefix(p.rest, "$"):
		p.rest = p.rest[1:]
		return &sedAddress{last: true}, nil
	case strings.HasPrefix(p.rest, "/"):
		source, err := p.until('/', p.rest[1:])
		if err != nil {
			return nil, err
		}
		pattern, err := compile(source, p.dialect, false)
		return &sedAddress{pattern: pattern}, err
	case p.rest != "" && isDigit(p.rest[0]):
		digits := firstRun(p.rest)
		p.rest = p.rest[len(digits):]
		line, err := strconv.Atoi(digits)
		return &sedAddress{line: line}, err
	}
	return nil, nil
}

// until takes text up to a delimiter that no backslash escapes and that stands in no brackets.
func (p *sedParser) until(delimiter byte, text string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == delimiter:
			p.rest = text[i+1:]
			return out.String(), nil
		case text[i] == '\\' && i+1 < len(text):
			if text[i+1] != delimiter {
				out.WriteByte('\\')
			}
			i++
		}
		out.WriteByte(text[i])
	}
	return "", fmt.Errorf("unterminated %c", delimiter)
}

func (p *sedParser) halves() (first, second string, err error) {
	if p.rest == "" {
		return "", "", fmt.Errorf("unterminated command")
	}
	delimiter := p.rest[0]
	if first, err = p.until(delimiter, p.rest[1:]); err == nil {
		second, err = p.until(delimiter, p.rest)
	}
	return first, second, err
}

func (p *sedParser) substitution(command *sedCommand) error {
	source, replacement, err := p.halves()
	if err != nil {
		return err
	}
	end := strings.IndexAny(p.rest+";", ";}\n ")
	flags := p.rest[:end]
	p.rest = p.rest[end:]
	ignoreCase := false
	for _, flag := range flags {
		switch {
		case flag == 'g':
			command.global = true
		case flag == 'p':
			command.print = true
		case flag == 'i' || flag == 'I':
			ignoreCase = true
		case flag >= '1' && flag <= '9':
			command.nth = int(flag - '0')
		default:
			return fmt.Errorf("flag %c of s is not rehearsed", flag)
		}
	}
	command.replacement = replacement
	command.pattern, err = compile(source, p.dialect, ignoreCase)
	return err
}

func (p *sedParser) translation(command *sedCommand) error {
	from, to, err := p.halves()
	if err != nil {
		return err
	}
	a, b := []rune(from), []rune(to)
	if len(a) != len(b) {
		return fmt.Errorf("the halves of y differ in length")
	}
	command.runes = map[rune]rune{}
	for i := range a {
		command.runes[a[i]] = b[i]
	}
	return nil
}
