package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gatewalk/exec/session"
	"gatewalk/runbook"
)

// procedure is what is walked: a document, with what its site lays over it and the documents that it calls.
type procedure struct {
	plan   *runbook.Plan
	source []byte
	beside []session.Document
	called []called
	folder string // what no file was read outside of
}

// called is a document that another calls, by its path below the folder.
type called struct {
	name   string
	source []byte
}

// procedureFlags say how much of the folder around a document is read.
func procedureFlags(c *cobra.Command) {
	c.Flags().Bool("follow", false, "read the procedures that the document calls in other files, and walk them where they are called")
	c.Flags().Bool("no-overlay", false, "leave the site's overlay NAME.gatewalk.yaml beside the document out")
	c.Flags().String("root", "", "with --follow: the folder that no file is read outside of (else the git work tree around the document, or its folder)")
}

// readProcedure reads a document with the site's overlay beside it, NAME.gatewalk.yaml for NAME.md, and where the command
// line says so the documents that it calls.
func readProcedure(c *cobra.Command, name string) (p procedure, err error) {
	if p.plan, p.source, err = readPlan(c, name); err != nil || name == "-" {
		return p, err
	}
	if follow, err := c.Flags().GetBool("follow"); err != nil {
		return p, err
	} else if follow {
		if err := p.follow(c, name); err != nil {
			return p, err
		}
	}
	if alone, err := c.Flags().GetBool("no-overlay"); err != nil || alone {
		return p, err
	}
	return p, p.overlay(strings.TrimSuffix(name, filepath.Ext(name)) + ".gatewalk.yaml")
}

// overlay lays the site's file over the plan, if there is one.
func (p *procedure) overlay(name string) error {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	source, err := readSource(name)
	if err != nil {
		return err
	}
	overlay, err := runbook.ReadOverlay(filepath.Base(name), source)
	if err != nil {
		return err
	}
	if p.plan, err = runbook.Apply(p.plan, overlay); err != nil {
		return err
	}
	p.beside = append(p.beside, session.Document{Name: overlay.Name, Source: source})
	return nil
}

// follow reads what the document calls, and nothing outside of a folder.
func (p *procedure) follow(c *cobra.Command, name string) error {
	folder, err := c.Flags().GetString("root")
	if err != nil {
		return err
	}
	document, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	if folder == "" {
		folder = workTree(filepath.Dir(document))
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	at, err := filepath.Rel(folder, document)
	if err != nil || !filepath.IsLocal(at) {
		return fmt.Errorf("%s: it does not lie in %s; give a folder around it with --root", name, folder)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	p.folder = folder
	p.plan, err = runbook.Follow(p.plan, filepath.ToSlash(at), func(target string) ([]byte, error) {
		source, err := readInside(root, target)
		if err == nil {
			p.beside = append(p.beside, session.Document{Name: target, Source: source})
			p.called = append(p.called, called{target, source})
		}
		return source, err
	})
	return err
}

// readInside reads a file that lies in a folder, also by its links: what leads out of the folder is refused, and so is what
// is no file.
func readInside(root *os.Root, target string) ([]byte, error) {
	name, err := url.PathUnescape(target)
	if err != nil {
		return nil, errors.New("it is no path")
	}
	file, err := root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, fmt.Errorf("it is not read from %s (%w); --root says how far files may be read", root.Name(), errors.Unwrap(err))
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	return io.ReadAll(io.LimitReader(file, runbook.MaxSize+1))
}

// workTree is the git work tree around a folder, else the folder. A home directory that is one holds more than procedures.
func workTree(folder string) string {
	home, _ := os.UserHomeDir()
	for up := folder; up != filepath.Dir(up) && up != home; up = filepath.Dir(up) {
		if _, err := os.Lstat(filepath.Join(up, ".git")); err == nil {
			return up
		}
	}
	return folder
}
