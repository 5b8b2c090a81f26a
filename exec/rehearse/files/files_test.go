package files_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec/rehearse/files"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func newSystem() *files.System { return files.New(func() time.Time { return noon }) }

// disk is what a System and the real disk have in common.
type disk interface {
	write(name, text string, flag int) error
	read(name string) (string, error)
	mkdir(name string) error
	remove(name string) error
	removeAll(name string) error
	rename(from, to string) error
	list(name string) ([]string, error)
}

type simulated struct{ *files.System }

func (s simulated) write(name, text string, flag int) error {
	file, err := s.Open(name, flag, 0o644)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, text)
	return errors.Join(err, file.Close())
}

func (s simulated) read(name string) (string, error) {
	data, err := s.ReadFile(name)
	return string(data), err
}
func (s simulated) mkdir(name string) error      { return s.Mkdir(name) }
func (s simulated) remove(name string) error     { return s.Remove(name) }
func (s simulated) rename(from, to string) error { return s.Rename(from, to) }
func (s simulated) removeAll(name string) error  { s.RemoveAll(name); return nil }
func (s simulated) list(name string) ([]string, error) {
	entries, err := s.ReadDir(name)
	return namesOf(entries), err
}

type real string

func (r real) at(name string) string { return filepath.Join(string(r), name) }
func (r real) write(name, text string, flag int) error {
	file, err := os.OpenFile(r.at(name), flag, 0o644)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, text)
	return errors.Join(err, file.Close())
}

func (r real) read(name string) (string, error) {
	data, err := os.ReadFile(r.at(name))
	return string(data), err
}
func (r real) mkdir(name string) error      { return os.Mkdir(r.at(name), 0o755) }
func (r real) remove(name string) error     { return os.Remove(r.at(name)) }
func (r real) removeAll(name string) error  { return os.RemoveAll(r.at(name)) }
func (r real) rename(from, to string) error { return os.Rename(r.at(from), r.at(to)) }
func (r real) list(name string) ([]string, error) {
	entries, err := os.ReadDir(r.at(name))
	return namesOf(entries), err
}

func namesOf(entries []fs.DirEntry) []string {
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// TestASystemBehavesLikeTheRealDisk does the same at random to both.
func TestASystemBehavesLikeTheRealDisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "disk-")
		require.NoError(t, err)
		defer os.RemoveAll(dir)
		ours, theirs := disk(simulated{newSystem()}), disk(real(dir))
		names := rapid.SampledFrom([]string{"/a", "/a/b", "/a/b/c", "/d", "/d/b", "/e"})
		t.Repeat(map[string]func(*rapid.T){
			"write": func(t *rapid.T) {
				name, text := names.Draw(t, "name"), rapid.SampledFrom([]string{"", "x", "long text"}).Draw(t, "text")
				flag := rapid.SampledFrom([]int{
					os.O_WRONLY, os.O_WRONLY | os.O_CREATE, os.O_WRONLY | os.O_CREATE | os.O_TRUNC,
					os.O_WRONLY | os.O_CREATE | os.O_APPEND, os.O_WRONLY | os.O_CREATE | os.O_EXCL,
				}).Draw(t, "flag")
				alike(t, ours.write(name, text, flag), theirs.write(name, text, flag))
			},
			"read": func(t *rapid.T) {
				name := names.Draw(t, "name")
				mine, err1 := ours.read(name)
				their, err2 := theirs.read(name)
				alike(t, err1, err2)
				require.Equal(t, their, mine)
			},
			"mkdir": func(t *rapid.T) {
				name := names.Draw(t, "name")
				alike(t, ours.mkdir(name), theirs.mkdir(name))
			},
			"remove": func(t *rapid.T) {
				name := names.Draw(t, "name")
				alike(t, ours.remove(name), theirs.remove(name))
			},
			"remove all": func(t *rapid.T) {
				name := names.Draw(t, "name")
				_ = theirs.removeAll(name) // it calls a path through a file an error, and so leaves it
				_ = ours.removeAll(name)
			},
			"list": func(t *rapid.T) {
				name := names.Draw(t, "name")
				mine, err1 := ours.list(name)
				their, err2 := theirs.list(name)
				alike(t, err1, err2)
				require.Equal(t, their, mine)
			},
			"rename": func(t *rapid.T) {
				from, to := names.Draw(t, "from"), names.Draw(t, "to")
				if from != to && !strings.HasPrefix(to, from+"/") && !strings.HasPrefix(from, to+"/") {
					alike(t, ours.rename(from, to), theirs.rename(from, to))
				}
			},
		})
	})
}

// alike wants both to fail, or neither. Why they fail is the same but for the order in which a disk looks.
func alike(t *rapid.T, ours, theirs error) {
	require.Equal(t, theirs == nil, ours == nil, "ours: %v, theirs: %v", ours, theirs)
}

func TestAViewCannotBeLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		view := files.View{System: newSystem(), Root: "/hosts/ncn-m001", Shared: []string{"/site"}}
		name := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"..", ".", "", "/", "site", "hosts", "etc", "site.d"})).Draw(t, "parts"), "/")
		got := view.Path(name)
		inside := got == view.Root || strings.HasPrefix(got, view.Root+"/") || got == "/site" || strings.HasPrefix(got, "/site/")
		require.True(t, inside, "%q became %q", name, got)
		require.Equal(t, path.Clean(got), got)
	})
}

func TestAnErrorNamesThePathAsItWasSeen(t *testing.T) {
	view := files.View{System: newSystem(), Root: "/hosts/ncn-m001"}
	_, err := view.ReadFile("/etc/missing")
	require.EqualError(t, err, "open /etc/missing: no such file or directory")
}

func TestTakenDownAndSetUpAgainItIsTheSame(t *testing.T) {
	system := newSystem()
	require.NoError(t, system.MkdirAll("/a/b"))
	require.NoError(t, system.WriteFile("/a/b/c", []byte("x\x00\xff"), 0o600))
	other := newSystem()
	other.Restore(system.Snapshot())
	require.Equal(t, system.Snapshot(), other.Snapshot())
	require.NoError(t, other.WriteFile("/a/b/c", []byte("changed"), 0o600))
	data, err := system.ReadFile("/a/b/c")
	require.NoError(t, err)
	require.Equal(t, "x\x00\xff", string(data))
}

func TestItIsFullBeforeTheMachineIs(t *testing.T) {
	system := newSystem()
	file, err := system.Open("/big", os.O_WRONLY|os.O_CREATE, 0o644)
	require.NoError(t, err)
	chunk := make([]byte, 1<<20)
	for range files.Limit / len(chunk) {
		_, err = file.Write(chunk)
		require.NoError(t, err)
	}
	_, err = file.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, system.Remove("/big"))
	require.NoError(t, system.WriteFile("/small", []byte("x"), 0o644))
}

func TestNothingIsKeptInDevNull(t *testing.T) {
	system := newSystem()
	require.NoError(t, system.WriteFile("/dev/null", []byte("x"), 0o644))
	data, err := system.ReadFile("/dev/null")
	require.NoError(t, err)
	require.Empty(t, data)
}
