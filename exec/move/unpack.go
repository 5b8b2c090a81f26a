package move

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"gatewalk/runbook/doc"
)

// Limits are what an archive may ask of this machine.
type Limits struct {
	Files int
	Bytes int64 // unpacked
	Spare int64 // room that is left on the disk
}

// DefaultLimits are far above any walk that was ever taken, and below what would harm a console.
var DefaultLimits = Limits{Files: 200_000, Bytes: 64 << 30, Spare: 64 << 20}

// maxSums is the longest SHA256SUMS that so many files have.
func (l Limits) maxSums() int64 { return int64(l.Files) * 256 }

var sessionName = doc.Pattern(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// unpacking is an archive being unpacked into an empty directory of its own.
type unpacking struct {
	limits Limits
	into   *os.Root
	id     string
	sums   map[string]string // of the files unpacked
	bytes  int64
	whole  bool
}

// unpack puts the files of an archive into a directory, each of which must have the digest that the archive gives. It
// answers the session's id. Whatever is no plain file of a record is refused by its name.
func unpack(r io.Reader, dir string, limits Limits) (id string, err error) {
	into, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer into.Close()
	zip, err := gzip.NewReader(r)
	if err != nil {
		return "", errors.New("it is no archive of a session; give the file that gatewalk move wrote")
	}
	u := &unpacking{limits: limits, into: into, sums: map[string]string{}}
	if err := u.all(tar.NewReader(zip)); err != nil {
		return "", err
	}
	// What stands behind the end is not looked at, but must be there to be read: the checksum of gzip is last.
	if _, err := io.Copy(io.Discard, io.LimitReader(zip, limits.maxSums())); err != nil {
		return "", cutOff(err)
	}
	if !u.whole {
		return "", cutOff(io.ErrUnexpectedEOF)
	}
	return u.id, nil
}

func cutOff(err error) error {
	return fmt.Errorf("the archive is damaged or cut off (%w); copy it once more, or write it again with gatewalk move", err)
}

func (u *unpacking) all(files *tar.Reader) error {
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return cutOff(err)
		}
		if err := u.one(header, files); err != nil {
			return err
		}
	}
}

// one takes in one member of the archive.
func (u *unpacking) one(header *tar.Header, content io.Reader) error {
	id, name, _ := strings.Cut(header.Name, "/")
	switch {
	case header.Typeflag != tar.TypeReg:
		return fmt.Errorf("%q in the archive is no plain file; such an archive was not written by gatewalk", header.Name)
	case u.id != "" && id != u.id, len(id) > 100, !sessionName().MatchString(id), name != sumsName && !recorded().MatchString(name):
		return fmt.Errorf("%q in the archive is no file of a session's record; such an archive was not written by gatewalk", header.Name)
	case u.whole, u.sums[name] != "":
		return fmt.Errorf("%q in the archive comes twice or too late; such an archive was not written by gatewalk", header.Name)
	case len(u.sums) >= u.limits.Files, header.Size > u.limits.Bytes-u.bytes:
		return fmt.Errorf("the archive holds more than %d files or %d bytes, which no session does", u.limits.Files, u.limits.Bytes)
	}
	u.id = id
	if name == sumsName {
		return u.compare(header, content)
	}
	return u.file(name, header, content)
}

func (u *unpacking) file(name string, header *tar.Header, content io.Reader) error {
	if err := u.room(header.Size); err != nil {
		return err
	}
	if err := u.into.MkdirAll(path.Dir(u.id+"/"+name), 0o700); err != nil {
		return err
	}
	created, err := u.into.OpenFile(u.id+"/"+name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer created.Close()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(created, sum), content); err != nil {
		if errors.Is(err, unix.ENOSPC) {
			return u.noRoom()
		}
		return cutOff(err)
	}
	u.bytes += header.Size
	u.sums[name] = hex.EncodeToString(sum.Sum(nil))
	if err := u.into.Chtimes(u.id+"/"+name, header.ModTime, header.ModTime); err != nil {
		return err
	}
	return created.Sync()
}

// room refuses what would leave too little.
func (u *unpacking) room(size int64) error {
	var disk unix.Statfs_t
	if err := unix.Statfs(u.into.Name(), &disk); err == nil && size > int64(disk.Bavail)*disk.Bsize-u.limits.Spare {
		return u.noRoom()
	}
	return nil
}

func (u *unpacking) noRoom() error {
	return fmt.Errorf("%s: there is no room for the session; make some, then do the same again", filepath.Dir(u.into.Name()))
}

// compare holds what was unpacked against the sums, which are the last member.
func (u *unpacking) compare(header *tar.Header, content io.Reader) error {
	if header.Size > u.limits.maxSums() {
		return errors.New("the archive's sums are longer than those of any session; such an archive was not written by gatewalk")
	}
	text, err := io.ReadAll(content)
	if err != nil {
		return cutOff(err)
	}
	want := map[string]string{}
	for line := range bytes.Lines(text) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), "  ")
		want[name] = sum
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if u.sums[name] != want[name] {
			return cutOff(fmt.Errorf("%q is not what was packed", name))
		}
	}
	if len(want) != len(u.sums) {
		return cutOff(errors.New("it holds files that were not packed"))
	}
	u.whole = true
	return nil
}
