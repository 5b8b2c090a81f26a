package tools

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/benhoyt/goawk/interp"
	"github.com/benhoyt/goawk/parser"
	"github.com/itchyny/gojq"
)

// awk runs GoAWK without commands, files or the real environment: what it reads is handed to it as standard input.
func awk(c *Call) int {
	o, err := c.parse("", "Fvf", nil, true)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	source, operands, err := awkSource(c, o)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	program, err := parser.ParseProgram([]byte(source), nil)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	assignments, names := splitAssignments(operands)
	input := c.Stdin
	if len(names) > 0 {
		text, bad := c.input(names)
		if bad {
			return 2
		}
		input = bytes.NewReader(text)
	}
	machine, err := interp.New(program)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	code, err := machine.ExecuteContext(c.Context, &interp.Config{
		Stdin: input, Output: c.Stdout, Error: c.Stderr, Argv0: "awk", Args: assignments, Vars: awkVariables(o), Environ: pairs(c.Env),
		NoExec: true, NoFileWrites: true, NoFileReads: true,
	})
	if err != nil {
		return c.fail(2, "%v; in a rehearsal awk reads its arguments and standard input only", err)
	}
	return code
}

func awkSource(c *Call, o options) (source string, operands []string, err error) {
	if file := o.value('f', ""); file != "" {
		text, err := c.read(file)
		return string(text), o.rest, err
	}
	if len(o.rest) == 0 {
		return "", nil, errors.New("no program given")
	}
	return o.rest[0], o.rest[1:], nil
}

func awkVariables(o options) []string {
	var all []string
	for _, separator := range o.values['F'] {
		all = append(all, "FS", separator)
	}
	for _, assignment := range o.values['v'] {
		name, value, _ := strings.Cut(assignment, "=")
		all = append(all, name, value)
	}
	return all
}

// splitAssignments tells name=value operands from file names.
func splitAssignments(operands []string) (assignments, names []string) {
	for _, operand := range operands {
		if strings.Contains(operand, "=") {
			assignments = append(assignments, operand)
			continue
		}
		names = append(names, operand)
	}
	return assignments, names
}

// pairs lists names and values by turns; it is never nil, which to GoAWK would mean the real environment.
func pairs(env map[string]string) []string {
	all := []string{}
	for name, value := range env {
		all = append(all, name, value)
	}
	return all
}

var jqLong = map[string]byte{
	"raw-output": 'r', "compact-output": 'c', "null-input": 'n', "slurp": 's', "exit-status": 'e', "join-output": 'j', "raw-input": 'R', "sort-keys": 'S',
}

// jq runs gojq without the environment, modules or further inputs.
func jq(c *Call) int {
	args, variables, values, err := jqVariables(c.Args)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	c.Args = args
	o, err := c.options("rcnsejRSM", "", jqLong)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	if len(o.rest) == 0 {
		return c.fail(2, "no filter given")
	}
	code, err := jqCode(o.rest[0], variables)
	if err != nil {
		return c.fail(3, "%v", err)
	}
	inputs, err := jqInputs(c, o)
	run := jqRun{call: c, options: o, code: code, values: values, last: nil}
	for _, input := range inputs {
		if failed := run.one(input); failed != nil {
			return c.fail(5, "error: %v", failed)
		}
	}
	if err != nil {
		return c.fail(2, "error: %v", err)
	}
	if o.flags['e'] && (run.last == nil || run.last == false) {
		return 1
	}
	return 0
}

// jqVariables takes --arg and --argjson out of the arguments.
func jqVariables(args []string) (rest, names []string, values []any, err error) {
	for i := 0; i < len(args); i++ {
		if args[i] != "--arg" && args[i] != "--argjson" {
			rest = append(rest, args[i])
			continue
		}
		if i+2 >= len(args) {
			return nil, nil, nil, fmt.Errorf("%s takes a name and a value", args[i])
		}
		var value any = args[i+2]
		if args[i] == "--argjson" {
			if err := json.Unmarshal([]byte(args[i+2]), &value); err != nil {
				return nil, nil, nil, fmt.Errorf("--argjson %s: %w", args[i+1], err)
			}
		}
		names, values = append(names, "$"+args[i+1]), append(values, value)
		i += 2
	}
	return rest, names, values, nil
}

func jqCode(filter string, variables []string) (*gojq.Code, error) {
	query, err := gojq.Parse(filter)
	if err != nil {
		return nil, fmt.Errorf("filter %q: %w", filter, err)
	}
	return gojq.Compile(query, gojq.WithVariables(variables))
}

// jqInputs reads the values a filter runs over. Those before a malformed one are returned with the error.
func jqInputs(c *Call, o options) ([]any, error) {
	if o.flags['n'] {
		return []any{nil}, nil
	}
	text, bad := c.input(o.rest[1:])
	if bad {
		return nil, errors.New("could not open file")
	}
	var all []any
	var err error
	if o.flags['R'] {
		for _, line := range lines(text) {
			all = append(all, line)
		}
	} else {
		all, err = decodeAll(text)
	}
	if o.flags['s'] && err == nil {
		all = []any{append([]any{}, all...)}
	}
	return all, err
}

func decodeAll(text []byte) (all []any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		var value any
		switch err := decoder.Decode(&value); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return all, err
		}
		all = append(all, value)
	}
}

type jqRun struct {
	call    *Call
	options options
	code    *gojq.Code
	values  []any
	last    any
}

// one runs the filter over one input and prints what comes.
func (r *jqRun) one(input any) error {
	results := r.code.RunWithContext(r.call.Context, input, r.values...)
	for {
		value, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := value.(error); failed {
			var halt *gojq.HaltError
			if errors.As(err, &halt) && halt.Value() == nil {
				return nil
			}
			return err
		}
		r.last = value
		if err := r.print(value); err != nil {
			return err
		}
	}
}

func (r *jqRun) print(value any) error {
	text, raw := value.(string)
	if !raw || !r.options.flags['r'] && !r.options.flags['j'] {
		data, err := gojq.Marshal(value)
		if err != nil {
			return err
		}
		text = string(data)
		if !r.options.flags['c'] {
			text = indented(data)
		}
	}
	if !r.options.flags['j'] {
		text += "\n"
	}
	_, err := io.WriteString(r.call.Stdout, text)
	return err
}

func indented(data []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", "  "); err != nil {
		panic("tools: gojq gave what is not JSON: " + err.Error())
	}
	return out.String()
}
