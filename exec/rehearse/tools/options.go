package tools

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// options are the letters given to a tool, with their values, and what else was said.
type options struct {
	flags  map[byte]bool
	values map[byte][]string
	rest   []string
}

// options reads Args: flags are single letters, valued are letters with a value, long translates long names to letters.
// Reading stops at the first operand where interleaved is not wanted by the tool (xargs).
func (c *Call) options(flags, valued string, long map[string]byte) (options, error) {
	return c.parse(flags, valued, long, false)
}

func (c *Call) parse(flags, valued string, long map[string]byte, stopAtOperand bool) (options, error) {
	o := options{flags: map[byte]bool{}, values: map[byte][]string{}}
	args := slices.Clone(c.Args)
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			o.rest = append(o.rest, args...)
			return o, nil
		case strings.HasPrefix(arg, "--"):
			args, err = o.long(arg[2:], args, valued, long)
		case len(arg) > 1 && arg[0] == '-':
			args, err = o.short(arg[1:], args, flags, valued)
		case stopAtOperand:
			o.rest = append([]string{arg}, args...)
			return o, nil
		default:
			o.rest = append(o.rest, arg)
		}
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

func (o options) short(letters string, args []string, flags, valued string) ([]string, error) {
	for i := range len(letters) {
		letter := letters[i]
		switch {
		case strings.IndexByte(flags, letter) >= 0:
			o.flags[letter] = true
		case strings.IndexByte(valued, letter) >= 0 && i+1 < len(letters):
			o.values[letter] = append(o.values[letter], letters[i+1:])
			return args, nil
		case strings.IndexByte(valued, letter) >= 0 && len(args) > 0:
			o.values[letter] = append(o.values[letter], args[0])
			return args[1:], nil
		case strings.IndexByte(valued, letter) >= 0:
			return args, fmt.Errorf("option requires an argument -- '%c'", letter)
		default:
			return args, fmt.Errorf("option -%c is not rehearsed", letter)
		}
	}
	return args, nil
}

func (o options) long(text string, args []string, valued string, long map[string]byte) ([]string, error) {
	name, value, given := strings.Cut(text, "=")
	letter, known := long[name]
	switch {
	case !known:
		return args, fmt.Errorf("option --%s is not rehearsed", name)
	case strings.IndexByte(valued, letter) < 0:
		o.flags[letter] = true
	case given:
		o.values[letter] = append(o.values[letter], value)
	case len(args) > 0:
		o.values[letter] = append(o.values[letter], args[0])
		return args[1:], nil
	default:
		return args, fmt.Errorf("option requires an argument -- '%s'", name)
	}
	return args, nil
}

// value is the last value given for a letter.
func (o options) value(letter byte, otherwise string) string {
	if all := o.values[letter]; len(all) > 0 {
		return all[len(all)-1]
	}
	return otherwise
}

// number is the last value given for a letter, as a number.
func (o options) number(letter byte, otherwise int) (int, error) {
	text := o.value(letter, strconv.Itoa(otherwise))
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("invalid number: '%s'", text)
	}
	return n, nil
}
