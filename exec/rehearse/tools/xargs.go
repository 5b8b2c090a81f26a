package tools

import (
	"fmt"
	"io"
	"strings"
)

// xargs runs a command with the words of its input as arguments. Without a command it prints them.
func xargs(c *Call) (int, error) {
	o, err := c.parse("r0t", "nI", map[string]byte{"no-run-if-empty": 'r', "null": '0', "max-args": 'n'}, true)
	if err != nil {
		return c.fail(1, "%v", err), nil
	}
	size, err := o.number('n', 1<<30)
	if err != nil || size < 1 {
		return c.fail(1, "value for -n must be a number of at least 1"), nil
	}
	text, err := io.ReadAll(c.Stdin)
	if err != nil {
		return c.fail(1, "%v", err), nil
	}
	command := o.rest
	if len(command) == 0 {
		command = []string{"echo"}
	}
	batches, err := xargsBatches(string(text), o, command, size)
	if err != nil {
		return c.fail(1, "%v", err), nil
	}
	worst := 0
	for _, args := range batches {
		code, err := c.Run(args, strings.NewReader(""))
		if err != nil {
			return code, err
		}
		if code != 0 {
			worst = 123
		}
	}
	return worst, nil
}

// xargsBatches lists the command lines to run.
func xargsBatches(text string, o options, command []string, size int) ([][]string, error) {
	if mark := o.value('I', ""); mark != "" {
		var batches [][]string
		for _, line := range lines([]byte(text)) {
			batches = append(batches, replaceMark(command, mark, strings.TrimSpace(line)))
		}
		return batches, nil
	}
	words, err := xargsWords(text, o.flags['0'])
	if err != nil {
		return nil, err
	}
	if len(words) == 0 && o.flags['r'] {
		return nil, nil
	}
	var batches [][]string
	for {
		n := min(size, len(words))
		batches = append(batches, append(append([]string{}, command...), words[:n]...))
		words = words[n:]
		if len(words) == 0 {
			return batches, nil
		}
	}
}

func replaceMark(command []string, mark, with string) []string {
	var out []string
	for _, word := range command {
		out = append(out, strings.ReplaceAll(word, mark, with))
	}
	return out
}

// xargsWords splits at blanks, honouring quotes and backslashes, or at NUL.
func xargsWords(text string, null bool) ([]string, error) {
	if null {
		return strings.FieldsFunc(text, func(r rune) bool { return r == 0 }), nil
	}
	var words []string
	var word strings.Builder
	quote, inWord := byte(0), false
	for i := 0; i < len(text); i++ {
		switch ch := text[i]; {
		case quote != 0 && ch == quote:
			quote = 0
		case quote != 0:
			word.WriteByte(ch)
		case ch == '\'' || ch == '"':
			quote, inWord = ch, true
		case ch == '\\' && i+1 < len(text):
			i++
			word.WriteByte(text[i])
			inWord = true
		case ch == ' ' || ch == '\t' || ch == '\n':
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteByte(ch)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("unmatched quote %c; use -0 for words with quotes", quote)
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
