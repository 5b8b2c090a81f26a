package local

// keyboard follows what is typed while the terminal does not show it, so that it is known as a secret from then on.
type keyboard struct{ line []byte }

// hidden takes keys and returns the lines they complete. What is typed visibly is forgotten at once.
func (k *keyboard) hidden(keys []byte, hides bool) [][]byte {
	if !hides {
		k.line = nil
		return nil
	}
	var lines [][]byte
	for _, key := range keys {
		switch key {
		case '\r', '\n':
			lines = append(lines, k.line)
			k.line = nil
		case 0x7f, '\b':
			k.line = k.line[:max(0, len(k.line)-1)]
		case 0x03, 0x15: // ctrl-c, ctrl-u
			k.line = nil
		default:
			k.line = append(k.line, key)
		}
	}
	return lines
}
