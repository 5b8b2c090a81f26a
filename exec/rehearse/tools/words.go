package tools

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

func baseName(c *Call) int {
	if len(c.Args) == 0 || len(c.Args) > 2 {
		return c.fail(1, "want NAME [SUFFIX]")
	}
	name := path.Base(c.Args[0])
	if len(c.Args) == 2 && name != c.Args[1] {
		name = strings.TrimSuffix(name, c.Args[1])
	}
	c.printLines([]string{name})
	return 0
}

func dirName(c *Call) int {
	if len(c.Args) == 0 {
		return c.fail(1, "missing operand")
	}
	for _, name := range c.Args {
		c.printLines([]string{parentOf(name)})
	}
	return 0
}

func parentOf(name string) string {
	trimmed := strings.TrimRight(name, "/")
	if trimmed == "" && name != "" {
		return "/"
	}
	return path.Dir(trimmed)
}

func hostName(c *Call) int {
	o, err := c.options("sf", "", nil)
	if err != nil || len(o.rest) > 0 {
		return c.fail(1, "renaming a host is not rehearsed; use hostname, hostname -s or hostname -f")
	}
	c.printLines([]string{c.Host})
	return 0
}

func whoAmI(c *Call) int {
	c.printLines([]string{c.Env["USER"]})
	return 0
}

// env prints the exported variables. Running a command through it is left to the shell.
func env(c *Call) int {
	if len(c.Args) > 0 {
		return c.fail(125, "running a command through env is not rehearsed; write NAME=value command")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		c.printLines([]string{name + "=" + c.Env[name]})
	}
	return 0
}

// seq counts: LAST, FIRST LAST or FIRST STEP LAST, in whole numbers.
func seq(c *Call) int {
	o, err := c.options("w", "s", nil)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	numbers := []int{}
	for _, text := range o.rest {
		n, err := strconv.Atoi(text)
		if err != nil {
			return c.fail(1, "invalid whole number: '%s'", text)
		}
		numbers = append(numbers, n)
	}
	first, step, last := 1, 1, 0
	switch len(numbers) {
	case 1:
		last = numbers[0]
	case 2:
		first, last = numbers[0], numbers[1]
	case 3:
		first, step, last = numbers[0], numbers[1], numbers[2]
	default:
		return c.fail(1, "want LAST, FIRST LAST or FIRST STEP LAST")
	}
	if step == 0 || (last-first)/step > 1_000_000 {
		return c.fail(1, "a step of 0 or more than a million numbers is not rehearsed")
	}
	var out []string
	for n := first; step > 0 && n <= last || step < 0 && n >= last; n += step {
		out = append(out, fmt.Sprintf("%0*d", width(o, last), n))
	}
	if separator := o.value('s', "\n"); separator != "\n" && len(out) > 0 {
		out = []string{strings.Join(out, separator)}
	}
	c.printLines(out)
	return 0
}

func width(o options, last int) int {
	if !o.flags['w'] {
		return 0
	}
	return len(strconv.Itoa(last))
}

// sleep lets virtual time pass and takes none itself.
func sleep(c *Call) int {
	if len(c.Args) == 0 {
		return c.fail(1, "missing operand")
	}
	for _, text := range c.Args {
		d, err := sleepTime(text)
		if err != nil {
			return c.fail(1, "%v", err)
		}
		c.Sleep(d)
	}
	return 0
}

func sleepTime(text string) (time.Duration, error) {
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
	number, unit := text, time.Second
	if text != "" && units[text[len(text)-1]] != 0 {
		number, unit = text[:len(text)-1], units[text[len(text)-1]]
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || n > 1e6 {
		return 0, fmt.Errorf("invalid time interval '%s'", text)
	}
	return time.Duration(n * float64(unit)), nil
}

var dateLetters = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'Z': "MST", 'z': "-0700", 'e': "_2", 'I': "03", 'p': "PM", 'D': "01/02/06",
}

// date prints the virtual time, in UTC.
func date(c *Call) int {
	o, err := c.options("u", "d", map[string]byte{"utc": 'u', "date": 'd'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	now := c.Now().UTC()
	if given := o.value('d', ""); given != "" {
		seconds, err := strconv.ParseInt(strings.TrimPrefix(given, "@"), 10, 64)
		if err != nil || given[0] != '@' {
			return c.fail(1, "date -d %s is not rehearsed; use -d @SECONDS", given)
		}
		now = time.Unix(seconds, 0).UTC()
	}
	switch {
	case len(o.rest) == 0:
		c.printLines([]string{now.Format("Mon Jan _2 15:04:05 MST 2006")})
	case len(o.rest) == 1 && strings.HasPrefix(o.rest[0], "+"):
		c.printLines([]string{formatDate(o.rest[0][1:], now)})
	default:
		return c.fail(1, "setting the date is not rehearsed; use date [+FORMAT]")
	}
	return 0
}

func formatDate(format string, now time.Time) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		switch letter := format[i]; {
		case letter == 's':
			out.WriteString(strconv.FormatInt(now.Unix(), 10))
		case letter == 'N':
			fmt.Fprintf(&out, "%09d", now.Nanosecond())
		case letter == 'j':
			fmt.Fprintf(&out, "%03d", now.YearDay())
		case letter == '%':
			out.WriteByte('%')
		case dateLetters[letter] != "":
			out.WriteString(now.Format(dateLetters[letter]))
		default:
			out.WriteString("%" + string(letter))
		}
	}
	return out.String()
}
