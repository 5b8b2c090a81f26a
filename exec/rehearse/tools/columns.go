package tools

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// sortLines sorts lines: whole, or by one key of the form N or N,M.
func sortLines(c *Call) int {
	o, err := c.options("nrufbV", "kt", map[string]byte{"numeric-sort": 'n', "reverse": 'r', "unique": 'u', "version-sort": 'V'})
	if err != nil {
		return c.fail(2, "%v", err)
	}
	order, err := sortOrder(o)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	text, bad := c.input(o.rest)
	all := lines(text)
	slices.SortStableFunc(all, func(a, b string) int {
		if by := order(a, b); by != 0 || o.flags['u'] {
			return by
		}
		return cmp.Compare(a, b)
	})
	if o.flags['u'] {
		all = slices.CompactFunc(all, func(a, b string) bool { return order(a, b) == 0 })
	}
	c.printLines(all)
	return 2 * exitCode(bad)
}

func sortOrder(o options) (func(a, b string) int, error) {
	key := func(line string) string { return line }
	numeric, reverse := o.flags['n'], o.flags['r']
	if spec := o.value('k', ""); spec != "" {
		if strings.ContainsAny(spec, "nr") { // a key's own letters stand instead of the general ones
			numeric, reverse = strings.Contains(spec, "n"), strings.Contains(spec, "r")
		}
		first, last, err := keyFields(strings.Trim(spec, "nr"))
		if err != nil {
			return nil, err
		}
		key = func(line string) string { return fieldsOf(line, o.value('t', ""), first, last) }
	}
	return func(a, b string) int {
		by := cmp.Compare(key(a), key(b))
		switch {
		case numeric:
			by = cmp.Compare(leadingNumber(key(a)), leadingNumber(key(b)))
		case o.flags['V']:
			by = compareVersions(key(a), key(b))
		case o.flags['f']:
			by = cmp.Compare(strings.ToUpper(key(a)), strings.ToUpper(key(b)))
		}
		if reverse {
			return -by
		}
		return by
	}, nil
}

// keyFields reads N or N,M. Without M the key reaches to the end of the line.
func keyFields(spec string) (first, last int, err error) {
	from, to, ranged := strings.Cut(spec, ",")
	first, err = strconv.Atoi(strings.Trim(from, "nr"))
	if err == nil && ranged {
		last, err = strconv.Atoi(strings.Trim(to, "nr"))
	}
	if err != nil || first < 1 {
		return 0, 0, fmt.Errorf("key -k %s is not rehearsed; use N or N,M", spec)
	}
	return first, last, nil
}

func fieldsOf(line, separator string, first, last int) string {
	fields := strings.Fields(line)
	if separator != "" {
		fields = strings.Split(line, separator)
	}
	if last == 0 || last > len(fields) {
		last = len(fields)
	}
	if first > last {
		return ""
	}
	return strings.Join(fields[first-1:last], cmp.Or(separator, " "))
}

func leadingNumber(text string) float64 {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.' || end == 0 && text[end] == '-') {
		end++
	}
	n, _ := strconv.ParseFloat(text[:end], 64)
	return n
}

// compareVersions compares runs of digits as numbers and all else as text.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		runA, runB := firstRun(a), firstRun(b)
		by := cmp.Compare(runA, runB)
		if isDigit(runA[0]) && isDigit(runB[0]) {
			by = cmp.Compare(leadingNumber(runA), leadingNumber(runB))
		}
		if by != 0 {
			return by
		}
		a, b = a[len(runA):], b[len(runB):]
	}
	return cmp.Compare(a, b)
}

func firstRun(text string) string {
	end := 1
	for end < len(text) && isDigit(text[end]) == isDigit(text[0]) {
		end++
	}
	return text[:end]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// uniq drops or counts lines equal to the one before.
func uniq(c *Call) int {
	o, err := c.options("cdu", "", map[string]byte{"count": 'c', "repeated": 'd', "unique": 'u'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	text, bad := c.input(o.rest)
	var out []string
	all := lines(text)
	for i := 0; i < len(all); {
		n := 1
		for i+n < len(all) && all[i+n] == all[i] {
			n++
		}
		line := all[i]
		if o.flags['c'] {
			line = fmt.Sprintf("%7d %s", n, line)
		}
		if !(o.flags['d'] && n == 1) && !(o.flags['u'] && n > 1) {
			out = append(out, line)
		}
		i += n
	}
	c.printLines(out)
	return exitCode(bad)
}

// cut prints chosen fields or characters of each line.
func cut(c *Call) int {
	o, err := c.options("s", "dfc", map[string]byte{"delimiter": 'd', "fields": 'f', "characters": 'c', "only-delimited": 's'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	list := o.value('f', o.value('c', ""))
	chosen, err := cutList(list)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	text, bad := c.input(o.rest)
	var out []string
	for _, line := range lines(text) {
		delimiter := o.value('d', "\t")
		if len(o.values['c']) > 0 {
			delimiter = ""
		}
		if delimiter != "" && !strings.Contains(line, delimiter) {
			if !o.flags['s'] {
				out = append(out, line)
			}
			continue
		}
		out = append(out, chosen(strings.Split(line, delimiter), delimiter))
	}
	c.printLines(out)
	return exitCode(bad)
}

// cutList reads 1,3-5,7- into a function that picks and joins those parts.
func cutList(list string) (func(parts []string, joint string) string, error) {
	type span struct{ from, to int }
	var spans []span
	for piece := range strings.SplitSeq(list, ",") {
		from, to, ranged := strings.Cut(piece, "-")
		if !ranged {
			to = from
		}
		first, err1 := strconv.Atoi(cmp.Or(from, "1"))
		last, err2 := strconv.Atoi(cmp.Or(to, strconv.Itoa(1<<30)))
		if err1 != nil || err2 != nil || piece == "" || first < 1 || last < first {
			return nil, fmt.Errorf("invalid list %q; write -f 1,3-5 or -c 1-8", list)
		}
		spans = append(spans, span{first, last})
	}
	return func(parts []string, joint string) string {
		var picked []string
		for i, part := range parts {
			if slices.ContainsFunc(spans, func(s span) bool { return s.from <= i+1 && i+1 <= s.to }) {
				picked = append(picked, part)
			}
		}
		return strings.Join(picked, joint)
	}, nil
}
