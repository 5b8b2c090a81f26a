package form

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/tui/theme"
)

func styles() theme.Styles { return theme.New(true, true) }

func press(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd,
	}
	if code, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// fill presses keys and answers with the last thing that was proposed.
func fill(m Model, keys ...string) (Model, Proposal) {
	proposal := Nothing
	for _, k := range keys {
		m, proposal = m.Update(press(k))
	}
	return m, proposal
}

func verdict() Model {
	return New(styles(), "Verdict", "record", nil,
		Choice("verdict", "It", Option{"p", "pass", "passed"}, Option{"f", "fail", "failed"}),
		Line("reason", "Why", "").Only("verdict", "fail").Wanted("a reason is wanted"),
	).SetSize(60, 15)
}

func TestEnterAloneRecordsNothing(t *testing.T) {
	m, proposal := fill(verdict(), "enter", "enter", "enter")
	require.Equal(t, Nothing, proposal)
	require.Contains(t, ansi.Strip(m.View()), "choose one")
}

func TestAFieldIsAskedForOnlyWhereItMatters(t *testing.T) {
	m, proposal := fill(verdict(), "p", "enter")
	require.Equal(t, Record, proposal)
	require.Equal(t, Answers{"verdict": "pass"}, m.Answers())

	m, proposal = fill(verdict(), "f", "enter", "enter")
	require.Equal(t, Nothing, proposal)
	require.Contains(t, ansi.Strip(m.View()), "a reason is wanted")
	m, proposal = fill(m, "n", "o", "enter")
	require.Equal(t, Record, proposal)
	require.Equal(t, Answers{"verdict": "fail", "reason": "no"}, m.Answers())
}

func TestOneKeyRecordsFromAnyField(t *testing.T) {
	m, _ := fill(verdict(), "p")
	_, proposal := m.Update(tea.KeyPressMsg{Code: 'o', Mod: tea.ModCtrl})
	require.Equal(t, Record, proposal)
	_, proposal = verdict().Update(tea.KeyPressMsg{Code: 'o', Mod: tea.ModCtrl})
	require.Equal(t, Nothing, proposal, "what is wanted is still asked for")
}

func TestEscLeaves(t *testing.T) {
	_, proposal := fill(verdict(), "p", "esc")
	require.Equal(t, Leave, proposal)
}

func TestAnOfferIsTakenByAKeyAndNeverByItself(t *testing.T) {
	m := New(styles(), "Values", "write down", nil, Line("name", "Name", "").Offer("earlier").Wanted("type it")).SetSize(60, 10)
	_, proposal := fill(m, "enter")
	require.Equal(t, Nothing, proposal)
	m, proposal = fill(m, "right", "enter")
	require.Equal(t, Record, proposal)
	require.Equal(t, "earlier", m.Answers()["name"])
}

func TestManyLinesAreTypedAndLeftWithTab(t *testing.T) {
	m := New(styles(), "Edit", "write down", nil, Text("text", "Text", "one")).SetSize(60, 12)
	m, proposal := fill(m, "enter", "t", "w", "o", "up", "home", ">", "tab", "enter")
	require.Equal(t, Record, proposal)
	require.Equal(t, ">one\ntwo", m.Answers()["text"])
}

func TestASecretIsDots(t *testing.T) {
	m := New(styles(), "Values", "write down", nil, Secret("password", "Password")).SetSize(60, 10)
	m, _ = fill(m, "h", "u", "n")
	m, _ = m.Update(tea.PasteMsg{Content: "ter2\n"})
	require.NotContains(t, m.View(), "hun")
	require.Contains(t, ansi.Strip(m.View()), "•••••••")
	require.Equal(t, "hunter2", m.Answers()["password"])
}

func TestTheFieldWithTheKeysIsInSight(t *testing.T) {
	var fields []Field
	for _, name := range strings.Split("abcdefghijklmnop", "") {
		fields = append(fields, Line(name, "Field "+name, ""))
	}
	m := New(styles(), "Many", "write down", nil, fields...).SetSize(40, 8)
	for range 12 {
		m, _ = fill(m, "tab")
	}
	require.Contains(t, ansi.Strip(m.View()), "▸ Field m")
}

// Whatever is typed, the caret stays within the text and the drawn rows within their columns.
func TestTheEditorStaysWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		e := NewEditor("", rapid.Bool().Draw(r, "many"))
		for range rapid.IntRange(0, 40).Draw(r, "keys") {
			name := rapid.SampledFrom([]string{"a", " ", "界", "enter", "up", "down", "left", "right", "home", "end", "backspace"}).Draw(r, "key")
			e, _ = e.Update(press(name))
			if rapid.IntRange(0, 8).Draw(r, "paste") == 0 {
				e, _ = e.Update(tea.PasteMsg{Content: "p\x1b[2J\tq\r\nr\u202e"})
			}
		}
		if e.at < 0 || e.at > len(e.runes) {
			r.Fatalf("caret at %d of %d", e.at, len(e.runes))
		}
		if !e.Many && strings.Contains(e.Value(), "\n") {
			r.Fatalf("a line became many: %q", e.Value())
		}
		rows := e.View(styles(), 12, 4, true)
		if len(rows) > 4 {
			r.Fatalf("%d rows", len(rows))
		}
		for _, row := range rows {
			if ansi.StringWidth(row) > 12 || strings.Contains(ansi.Strip(row), "\x1b") {
				r.Fatalf("%q", row)
			}
		}
	})
}

// However small the form is and wherever its keys are, what is wrong is in sight, and so is the field it is about.
func TestWhatIsWrongIsNeverBelowTheFold(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var about []string
		for range rapid.IntRange(0, 30).Draw(r, "paragraphs") {
			about = append(about, "a paragraph that explains what this is all about")
		}
		m := New(styles(), "Title", "record", about,
			Choice("way", "Which way", Option{"a", "a", "one"}, Option{"b", "b", "other"}),
			Line("name", "Name it", "").Wanted("it is wanted"),
			Text("text", "Say more", ""),
		).SetSize(rapid.IntRange(30, 80).Draw(r, "width"), rapid.IntRange(5, 20).Draw(r, "height"))
		for _, k := range rapid.SliceOf(rapid.SampledFrom([]string{"tab", "up", "down", "x", "a", "enter"})).Draw(r, "keys") {
			m, _ = m.Update(press(k))
		}
		m = m.Say("that is wrong")
		shown := ansi.Strip(m.View())
		if !strings.Contains(shown, "that is wrong") {
			r.Fatalf("not in sight:\n%s", shown)
		}
		if m.at < len(m.fields) && !strings.Contains(shown, m.fields[m.at].Label) {
			r.Fatalf("the field is not in sight:\n%s", shown)
		}
	})
}

// What enter records, it is called: nobody records something while going to the next field.
func TestEnterIsCalledWhatItDoes(t *testing.T) {
	enter := func(m Model) string { return m.Keys()[0].Help().Desc }
	m := New(styles(), "Edit", "keep it", nil, Line("why", "Why", ""), Text("text", "Text", "")).SetSize(60, 15)
	require.Equal(t, "next", enter(m))
	m, _ = fill(m, "tab")
	require.Equal(t, "new line", enter(m))
	m, _ = fill(m, "tab")
	require.Equal(t, "keep it", enter(m))

	m, _ = fill(verdict(), "p")
	require.Equal(t, "record", enter(m))
	m, _ = fill(m, "f")
	require.Equal(t, "next", enter(m))
	m, _ = fill(m, "enter")
	require.Equal(t, "record", enter(m))
}
