package tools

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

func cat(c *Call) int {
	o, err := c.options("nu", "", nil)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	if len(o.rest) == 0 {
		o.rest = []string{"-"}
	}
	bad := false
	for _, name := range o.rest {
		if name == "-" && !o.flags['n'] {
			_, _ = io.Copy(c.Stdout, c.Stdin)
			continue
		}
		data, err := c.read(name)
		if err != nil {
			c.fail(1, "%v", err)
			bad = true
		}
		_, _ = c.Stdout.Write(numbered(data, o.flags['n']))
	}
	return exitCode(bad)
}

func numbered(data []byte, on bool) []byte {
	if !on {
		return data
	}
	var out bytes.Buffer
	for i, line := range lines(data) {
		fmt.Fprintf(&out, "%6d\t%s\n", i+1, line)
	}
	return out.Bytes()
}

func tee(c *Call) int {
	o, err := c.options("ai", "", map[string]byte{"append": 'a'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	mode := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if o.flags['a'] {
		mode = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	outputs, bad := []io.Writer{c.Stdout}, false
	for _, name := range o.rest {
		if name == "/dev/stderr" {
			outputs = append(outputs, c.Stderr)
			continue
		}
		file, err := c.Files.Open(c.path(name), mode, 0o644)
		if err != nil {
			c.fail(1, "%v", c.short(name, err))
			bad = true
			continue
		}
		defer file.Close()
		outputs = append(outputs, file)
	}
	_, _ = io.Copy(io.MultiWriter(outputs...), c.Stdin)
	return exitCode(bad)
}

// part runs head or tail: take cuts the lines of one file.
func part(c *Call, take func(all []string, count string) ([]string, error)) int {
	c.Args = spellOutCount(c.Args)
	o, err := c.options("q", "n", map[string]byte{"lines": 'n'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	text, bad := c.input(o.rest)
	all, err := take(lines(text), o.value('n', "10"))
	if err != nil {
		return c.fail(1, "%v", err)
	}
	c.printLines(all)
	return exitCode(bad)
}

// spellOutCount turns the old form -5 into -n 5.
func spellOutCount(args []string) []string {
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && isDigit(args[0][1]) {
		return append([]string{"-n", args[0][1:]}, args[1:]...)
	}
	return args
}

func head(c *Call) int {
	return part(c, func(all []string, count string) ([]string, error) {
		n, err := strconv.Atoi(count)
		if err != nil {
			return nil, fmt.Errorf("invalid number of lines: %q", count)
		}
		if n < 0 {
			return all[:max(0, len(all)+n)], nil
		}
		return all[:min(n, len(all))], nil
	})
}

func tail(c *Call) int {
	return part(c, func(all []string, count string) ([]string, error) {
		n, err := strconv.Atoi(strings.TrimLeft(count, "+-"))
		if err != nil {
			return nil, fmt.Errorf("invalid number of lines: %q; following a file (-f) is not rehearsed", count)
		}
		if strings.HasPrefix(count, "+") {
			return all[min(max(n-1, 0), len(all)):], nil
		}
		return all[max(0, len(all)-n):], nil
	})
}

func wc(c *Call) int {
	o, err := c.options("lwcm", "", map[string]byte{"lines": 'l', "words": 'w', "bytes": 'c', "chars": 'm'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	text, bad := c.input(o.rest)
	var counts []string
	all := len(o.flags) == 0
	for _, count := range []struct {
		on bool
		n  int
	}{
		{all || o.flags['l'], bytes.Count(text, []byte("\n"))},
		{all || o.flags['w'], len(bytes.Fields(text))},
		{o.flags['m'], utf8.RuneCount(text)},
		{all || o.flags['c'], len(text)},
	} {
		if count.on {
			counts = append(counts, strconv.Itoa(count.n))
		}
	}
	if len(o.rest) == 1 {
		counts = append(counts, o.rest[0])
	}
	c.printLines([]string{strings.Join(counts, " ")})
	return exitCode(bad)
}

// tr translates, deletes or squeezes characters.
func tr(c *Call) int {
	o, err := c.options("dscC", "", map[string]byte{"delete": 'd', "squeeze-repeats": 's', "complement": 'c'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	if len(o.rest) == 0 || len(o.rest) == 1 && !o.flags['d'] && !o.flags['s'] {
		return c.fail(1, "missing operand")
	}
	from, to := expandSet(o.rest[0]), []rune(nil)
	if len(o.rest) > 1 {
		to = expandSet(o.rest[1])
	}
	text, err := io.ReadAll(c.Stdin)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	complement := o.flags['c'] || o.flags['C']
	_, _ = io.WriteString(c.Stdout, translate(string(text), from, to, complement, o.flags['d'], o.flags['s']))
	return 0
}

func translate(text string, from, to []rune, complement, remove, squeeze bool) string {
	var out strings.Builder
	last := rune(-1)
	for _, r := range text {
		at := strings.IndexRune(string(from), r)
		if at >= 0 {
			at = utf8.RuneCountInString(string(from)[:at])
		}
		hit := (at >= 0) != complement
		if hit && remove {
			continue
		}
		if hit && len(to) > 0 {
			r = to[min(max(at, 0), len(to)-1)]
			if complement {
				r = to[len(to)-1]
			}
		}
		if hit && squeeze && r == last {
			continue
		}
		last = -1
		if hit {
			last = r
		}
		out.WriteRune(r)
	}
	return out.String()
}

var characterClasses = strings.NewReplacer(
	"[:lower:]", "a-z", "[:upper:]", "A-Z", "[:digit:]", "0-9", "[:alpha:]", "A-Za-z", "[:alnum:]", "A-Za-z0-9",
	"[:space:]", " \t\n\r\v\f", "[:blank:]", " \t", "[:punct:]", "!-/:-@[-`{-~",
	`\n`, "\n", `\t`, "\t", `\r`, "\r", `\\`, `\`, `\0`, "\x00",
)

// expandSet spells out ranges and classes.
func expandSet(set string) []rune {
	runes := []rune(characterClasses.Replace(set))
	var out []rune
	for i := 0; i < len(runes); i++ {
		if i+2 < len(runes) && runes[i+1] == '-' && runes[i] <= runes[i+2] {
			for r := runes[i]; r <= runes[i+2]; r++ {
				out = append(out, r)
			}
			i += 2
			continue
		}
		out = append(out, runes[i])
	}
	return out
}
