package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// maxInstructions is how much a jq expression may do on one output.
const maxInstructions = 5_000_000

// outside are the functions that know more than the output does: a judgment must not depend on them.
var outside = []string{
	"now", "env", "$ENV", "input", "inputs", "debug", "stderr", "halt", "halt_error", "localtime", "strflocaltime", "input_filename", "input_line_number",
	"modulemeta", "get_search_list",
}

// matching are the functions whose first argument is a regular expression.
var matching = []string{"test", "match", "capture", "scan", "splits", "sub", "gsub"}

func judgeJSON(ctx context.Context, expression string, seen *reading) finding {
	code, err := compileJSON(expression)
	if err != nil {
		return finding{unclear, fmt.Sprintf("jq cannot be used: %v", err)}
	}
	if seen.total > maxAll {
		return finding{unclear, fmt.Sprintf("an output of %d bytes is too large to be read as JSON, at most %d are", seen.total, maxAll)}
	}
	budget := &allowance{Context: ctx, left: maxInstructions}
	decoder := json.NewDecoder(strings.NewReader(seen.all.String()))
	decoder.UseNumber()
	for document := 1; ; document++ {
		var value any
		err := decoder.Decode(&value)
		switch {
		case errors.Is(err, io.EOF) && document == 1:
			return finding{unmet, "there is no output to be read as JSON"}
		case errors.Is(err, io.EOF):
			return finding{holds, fmt.Sprintf("jq %s gives true", cut(expression, maxEvidence/16))}
		case err != nil:
			return finding{unmet, fmt.Sprintf("the output is not JSON: %v; %s", err, seen.lastLine())}
		}
		if found := evaluate(budget, code, value); found.answer != holds {
			return finding{found.answer, fmt.Sprintf("jq %s on document %d %s, wanted true", cut(expression, maxEvidence/16), document, found.text)}
		}
	}
}

// compileJSON prepares a jq expression that speaks of its input and of nothing else.
func compileJSON(expression string) (*gojq.Code, error) {
	if len(expression) > maxPattern {
		return nil, fmt.Errorf("an expression of %d bytes is too long, at most %d are read", len(expression), maxPattern)
	}
	query, err := gojq.Parse(expression)
	if err != nil {
		return nil, err
	}
	if err := inside(reflect.ValueOf(query)); err != nil {
		return nil, err
	}
	return gojq.Compile(query)
}

// inside walks a query and refuses calls to the outside and expressions that cannot be weighed.
func inside(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if call, ok := v.Interface().(*gojq.Func); ok {
			if err := allowed(call); err != nil {
				return err
			}
		}
		return inside(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if err := inside(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := inside(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func allowed(call *gojq.Func) error {
	if slices.Contains(outside, call.Name) {
		return fmt.Errorf("%s is not available: a judgment depends on the output alone", call.Name)
	}
	if len(call.Args) == 0 || !slices.Contains(matching, call.Name) && (call.Name != "split" || len(call.Args) < 2) {
		return nil
	}
	argument := call.Args[0].Term
	if argument == nil || argument.Str == nil || argument.Str.Queries != nil {
		return fmt.Errorf("%s wants its pattern written out", call.Name)
	}
	return affordable(argument.Str.Str)
}

// evaluate runs an expression on one document. Exactly true, once or more, is what holds.
func evaluate(ctx *allowance, code *gojq.Code, document any) (found finding) {
	defer func() {
		// An interpreter's mistake must not end the session that holds the running commands.
		if p := recover(); p != nil {
			found = finding{unclear, fmt.Sprintf("cannot be run (%v)", p)}
		}
	}()
	results := code.RunWithContext(ctx, document)
	for n := 0; ; n++ {
		value, more := results.Next()
		switch err, failed := value.(error); {
		case !more && n == 0:
			return finding{unmet, "gives nothing"}
		case !more:
			return finding{holds, ""}
		case failed && ctx.Err() != nil:
			return finding{unclear, "does not come to an end: " + ctx.Err().Error()}
		case failed:
			return finding{unmet, "fails: " + err.Error()}
		case value != true:
			return finding{unmet, "gives " + gojq.Preview(value)}
		}
	}
}

// allowance is a context that also ends after so many instructions: the interpreter asks it before each. So the same
// expression comes equally far on every machine.
type allowance struct {
	context.Context
	left int
}

var errSpent = fmt.Errorf("more than %d instructions", maxInstructions)

var spent = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Done counts an instruction.
func (a *allowance) Done() <-chan struct{} {
	if a.left--; a.left < 0 {
		return spent
	}
	return a.Context.Done()
}

// Err says which end was reached.
func (a *allowance) Err() error {
	if err := a.Context.Err(); err != nil || a.left >= 0 {
		return err
	}
	return errSpent
}
