package check

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// What a pattern may cost. Go's expressions take time linear in the text, times the size of their program, which nested
// repeats blow up: (.{1,30}){1,30}z takes seconds over 64 KiB.
const (
	maxPattern = 4 << 10 // bytes as written
	maxProgram = 1000    // instructions
)

// lineByLine makes ^ and $ the ends of a line.
const lineByLine = "(?m)"

// compile prepares an expression (RE2, https://golang.org/s/re2syntax) to be matched line by line. There is none for an
// empty one.
func compile(name, pattern string) (*regexp.Regexp, *finding) {
	if pattern == "" {
		return nil, nil
	}
	if err := affordable(pattern); err != nil {
		return nil, &finding{unclear, fmt.Sprintf("%s cannot be used: %v", name, err)}
	}
	return regexp.MustCompile(lineByLine + pattern), nil
}

// affordable says why a pattern is refused, if it is.
func affordable(pattern string) error {
	if len(pattern) > maxPattern {
		return fmt.Errorf("a pattern of %d bytes is too long, at most %d are read", len(pattern), maxPattern)
	}
	tree, err := syntax.Parse(lineByLine+pattern, syntax.Perl)
	if err != nil {
		return err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return err
	}
	if len(program.Inst) > maxProgram {
		return fmt.Errorf("%s is too costly: %d instructions, at most %d are run; repeat less inside a repeat", quote(pattern), len(program.Inst), maxProgram)
	}
	return nil
}

func judgePattern(ctx context.Context, pattern string, seen *reading) finding {
	expression, problem := compile("regexp", pattern)
	if problem != nil {
		return *problem
	}
	at, stopped := match(ctx, expression, seen.window)
	if stopped != nil {
		return *stopped
	}
	if at < 0 {
		return finding{unmet, fmt.Sprintf("no line%s matches %s; %s", seen.where(), quote(pattern), seen.lastLine())}
	}
	number, line := seen.line(at)
	return finding{holds, fmt.Sprintf("line %d matches %s: %s", number, quote(pattern), line)}
}

// where says which part of a large output was looked at.
func (r *reading) where() string {
	if r.total == len(r.window) {
		return ""
	}
	return fmt.Sprintf(" in the last %d of %d bytes", len(r.window), r.total)
}

// match is where the first match begins, -1 without one. It stops when ctx does.
func match(ctx context.Context, expression *regexp.Regexp, text string) (int, *finding) {
	if literal, _ := expression.LiteralPrefix(); !strings.Contains(text, literal) {
		return -1, nil
	}
	where := expression.FindReaderIndex(&patientReader{ctx: ctx, text: text})
	if ctx.Err() != nil {
		return -1, late(ctx)
	}
	if where == nil {
		return -1, nil
	}
	return where[0], nil
}

// patientReader reads text until its context ends.
type patientReader struct {
	ctx  context.Context
	text string
	read int
}

// ReadRune looks at the context now and then: each look costs more than a character.
func (p *patientReader) ReadRune() (rune, int, error) {
	p.read++
	if p.text == "" || p.read%256 == 0 && p.ctx.Err() != nil {
		return 0, 0, io.EOF
	}
	r, n := utf8.DecodeRuneInString(p.text)
	p.text = p.text[n:]
	return r, n, nil
}
