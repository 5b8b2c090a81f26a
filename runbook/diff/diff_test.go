package diff

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
)

var update = flag.Bool("update", false, "write what is told into testdata, to be looked at in the diff")

// Each file below testdata is a story: two versions of a document in our own words, and what is told of them.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			got := text(t, Diff(read(t, archive.Files[0]), read(t, archive.Files[1])))
			if *update {
				archive.Files = append(archive.Files[:2], txtar.File{Name: "told", Data: []byte(got)})
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
				return
			}
			require.Len(t, archive.Files, 3)
			require.Equal(t, string(archive.Files[2].Data), got)
		})
	}
}

func read(t require.TestingT, f txtar.File) *runbook.Plan {
	p, err := runbook.Read(f.Name, f.Data)
	require.NoError(t, err)
	return p
}

func text(t require.TestingT, c Changes) string {
	var out bytes.Buffer
	require.NoError(t, c.WriteText(&out))
	return out.String()
}

// A document is the same as itself, also as JSON: no list is null.
func TestNothingChanged(t *testing.T) {
	p := read(t, txtar.File{Name: "doc.md", Data: []byte(steps{{title: "Look", host: "web1", command: "uptime"}}.document(layout{}))})
	c := Diff(p, p)
	require.Equal(t, "doc.md -> doc.md: nothing changed\n", text(t, c))
	var out bytes.Buffer
	require.NoError(t, c.WriteJSON(&out))
	var back map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &back))
	require.NotNil(t, back["changes"])
}

func TestWhatADocumentHoldsCannotMoveTheCursor(t *testing.T) {
	old := steps{{title: "Look", host: "web1", command: "uptime"}}
	new := steps{{title: "Look \x1b[2J\u202eup", host: "web1", command: "uptime \x1b]0;x\a"}}
	got := text(t, Diff(plan(t, old, layout{}), plan(t, new, layout{})))
	require.Contains(t, got, `\u{1b}[2J\u{202e}`)
	require.NotContains(t, got, "\x1b")
	require.NotContains(t, got, "\u202e")
}

func TestWhereASiteSkipsOrInsertsItIsToldByItsOwnDocument(t *testing.T) {
	vendor := steps{{title: "Look", host: "web1", command: "uptime"}, {title: "Load it", host: "web1", command: "shelf load"}}
	old, new := plan(t, vendor, layout{}), plan(t, vendor, layout{})
	new.Blocks[0].Skip = "we have no clock"
	new.Blocks[1].Host, new.Blocks[1].Source = "web2", "site.yaml"
	got := text(t, Diff(old, new))
	require.Contains(t, got, "left out added: none -> we have no clock")
	require.Regexp(t, `host changed: web1 -> web2 \(.*; line \d+ of site.yaml, was \d+\)`, got)
}

// Any order of the steps, any change of what is in them: a document compared with itself has not changed, and neither has one
// that was only numbered or wrapped anew.
func TestLayoutIsNoChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someSteps().Draw(t, "steps")
		old := plan(t, s, layout{})
		require.Empty(t, Diff(old, old).Changes)
		require.Empty(t, Diff(old, plan(t, s, someLayout().Draw(t, "layout"))).Changes)
	})
}

// Whatever was done to a document: what runs in one version only is told, and so is every gate, host and check that differs.
func TestNothingIsPassedOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := plan(t, someSteps().Draw(t, "old"), layout{}), plan(t, someSteps().Draw(t, "new"), someLayout().Draw(t, "layout"))
		c := Diff(old, new)
		onlyIn(t, old, new, func(line int) bool {
			return slices.ContainsFunc(c.Changes, func(c Change) bool { return c.Safety && c.Was != nil && c.Was.Line == line && c.Lines != nil })
		})
		onlyIn(t, new, old, func(line int) bool {
			return slices.ContainsFunc(c.Changes, func(c Change) bool { return c.Safety && c.Now != nil && c.Now.Line == line && c.Lines != nil })
		})
		sameButFor(t, old, new, c)
	})
}

// onlyIn asks for each command that the other version has nowhere whether it was told.
func onlyIn(t *rapid.T, in, other *runbook.Plan, told func(line int) bool) {
	known := texts(other)
	for i, text := range texts(in) {
		if !slices.Contains(known, text) {
			require.True(t, told(in.Blocks[i].Line), "line %d: %s", in.Blocks[i].Line, text)
		}
	}
}

// sameButFor asks for each command that both versions have once whether all that differs in it was told.
func sameButFor(t *rapid.T, old, new *runbook.Plan, c Changes) {
	oldTexts, newTexts := texts(old), texts(new)
	for i, text := range oldTexts {
		j := slices.Index(newTexts, text)
		if j < 0 || occurrences(oldTexts, text) > 1 || occurrences(newTexts, text) > 1 {
			continue
		}
		for _, p := range properties {
			gone := p.concern == Gate && p.name != "gate" && gateWords(&new.Blocks[j]) == ""
			if from, to := p.of(&old.Blocks[i]), p.of(&new.Blocks[j]); from != to && !gone {
				require.True(t, slices.ContainsFunc(c.Changes, func(c Change) bool {
					return c.Property == p.name && c.Now != nil && c.Now.Line == new.Blocks[j].Line && c.From == from && c.To == to
				}), "%s: %s: %s -> %s", text, p.name, from, to)
			}
		}
	}
}

func occurrences(all []string, one string) (n int) {
	for _, text := range all {
		if text == one {
			n++
		}
	}
	return n
}

// pair keeps the order of both lists, joins only what is the same, and joins a list wholly with itself.
func TestPairKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g"}), 0, 20)
		old, new := letters.Draw(t, "old"), letters.Draw(t, "new")
		last := -1
		for i, j := range pair(old, new) {
			if j >= 0 {
				require.Equal(t, old[i], new[j])
				require.Greater(t, j, last)
				last = j
			}
		}
		for i, j := range pair(old, old) {
			require.Equal(t, i, j)
		}
	})
}

func TestPairJoinsEndsAndWhatLiesBetweenTheSame(t *testing.T) {
	list := func(text string) []string { return strings.Split(text, "") }
	require.Equal(t, []int{-1, 1, 2}, pair(list("xdd"), list("ydd")))
	require.Equal(t, []int{-1, 1, 2, 3, -1}, pair(list("hddmt"), list("gddms")))
	require.Equal(t, []int{-1, 0, 1}, pair(list("xab"), list("abx")), "the most that keep their order")
}

// The edits of two texts lead from the one to the other: without "+" they are the old, without "-" the new.
func TestEditsLeadFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 9)
		old, new := letters.Draw(t, "old"), letters.Draw(t, "new")
		was, now := []string{}, []string{}
		for _, line := range edits(old, new) {
			if line.Mark != "+" {
				was = append(was, line.Text)
			}
			if line.Mark != "-" {
				now = append(now, line.Text)
			}
		}
		require.Equal(t, old, was)
		require.Equal(t, new, now)
	})
}

func TestLongTextsAreShownAroundTheirChange(t *testing.T) {
	old := strings.Split("a b c d e f g h i", " ")
	new := slices.Clone(old)
	new[4] = "E"
	require.Equal(t, []Line{{"…", ""}, {" ", "c"}, {" ", "d"}, {"-", "e"}, {"+", "E"}, {" ", "f"}, {" ", "g"}, {"…", ""}}, compare(old, new))
}

// The published procedures have not changed since they were read.
func TestPublishedProceduresAreTheSameAsThemselves(t *testing.T) {
	folder := os.Getenv("GATEWALK_SHARED")
	if folder == "" {
		t.Skip("GATEWALK_SHARED names no folder of published procedures")
	}
	files, err := filepath.Glob(filepath.Join(folder, "seeds", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		p := read(t, txtar.File{Name: filepath.Base(file), Data: source})
		require.Empty(t, Diff(p, p).Changes, file)
		again := read(t, txtar.File{Name: filepath.Base(file), Data: bytes.ReplaceAll(source, []byte("\n"), []byte("\r\n"))})
		require.Empty(t, Diff(p, again).Changes, file)
	}
}

func BenchmarkDiff(b *testing.B) {
	var old steps
	for i := range 10_000 {
		old = append(old, step{title: "Load shelf " + strings.Repeat("i", i%7), host: "web1", command: "shelf load " + strings.Repeat("x", i%13)})
	}
	new := slices.Clone(old)
	for i := 0; i < len(new); i += 3 {
		new[i].command += " --fast"
	}
	p, q := plan(b, old, layout{}), plan(b, new, layout{start: 7})
	for b.Loop() {
		Diff(p, q)
	}
}
