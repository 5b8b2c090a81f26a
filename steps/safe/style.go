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
	numbers := strings.Split(parameters, ";")
	for len(numbers) > 0 {
		number, details, _ := strings.Cut(numbers[0], ":")
		n, err := strconv.Atoi(number)
		if err != nil && number != "" {
			n = -1
		}
		numbers = numbers[1:]
		switch {
		case n == 38 || n == 48 || n == 58:
			var c colour
			if details != "" {
				c, _ = extended(withoutSpace(strings.Split(details, ":")))
			} else {
				c, numbers = extended(numbers)
			}
			s = s.paint(n, c)
		case n == 4 && details == "0":
			s.attributes &^= underline
		default:
			s = s.set(n)
		}
	}
	return s
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

// extended reads "5;N" or "2;R;G;B" and hands back what follows it.
func extended(numbers []string) (colour, []string) {
	switch {
	case len(numbers) >= 2 && numbers[0] == "5":
		n, err := strconv.ParseUint(numbers[1], 10, 8)
		if err != nil {
			return 0, numbers[2:]
		}
		return paletteColour | colour(n), numbers[2:]
	case len(numbers) >= 4 && numbers[0] == "2":
		c := directColour
		for i, shift := range []int{16, 8, 0} {
			n, err := strconv.ParseUint(numbers[1+i], 10, 8)
			if err != nil {
				return 0, numbers[4:]
			}
			c |= colour(n) << shift
		}
		return c, numbers[4:]
	}
	return 0, nil
}

// withoutSpace drops the colour space that the colon form may name between "2" and the three numbers (ITU-T T.416).
func withoutSpace(numbers []string) []string {
	if len(numbers) >= 5 && numbers[0] == "2" {
		return append([]string{"2"}, numbers[2:]...)
	}
	return numbers
}

// open is the one sequence that makes everything look like this, whatever came before.
func (s style) open() string {
	b := []byte("\x1b[0")
	for bit, number := range []byte("123479") {
		if s.attributes&(1<<bit) != 0 {
			b = append(b, ';', number)
		}
	}
	b = s.foreground.append(b, 30)
	if s.background != s.foreground { // text in the colour of its ground is hidden text
		b = s.background.append(b, 40)
	}
	return string(append(b, 'm'))
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
