package rehearse

import (
	"io"
	"sync"

	"gatewalk/exec"
	"gatewalk/exec/redact"
)

// secrets keeps what is secret out of an attempt's output and out of what it leaves behind.
type secrets struct {
	mutex    sync.Mutex
	given    []exec.Secret
	silent   map[string]bool // variables read without echo
	redactor *redact.Redactor
	out      io.Writer
}

func newSecrets(given []exec.Secret, out io.Writer) *secrets {
	return &secrets{given: given, silent: map[string]bool{}, redactor: redact.New(given), out: out}
}

// Write passes output on without the secrets in it.
func (s *secrets) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	_, err := s.out.Write(s.redactor.Next(p))
	return len(p), err
}

// finish passes the rest on and says how many secrets there were.
func (s *secrets) finish() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	_, _ = s.out.Write(s.redactor.Rest())
	return s.redactor.Count()
}

// values are the secrets by name, for the environment of the commands.
func (s *secrets) values() map[string]string {
	values := map[string]string{}
	for _, secret := range s.given {
		values[secret.Name] = string(secret.Value)
	}
	return values
}

// readSilently notes a variable that is read without echo.
func (s *secrets) readSilently(name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.silent[name] = true
}

// learn takes up the value of a variable if it was read without echo.
func (s *secrets) learn(name, value string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.silent[name] && value != "" {
		s.given = append(s.given, exec.Secret{Name: name, Value: []byte(value)})
		s.redactor.Add([]byte(value))
	}
}

// allows says whether a variable may be written down: neither its name nor any of its values is secret.
func (s *secrets) allows(name string, v variable) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, secret := range s.given {
		if secret.Name == name {
			return false
		}
	}
	seen := redact.New(s.given)
	for _, value := range v.values() {
		seen.Next([]byte("\n" + name + "=" + value + "\n"))
	}
	seen.Rest()
	return seen.Count() == 0
}

// outOf takes the secrets out of a world's files.
func (s *secrets) outOf(world worldState) worldState {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for name, entry := range world.Files {
		clean := redact.New(s.given)
		entry.Data = append(clean.Next(entry.Data), clean.Rest()...)
		world.Files[name] = entry
	}
	return world
}
