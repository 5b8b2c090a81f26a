package local

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"strings"
	"sync"
	"time"

	"gatewalk/exec"
	"gatewalk/exec/redact"
)

// spool records what is printed, redacted, and when. What has come is in the file before more is read from the terminal: should this
// process be killed, no more is lost than the terminal held, what had just been read, and what may have been the beginning of a
// secret. When the disk is full the command goes on all the same: one that stands still half-way through a change does more harm than
// a gap in its record. What could not be written is counted, and the end tells of it.
type spool struct {
	mutex    sync.Mutex
	file     *os.File
	began    time.Time
	times    *times
	redactor *redact.Redactor
	digest   hash.Hash
	bytes    int64
	lost     int64
	lostFrom int64
	why      error
	hidden   [][]byte // what was typed without echo
	untold   int      // lines typed so and not looked for
	warnings []string
}

func openSpool(f folder, secrets []exec.Secret) (*spool, error) {
	file, err := os.OpenFile(f.file(outputFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	times, err := openTimes(f.file(timesFile))
	if err != nil {
		file.Close()
		return nil, err
	}
	return &spool{file: file, times: times, began: time.Now(), redactor: redact.New(secrets), digest: sha256.New()}, nil
}

func (s *spool) write(p []byte) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.record(s.redactor.Next(p))
}

func (s *spool) record(p []byte) {
	n, err := s.file.Write(p)
	s.digest.Write(p[:n])
	s.times.printed(time.Since(s.began), int64(n))
	s.bytes += int64(n)
	if err == nil {
		return
	}
	if s.lost == 0 {
		s.lostFrom, s.why = s.bytes, err
	}
	s.lost += int64(len(p) - n)
}

func (s *spool) size() int64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.bytes
}

// shortestTyped is the length in bytes below which what was typed is too common in any output to be replaced there.
const shortestTyped = 4

// mostTyped is how many lines that were typed without echo are looked for. Who types more hands over data and no passwords, and to
// look for all of it in everything would hold up the command.
const mostTyped = 200

// hide makes what was typed without echo a secret.
func (s *spool) hide(typed []byte) {
	if len(typed) == 0 {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.hidden) == mostTyped {
		s.untold++
		return
	}
	s.hidden = append(s.hidden, typed)
	if len(typed) >= shortestTyped {
		s.redactor.Add(typed)
	}
}

func (s *spool) typed() [][]byte {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.hidden
}

func (s *spool) warn(text string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.warnings = append(s.warnings, text)
}

// end syncs the output and says what it came to.
func (s *spool) end() exec.End {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.record(s.redactor.Rest())
	s.times.rest()
	if err := s.file.Sync(); err != nil {
		s.warnings = append(s.warnings, "the output may not be on disk: "+err.Error())
	}
	if s.lost > 0 {
		s.warnings = append(s.warnings, fmt.Sprintf("%d bytes of output after the first %d were not recorded: %v", s.lost, s.lostFrom, s.why))
	}
	if s.untold > 0 {
		s.warnings = append(s.warnings, fmt.Sprintf("of the lines typed without echo, the %d after the first %d were not looked for in the output", s.untold, mostTyped))
	}
	if s.times.failed != nil {
		s.warnings = append(s.warnings, "when the output was printed is not fully recorded: "+s.times.failed.Error())
	}
	return exec.End{
		Bytes: s.bytes, Digest: fmt.Sprintf("sha256:%x", s.digest.Sum(nil)), Redactions: s.redactor.Count(), Hidden: len(s.hidden) + s.untold,
		Warning: joinWarnings(s.warnings...),
	}
}

func joinWarnings(warnings ...string) string {
	var said []string
	for _, warning := range warnings {
		if warning != "" {
			said = append(said, warning)
		}
	}
	return strings.Join(said, "; ")
}
