package local

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// longestState is the most a shell may hand over, in bytes.
const longestState = 16 << 20

// stateReader takes what the shell hands over through a pipe, so that nothing of it is on disk before it was looked at.
type stateReader struct {
	path  string
	hold  *os.File // keeps the pipe open until the shell has ended
	words []byte
	over  chan struct{} // the shell has ended
	ended chan struct{}
}

func openState(path string) (*stateReader, error) {
	if err := unix.Mkfifo(path, 0o600); err != nil {
		return nil, err
	}
	near, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	hold, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		near.Close()
		return nil, err
	}
	r := &stateReader{path: path, hold: hold, over: make(chan struct{}), ended: make(chan struct{})}
	go r.readAll(near)
	return r, nil
}

// readAll lets the shell write a while before it reads on: to be woken for every word would hold up the shell.
func (r *stateReader) readAll(near *os.File) {
	const while = 10 * time.Millisecond
	defer close(r.ended)
	defer near.Close()
	buffer := make([]byte, 64*1024)
	for {
		n, err := near.Read(buffer)
		if err != nil {
			return
		}
		if len(r.words) <= longestState {
			r.words = append(r.words, buffer[:n]...)
		}
		select {
		case <-r.over:
		case <-time.After(while):
		}
	}
}

// finish returns all that was handed over. Call it when the shell has ended.
func (r *stateReader) finish() []byte {
	close(r.over)
	r.hold.Close()
	<-r.ended
	_ = os.Remove(r.path)
	return r.words
}

// shellState is what a shell was when it ended.
type shellState struct {
	options   string // as set +o prints them
	traps     string
	choices   string // as shopt -p prints them
	aliases   string
	umask     string
	status    int // $?
	directory string
	previous  string
	functions []function
	variables []variable
}

type function struct {
	header string // "declare -f name", "declare -fx name"
	body   string
}

func (f function) exported() bool { return strings.HasPrefix(f.header, "declare -fx") }
func (f function) name() string   { return f.header[strings.LastIndexByte(f.header, ' ')+1:] }

type variable struct {
	name        string
	value       string
	declaration string // as declare -p prints it
}

// hasValue is false for what was declared only.
func (v variable) hasValue() bool { return strings.Contains(v.declaration, v.name+"=") }

// longestPublic is the most bytes of a value that are shown; of a longer one its first shownOfLong are.
const (
	longestPublic = 4096
	shownOfLong   = 120
)

// shown is the value as people see it: an array as the shell writes it down, or nothing where it is empty; the beginning where it is long.
func (v variable) shown() string {
	value := v.value
	if !v.isScalar() {
		_, value, _ = strings.Cut(v.declaration, v.name+"=")
		value = strings.TrimSpace(value)
	}
	if value == "()" && !v.isScalar() {
		return ""
	}
	if len(value) > longestPublic {
		return fmt.Sprintf("%s … (%d bytes in all)", strings.ToValidUTF8(value[:shownOfLong], ""), len(value))
	}
	return value
}

// isScalar is false for arrays and references to other variables.
func (v variable) isScalar() bool {
	flags, _ := strings.CutPrefix(v.declaration, "declare ")
	flags, _, _ = strings.Cut(flags, " ")
	return !strings.ContainsAny(flags, "aAn")
}

var (
	errNoState        = errors.New("it was killed or replaced, or ran an EXIT trap of its own")
	errInsideFunction = errors.New("it ended inside a function, where variables of the function and of the shell cannot be told apart")
	errCutState       = errors.New("it ended while its variables were being saved, the disk was full, or they are larger than 16 MiB")
)

// parseState reads the words of the wrapper, in its order.
func parseState(text []byte) (*shellState, error) {
	words := &words{rest: text}
	state := &shellState{}
	for {
		switch word := words.next(); word {
		case "options":
			state.options = words.next()
		case "traps":
			state.traps = words.next()
		case "choices":
			state.choices = words.next()
		case "aliases":
			state.aliases = words.next()
		case "umask":
			state.umask = strings.TrimSpace(words.next())
		case "status":
			state.status, _ = strconv.Atoi(words.next())
		case "directory":
			state.directory = words.next()
		case "previous":
			state.previous = words.next()
		case "function":
			state.functions = append(state.functions, function{header: words.next(), body: words.next()})
		case "variable":
			state.variables = append(state.variables, variable{name: words.next(), value: words.next(), declaration: words.next()})
		case "complete":
			return state, nil
		case "inside":
			return nil, errInsideFunction
		case "":
			if len(text) == 0 {
				return nil, errNoState
			}
			return nil, errCutState
		default:
			return nil, errCutState
		}
	}
}

// words are separated by NUL, which no value can hold.
type words struct{ rest []byte }

func (w *words) next() string {
	word, rest, found := bytes.Cut(w.rest, []byte{0})
	if !found {
		w.rest = nil
		return ""
	}
	w.rest = rest
	return string(word)
}
