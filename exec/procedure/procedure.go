// Package procedure reads a procedure from disk: the document, what its site lays over it, and the documents that it calls.
//
// Its promise: no file is read outside of the folder it was told, however a link leads out of it; what was read is handed over
// with the plan, so that a session can store all that it walks.
package procedure

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gatewalk/exec/session"
	"gatewalk/runbook"
)

// Options say how a document is read, and how much of the folder around it.
type Options struct {
	Syntax    string // one of runbook.Syntaxes; "" to tell it by name and content
	Follow    bool   // read the documents that it calls, and walk them where they are called
	Root      string // with Follow: no file is read outside of it; "" is the git work tree around the document, or its folder
	NoOverlay bool   // leave the site's overlay beside the document out
}

// Procedure is what is walked.
type Procedure struct {
	Plan   *runbook.Plan
	Source []byte
	Beside []session.Document // what else the plan was made from
	called []called
	folder string // what no file was read outside of
}

// called is a document that another calls, by its path below the folder.
type called struct {
	name   string
	source []byte
}

// standardInput is the name that stands for it.
const standardInput = "-"

// Read reads a document with the site's overlay beside it, NAME.gatewalk.yaml for NAME.md, and as the options say the documents
// that it calls.
func Read(name string, options Options) (p Procedure, err error) {
	if p.Plan, p.Source, err = readPlan(name, options.Syntax); err != nil || name == standardInput {
		return p, err
	}
	if options.Follow {
		if err := p.follow(name, options.Root); err != nil {
			return p, err
		}
	}
	if options.NoOverlay {
		return p, nil
	}
	return p, p.overlay(strings.TrimSuffix(name, filepath.Ext(name)) + ".gatewalk.yaml")
}

func readPlan(name, syntax string) (*runbook.Plan, []byte, error) {
	source, err := ReadSource(name)
	if err != nil {
		return nil, nil, err
	}
	if name == standardInput {
		name = "standard-input"
	}
	plan, err := runbook.ReadAs(syntax, filepath.Base(name), source)
	return plan, source, err
}

// ReadSource reads a file or standard input whole, as far as a procedure can be long.
func ReadSource(name string) ([]byte, error) {
	file := os.Stdin
	if name != standardInput {
		opened, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // to open a pipe that nobody writes to would wait for ever
		if err != nil {
			return nil, fmt.Errorf("%s: cannot be read: %w; give the path of a file that is there", name, errors.Unwrap(err))
		}
		defer opened.Close()
		file = opened
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: is a directory; give one of the files in it", name)
	}
	return io.ReadAll(io.LimitReader(file, runbook.MaxSize+1))
}

// overlay lays the site's file over the plan, if there is one.
func (p *Procedure) overlay(name string) error {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	source, err := ReadSource(name)
	if err != nil {
		return err
	}
	overlay, err := runbook.ReadOverlay(filepath.Base(name), source)
	if err != nil {
		return err
	}
	if p.Plan, err = runbook.Apply(p.Plan, overlay); err != nil {
		return err
	}
	p.Beside = append(p.Beside, session.Document{Name: overlay.Name, Source: source})
	return nil
}
