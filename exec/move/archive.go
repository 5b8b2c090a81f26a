package move

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"gatewalk/runbook/doc"
)

// An archive is a gzipped tar of plain files, all in one directory that is named after the session:
//
//	ID/plan.json, ID/source/…, ID/attachments/…, ID/contexts/…, ID/attempts/N/…
//	ID/journal.jsonl   sealed
//	ID/SHA256SUMS      of all the others, for sha256sum -c
//
// The last one says that the archive is whole.
const (
	journalName = "journal.jsonl"
	sumsName    = "SHA256SUMS"
)

// recorded are the files that a record consists of. Nothing else is packed, and nothing else is unpacked: the rest of a
// session's directory belongs to the processes of one machine.
var recorded = doc.Pattern(`^(?:journal\.jsonl|plan\.json|(?:source|attachments)/[A-Za-z0-9_][A-Za-z0-9._-]*|contexts/(?:[0-9a-f]+|latest)|attempts/[1-9][0-9]*/[a-z]+)$`)

// archive is an archive being written.
type archive struct {
	id   string
	root *os.Root
	zip  *gzip.Writer
	tar  *tar.Writer
	sums strings.Builder
}

func newArchive(w io.Writer, dir, id string) (*archive, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		panic("move: gzip has no such level: " + err.Error())
	}
	return &archive{id: id, root: root, zip: zip, tar: tar.NewWriter(zip)}, nil
}

func (a *archive) close() { a.root.Close() }

// files packs everything but the journal.
func (a *archive) files() error {
	return fs.WalkDir(a.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.Count(name, "/") == 2: // what an attempt worked in
			return fs.SkipDir
		case !recorded().MatchString(name) || name == journalName:
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s: is no plain file; find out who put it there, gatewalk did not", path.Join(a.root.Name(), name))
		}
		return a.file(name)
	})
}

// file packs one file. One that still grows is packed as long as it was when it was looked at.
func (a *archive) file(name string) error {
	opened, err := a.root.Open(name)
	if err != nil {
		return err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return err
	}
	if err := a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: a.id + "/" + name, Size: info.Size(), Mode: 0o600, ModTime: info.ModTime(), Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(a.tar, sum), io.LimitReader(opened, info.Size())); err != nil {
		return err
	}
	fmt.Fprintf(&a.sums, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), name)
	return nil
}

// finish packs the journal and the sums of all files.
func (a *archive) finish() error {
	if err := a.file(journalName); err != nil {
		return err
	}
	if err := a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: a.id + "/" + sumsName, Size: int64(a.sums.Len()), Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return err
	}
	if _, err := io.WriteString(a.tar, a.sums.String()); err != nil {
		return err
	}
	if err := a.tar.Close(); err != nil {
		return err
	}
	return a.zip.Close()
}
