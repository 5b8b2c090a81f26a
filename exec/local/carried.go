package local

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"gatewalk/exec"
	"gatewalk/exec/redact"
)

// kept is what a shell leaves to the next.
type kept struct {
	digest  string // of the context; "" where there is none
	public  map[string]string
	warning string
}

// keep turns the state of the shell into a context on disk.
func (s *shim) keep() kept {
	text := s.state.finish()
	if s.order.Launch.Scratch {
		return kept{}
	}
	state, err := parseState(text)
	if err != nil {
		return kept{warning: notKept(err)}
	}
	sieve := newSieve(s.order.Launch, s.spool.typed())
	context := sieve.context(state)
	if sieve.known.Holds([]byte(context)) {
		return kept{warning: notKept(errors.New("a secret would have been written down with them"))}
	}
	digest, err := s.order.Root.writeContext(context)
	if err != nil {
		return kept{warning: notKept(err)}
	}
	return kept{digest: digest, public: sieve.public(state), warning: sieve.warning()}
}

func notKept(reason error) string {
	return "the shell's variables were not kept, those of earlier steps stay: " + reason.Error()
}

// writeContext stores a context under its digest. One that is there already is the same.
func (l layout) writeContext(text string) (digest string, err error) {
	digest = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
	path, err := l.context(digest)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		return digest, nil
	}
	return digest, replaceDurably(path, []byte(text))
}

// lastLine ends a context that is whole.
const lastLine = "__gatewalk_complete=1 # COMPLETE=1\n"

// checkContext says whether a context is there, whole and unchanged.
func (l layout) checkContext(digest string) error {
	if digest == "" {
		return nil
	}
	path, err := l.context(digest)
	if err != nil {
		return err
	}
	text, err := readRegular(path)
	if err != nil {
		return fmt.Errorf("the variables of earlier steps are missing: %w", err)
	}
	if digest != fmt.Sprintf("sha256:%x", sha256.Sum256(text)) || !strings.HasSuffix(string(text), lastLine) {
		return fmt.Errorf("%s: the variables of earlier steps are damaged", path)
	}
	return nil
}

// sieve decides what of a shell may be written down.
type sieve struct {
	known    *redact.Redactor
	short    []string // values too short to be looked for inside others
	names    []string // of secrets that were handed over
	silent   []string // variables read without echo
	leftOut  []string
	verdicts map[string]bool
}

func newSieve(launch exec.Launch, typed [][]byte) *sieve {
	s := &sieve{known: redact.New(nil), silent: silentReads(launch.Commands), verdicts: map[string]bool{}}
	for _, secret := range launch.Secrets {
		s.names = append(s.names, secret.Name)
		s.know(secret.Value)
	}
	for _, line := range typed {
		s.know(line)
	}
	return s
}

func (s *sieve) know(value []byte) {
	if len(value) < shortestTyped {
		s.short = append(s.short, string(value))
		return
	}
	s.known.Add(value)
}

// passes says whether a variable may be written down, and notes what the operator would miss.
func (s *sieve) passes(v variable) bool {
	if passes, decided := s.verdicts[v.name]; decided {
		return passes
	}
	handedOver := slices.Contains(s.names, v.name)
	passes := !handedOver && !isSecretName(v.name) && !slices.Contains(s.silent, v.name) && !s.holdsSecret(v)
	if !passes && !handedOver {
		s.leftOut = append(s.leftOut, v.name)
	}
	s.verdicts[v.name] = passes
	return passes
}

func (s *sieve) holdsSecret(v variable) bool {
	looks := redact.New(nil)
	looks.Next([]byte(v.declaration))
	return looks.Count() > 0 || s.known.Holds([]byte(v.declaration)) || v.value != "" && slices.Contains(s.short, v.value)
}

func (s *sieve) warning() string {
	if len(s.leftOut) == 0 {
		return ""
	}
	return "not kept for the next step, because it is or holds a secret: " + strings.Join(s.leftOut, ", ")
}

// section is a part of a context that is left out as a whole where it holds a secret.
func (s *sieve) section(name, text string) string {
	if s.known.Holds([]byte(text)) {
		s.leftOut = append(s.leftOut, name)
		return ""
	}
	return text
}

// context is the shell as another shell can source it. Options and traps are only stored: they come into force last.
func (s *sieve) context(state *shellState) string {
	var text strings.Builder
	text.WriteString(choices(state.choices))
	for _, v := range state.variables {
		if !isShellsOwn(v.name) && !ofThisLogin(v.name) && s.passes(v) {
			fmt.Fprintf(&text, "%s || __gatewalk_failed+=' %s'\n", strings.TrimRight(v.declaration, "\n"), v.name)
		}
	}
	for _, f := range state.functions {
		text.WriteString(s.section("function "+f.name(), f.source()))
	}
	text.WriteString(s.section("aliases", state.aliases))
	fmt.Fprintf(&text, "umask %s\n__gatewalk_directory=%s __gatewalk_previous=%s __gatewalk_status=%d\n",
		state.umask, quote(state.directory), quote(state.previous), state.visibleStatus())
	fmt.Fprintf(&text, "__gatewalk_options=%s\n__gatewalk_traps=%s\n", quote(state.options), quote(s.section("traps", state.traps)))
	text.WriteString(lastLine)
	return text.String()
}

// choices leaves out what is decided when a shell starts.
func choices(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "login_shell") && !strings.Contains(line, "restricted_shell") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func (f function) source() string {
	if f.exported() {
		return f.body + "export -f " + f.name() + "\n"
	}
	return f.body
}

// visibleStatus is $? for the next step, except where a code that is not 0 would itself set off something.
func (state *shellState) visibleStatus() int {
	if strings.Contains(state.options, "set -o errexit") || strings.Contains(state.traps, " ERR\n") {
		return 0
	}
	return state.status
}

// public is the table that people see, and by which the walk knows what has a value: so everything that has one is in it.
func (s *sieve) public(state *shellState) map[string]string {
	table := map[string]string{}
	for _, v := range state.variables {
		shown := isPlain(v.name) || !isShellsOwn(v.name) && !ofThisLogin(v.name)
		if shown && v.hasValue() && s.passes(v) {
			table[v.name] = v.shown()
		}
	}
	return table
}
