package session

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/runbook/doc"
)

var unfit = doc.Pattern(`[^A-Za-z0-9]+`)

// newID names a session by when it began and what it walks; n counts those that began in the same second.
func newID(now time.Time, source string, n int) string {
	name := source
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	name = strings.Trim(unfit().ReplaceAllString(name, "-"), "-")
	if len(name) > 40 {
		name = strings.TrimRight(name[:40], "-")
	}
	if name == "" {
		name = "runbook"
	}
	id := now.Format("20060102-150405") + "-" + name
	if n > 1 {
		id += "-" + strconv.Itoa(n)
	}
	return id
}

// NewDir makes the directory of a session of what a source says, with an empty journal, also where another began in this second.
func NewDir(source string) (string, error) {
	for n, now := 1, time.Now(); ; n++ {
		dir, err := journal.Dir(newID(now, source, n))
		if err != nil {
			return "", err
		}
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			held, err := journal.Create(dir)
			if err != nil {
				return "", err
			}
			return dir, held.Close()
		}
	}
}
