package move_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec/journal"
	"gatewalk/exec/move"
)

// member is one file of an archive.
type member struct {
	tar.Header
	content string
}

// members are the files of a good archive.
func members(t *testing.T, archive []byte) []member {
	zip, err := gzip.NewReader(bytes.NewReader(archive))
	require.NoError(t, err)
	files := tar.NewReader(zip)
	var all []member
	for {
		header, err := files.Next()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		content, err := io.ReadAll(files)
		require.NoError(t, err)
		all = append(all, member{*header, string(content)})
	}
}

func packed(t require.TestingT, all []member) []byte {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	files := tar.NewWriter(zip)
	for _, m := range all {
		if m.Typeflag == tar.TypeReg {
			m.Size = int64(len(m.content))
		}
		require.NoError(t, files.WriteHeader(&m.Header))
		_, err := files.Write([]byte(m.content))
		require.NoError(t, err)
	}
	require.NoError(t, files.Close())
	require.NoError(t, zip.Close())
	return b.Bytes()
}

func file(name, content string) member {
	return member{tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600}, content}
}

// summed is an archive with the sums of what is in it, as one who means harm would make it.
func summed(all []member) []member {
	var sums strings.Builder
	var kept []member
	for _, m := range all {
		if name := strings.TrimPrefix(m.Name, "walk/"); name != "SHA256SUMS" {
			sum := sha256.Sum256([]byte(m.content))
			fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), name)
			kept = append(kept, m)
		}
	}
	return append(kept, file("walk/SHA256SUMS", sums.String()))
}

// nothing says that an archive left no trace.
func (c *console) nothing(archive []byte, why string) {
	c.t.Helper()
	_, err := c.arrives(archive)
	require.ErrorContains(c.t, err, why)
	found, err := os.ReadDir(c.root)
	require.NoError(c.t, err)
	require.Empty(c.t, found)
	require.Equal(c.t, []string{"sessions"}, c.leftovers())
}

func TestNothingButARecordIsUnpacked(t *testing.T) {
	good := members(t, walked(t).leaves("m2"))
	for name, evil := range map[string]member{
		"a way up":              file("walk/../../escaped", "x"),
		"a way up in a name":    file("../walk/plan.json", "x"),
		"the root":              file("/etc/cron.d/x", "x"),
		"a file of the shell":   file("walk/.bashrc", "x"),
		"the lock":              file("walk/lock", "x"),
		"a name too deep":       file("walk/source/a/b", "x"),
		"a name with an escape": file("walk/source/\x1b[2J", "x"),
		"another session's":     file("other/plan.json", "x"),
		"a hidden session's":    file(".walk/plan.json", "x"),
		"a symbolic link":       {tar.Header{Typeflag: tar.TypeSymlink, Name: "walk/source/x", Linkname: "/etc/passwd"}, ""},
		"a hard link":           {tar.Header{Typeflag: tar.TypeLink, Name: "walk/source/x", Linkname: "/etc/passwd"}, ""},
		"a FIFO":                {tar.Header{Typeflag: tar.TypeFifo, Name: "walk/source/x"}, ""},
		"a device":              {tar.Header{Typeflag: tar.TypeChar, Name: "walk/source/x", Devmajor: 1, Devminor: 3}, ""},
		"a directory":           {tar.Header{Typeflag: tar.TypeDir, Name: "walk/source/x/"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, all := range [][]member{append([]member{evil}, good...), append(good[:len(good):len(good)], evil)} {
				newConsole(t, "m2", "b2").nothing(packed(t, all), "such an archive was not written by gatewalk")
			}
		})
	}
}

func TestAnArchiveHoldsExactlyWhatWasPacked(t *testing.T) {
	good := members(t, walked(t).leaves("m2"))
	last := len(good) - 1
	for name, tc := range map[string]struct {
		all []member
		why string
	}{
		"a file is missing":         {good[1:], "is not what was packed"},
		"the sums are missing":      {good[:last], "damaged or cut off"},
		"a file stands there twice": {append([]member{good[0]}, good...), "twice or too late"},
		"a file more":               {append([]member{file("walk/source/more.md", "x")}, good...), "not packed"},
		"nothing":                   {nil, "damaged or cut off"},
		"a changed output, summed":  {summed(changed(good, "/out", "another\n")), "does not hold"},
		"a changed plan, summed":    {summed(changed(good, "plan.json", "{}")), "does not hold"},
		"no journal, summed":        {summed(without(good, "journal.jsonl")), "there is no journal"},
	} {
		t.Run(name, func(t *testing.T) { newConsole(t, "m2", "b2").nothing(packed(t, tc.all), tc.why) })
	}
	newConsole(t, "m2", "b2").nothing([]byte("# A walk\n"), "it is no archive of a session")
	newConsole(t, "m2", "b2").nothing(nil, "it is no archive of a session")
}

func changed(all []member, suffix, content string) []member {
	var other []member
	for _, m := range all {
		if strings.HasSuffix(m.Name, suffix) {
			m.content = content
		}
		other = append(other, m)
	}
	return other
}

func without(all []member, suffix string) []member {
	var other []member
	for _, m := range all {
		if !strings.HasSuffix(m.Name, suffix) {
			other = append(other, m)
		}
	}
	return other
}

// TestACopyIsNoMove: a session that was not sealed would go on in two places.
func TestACopyIsNoMove(t *testing.T) {
	home := walked(t)
	unsealed, err := os.ReadFile(filepath.Join(home.dir(), "journal.jsonl"))
	require.NoError(t, err)
	copied := summed(changed(members(t, home.leaves("m2")), "journal.jsonl", string(unsealed)))
	newConsole(t, "m2", "b2").nothing(packed(t, copied), "was not sealed where it comes from")
}

func TestAnArchiveCannotFillTheDisk(t *testing.T) {
	archive := walked(t).leaves("m2")
	for why, limits := range map[string]move.Limits{
		"more than 3 files":                {Files: 3, Bytes: 1 << 30},
		"or 100 bytes":                     {Files: 1000, Bytes: 100},
		"there is no room for the session": {Files: 1000, Bytes: 1 << 30, Spare: 1 << 62},
	} {
		c := newConsole(t, "m2", "b2")
		_, err := move.Arrive(bytes.NewReader(archive), c.root, c.options, limits)
		require.ErrorContains(t, err, why)
		require.Equal(t, []string{"sessions"}, c.leftovers())
	}
}

// TestADamagedArchiveNeverArrivesDamaged cuts an archive anywhere and changes any byte of it.
func TestADamagedArchiveNeverArrivesDamaged(t *testing.T) {
	archive := walked(t).leaves("m2")
	whole := newConsole(t, "m2", "b2")
	_, err := whole.arrives(archive)
	require.NoError(t, err)
	report, err := journal.Verify(whole.dir())
	require.NoError(t, err)
	rapid.Check(t, func(r *rapid.T) {
		damaged := bytes.Clone(archive)
		if at := rapid.IntRange(0, len(archive)-1).Draw(r, "at"); rapid.Bool().Draw(r, "cut") {
			damaged = damaged[:at]
		} else {
			damaged[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
		}
		c := newConsole(t, "m2", "b2")
		if _, err := c.arrives(damaged); err != nil {
			require.Equal(r, []string{"sessions"}, c.leftovers())
			return
		}
		// A byte that says nothing, such as the time in gzip's header.
		c.holds()
		now, err := journal.Verify(c.dir())
		require.NoError(r, err)
		require.Equal(r, report.Files, now.Files)
		require.Equal(r, report.Lines, now.Lines)
	})
}
