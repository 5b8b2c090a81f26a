package safe

import (
	"strconv"
	"strings"
)

// style is how a cell looks. Concealed and blinking text are not among the looks: the one hides, the other annoys.
type style struct {
	foreground, background colour
	attributes             attribute
}

// colour is none, one of the 256 of a palette, or red, green and blue.
type colour uint32

const (
	paletteColour colour = 1 << 24
	directColour  colour = 2 << 24
)

type attribute uint8

const (
	bold attribute = 1 << iota
	faint
	italic
	underline
	reverse
	strike
)

// switches are the SGR numbers that turn attributes on and off.
var switches = map[int]struct{ on, off attribute }{
	1: {on: bold}, 2: {on: faint}, 3: {on: italic}, 4: {on: underline}, 7: {on: reverse}, 9: {on: strike}, 21: {on: underline},
	22: {off: bold | faint}, 23: {off: italic}, 24: {off: underline}, 27: {off: reverse}, 29: {off: strike},
}

// apply is the style after an SGR sequence with these parameters. What it does not know changes nothing.
func (s style) apply(parameters string) style {
	for more := true; more; {
		var first string
		first, parameters, more = strings.Cut(parameters, ";")
		number, details, _ := strings.Cut(first, ":")
		n, err := strconv.Atoi(number)
		switch {
		case number == "":
			s = style{}
		case err != nil:
		case (n == 38 || n == 48 || n == 58) && details != "":
			s = s.paint(n, extended(withoutSpace(strings.Split(details, ":"))))
		case n == 38 || n == 48 || n == 58:
			var c []string
			c, parameters, more = takeColour(parameters, more)
			s = s.paint(n, extended(c))
		case n == 4 && details == "0":
			s.attributes &^= underline
		default:
			s = s.set(n)
		}
	}
	return s
}

// takeColour takes from parameters what belongs to the colour they begin with.
func takeColour(parameters string, more bool) (c []string, rest string, left bool) {
	wanted := 2
	if strings.HasPrefix(parameters, "2;") {
		wanted = 4
	}
	for ; more && wanted > 0; wanted-- {
		var first string
		first, parameters, more = strings.Cut(parameters, ";")
		c = append(c, first)
	}
	return c, parameters, more
}

// paint sets a colour that was written out. 58, the colour of underlines, is read over.
func (s style) paint(which int, c colour) style {
	switch {
	case c == 0:
	case which == 38:
		s.foreground = c
	case which == 48:
		s.background = c
	}
	return s
}

func (s style) set(n int) style {
	switch {
	case n == 0:
		return style{}
	case n >= 30 && n <= 37:
		s.foreground = paletteColour | colour(n-30)
	case n == 39:
		s.foreground = 0
	case n >= 40 && n <= 47:
		s.background = paletteColour | colour(n-40)
	case n == 49:
		s.background = 0
	case n >= 90 && n <= 97:
		s.foreground = paletteColour | colour(n-90+8)
	case n >= 100 && n <= 107:
		s.background = paletteColour | colour(n-100+8)
	}
	change := switches[n]
	s.attributes = s.attributes&^change.off | change.on
	return s
}

// extended reads "5;N" or "2;R;G;B", already split. What is neither is no colour.
func extended(numbers []string) colour {
	var kind colour
	switch {
	case len(numbers) == 2 && numbers[0] == "5":
		kind = paletteColour
	case len(numbers) == 4 && numbers[0] == "2":
		kind = directColour
	default:
		return 0
	}
	var value colour
	for _, number := range numbers[1:] {
		n, err := strconv.ParseUint(number, 10, 8)
		if err != nil {
			return 0
		}
		value = value<<8 | colour(n)
	}
	return kind | value
}

// withoutSpace drops the colour space that the colon form may name between "2" and the three numbers (ITU-T T.416).
func withoutSpace(numbers []string) []string {
	if len(numbers) == 5 && numbers[0] == "2" {
		return append([]string{"2"}, numbers[2:]...)
	}
	return numbers
}

// open appends the one sequence that makes everything look like this, whatever came before.
func (s style) open(b []byte) []byte {
	b = append(b, "\x1b[0"...)
	for bit, number := range []byte("123479") {
		if s.attributes&(1<<bit) != 0 {
			b = append(b, ';', number)
		}
	}
	b = s.foreground.append(b, 30)
	if s.background != s.foreground { // text in the colour of its ground is hidden text
		b = s.background.append(b, 40)
	}
	return append(b, 'm')
}

func (c colour) append(b []byte, base int) []byte {
	n := int(c &^ (paletteColour | directColour))
	switch {
	case c == 0:
		return b
	case c&directColour != 0:
		b = append(b, ';')
		b = strconv.AppendInt(b, int64(base+8), 10)
		b = append(b, ";2"...)
		for _, shift := range []int{16, 8, 0} {
			b = append(b, ';')
			b = strconv.AppendInt(b, int64(n>>shift&0xff), 10)
		}
		return b
	case n < 8:
		return strconv.AppendInt(append(b, ';'), int64(base+n), 10)
	case n < 16:
		return strconv.AppendInt(append(b, ';'), int64(base+60+n-8), 10)
	}
	b = strconv.AppendInt(append(b, ';'), int64(base+8), 10)
	return strconv.AppendInt(append(b, ";5;"...), int64(n), 10)
}
