package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// Stored is a file that is on disk whole.
type Stored struct {
	Name   string // by which Source or Attachment opens it again
	Digest string // "sha256:…"
	Bytes  int64
}

// StoreSource keeps a document that was read, under a name like the one given.
func (j *Journal) StoreSource(name string, content io.Reader) (Stored, error) {
	return j.storeNew(sources, name, content)
}

// StoreAttachment keeps a copy of a file, under a name like the one given.
func (j *Journal) StoreAttachment(name string, content io.Reader) (Stored, error) {
	return j.storeNew(attachments, name, content)
}

// StorePlan keeps the plan. A session has one, which never changes.
func (j *Journal) StorePlan(plan []byte) (Stored, error) {
	names, err := j.disk.names(".")
	if err != nil {
		return Stored{}, err
	}
	if slices.Contains(names, planFile) {
		return Stored{}, &Problem{j.path(planFile), "is there already, and a session has one plan", "begin a new session", fs.ErrExist}
	}
	return j.store(planFile, bytes.NewReader(plan))
}

// storeNew stores a file under a name that nothing else has: what was recorded earlier is never replaced.
func (j *Journal) storeNew(dir, like string, content io.Reader) (Stored, error) {
	taken, err := j.disk.names(dir)
	if err != nil {
		return Stored{}, err
	}
	return j.store(dir+"/"+freeName(taken, tameName(like)), content)
}

const unfinishedFile = ".unfinished"

// store writes a file so that it is there whole or not at all: beside its place first, synced, then renamed.
func (j *Journal) store(name string, content io.Reader) (Stored, error) {
	unfinished := path.Join(path.Dir(name), unfinishedFile)
	stored, err := j.spill(unfinished, name, content)
	if err == nil {
		err = j.disk.rename(unfinished, name)
	}
	if err != nil {
		return Stored{}, errors.Join(j.cannotWrite(name, err), j.forget(unfinished))
	}
	if err := j.disk.sync(path.Dir(name)); err != nil {
		return Stored{}, j.cannotWrite(name, err)
	}
	stored.Name = path.Base(name)
	return stored, nil
}

// spill writes what is to be called name to a new or leftover file and syncs it.
func (j *Journal) spill(unfinished, name string, content io.Reader) (Stored, error) {
	opened, err := j.disk.open(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return Stored{}, err
	}
	defer opened.Close()
	sum, original := sha256.New(), &original{Reader: content}
	n, err := io.Copy(io.NewOffsetWriter(opened, 0), io.TeeReader(original, sum))
	if original.err != nil {
		return Stored{}, j.unreadable(name, original.err)
	}
	if err != nil {
		return Stored{}, err
	}
	return Stored{Digest: "sha256:" + hex.EncodeToString(sum.Sum(nil)), Bytes: n}, opened.Sync()
}

func (j *Journal) unreadable(name string, err error) error {
	return &Problem{j.path(name), fmt.Sprintf("what is to be stored cannot be read to its end (%s)", errno(err)), "look at the original, then try again", err}
}

// original remembers that reading failed, so that nobody looks for the fault on our disk.
type original struct {
	io.Reader
	err error
}

func (o *original) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		o.err = err
	}
	return n, err
}

// ensure makes a directory, durably, if it is not there.
func (j *Journal) ensure(dir string) error {
	err := j.disk.mkdir(dir)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = j.disk.sync(path.Dir(dir))
	}
	if err != nil {
		return j.cannotWrite(dir, err)
	}
	return nil
}

// grow appends to a file, durably, what rest reads from its end on.
func (j *Journal) grow(name string, rest func(end int64) io.Reader) (int64, error) {
	opened, err := j.disk.open(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return 0, j.cannotWrite(name, err)
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return 0, err
	}
	end := info.Size()
	original := &original{Reader: rest(end)}
	n, err := io.Copy(io.NewOffsetWriter(opened, end), original)
	if original.err != nil {
		return n, j.unreadable(name, original.err)
	}
	if err := errors.Join(err, opened.Sync(), j.disk.sync(path.Dir(name))); err != nil {
		return n, j.cannotWrite(name, err)
	}
	return n, nil
}

// forget removes a file that need not be there.
func (j *Journal) forget(name string) error {
	if err := j.disk.remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

var wild = doc.Pattern(`[^A-Za-z0-9._-]+`)

// tameName is the last element of a path or link without what a shell, a terminal or another system could trip over.
func tameName(like string) string {
	name := strings.TrimLeft(wild().ReplaceAllString(path.Base(like), "_"), ".-")
	if len(name) > 100 {
		name = name[len(name)-100:]
	}
	if strings.Trim(name, "_") == "" {
		return "file"
	}
	return name
}

// freeName is a name, or the name with the first number that makes it a new one: plan.md, plan-2.md.
func freeName(taken []string, name string) string {
	kind := path.Ext(name)
	for i, free := 2, name; ; i++ {
		if !slices.Contains(taken, free) {
			return free
		}
		free = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, kind), i, kind)
	}
}
