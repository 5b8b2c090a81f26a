package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// editing is a procedure with one command that is read as interactive, and one that is not.
func editing() *runbook.Plan {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate, plan.Blocks[0].Commands[0], plan.Blocks[0].Interactive = runbook.NoGate, "edit notes", true
	return plan
}

// prints has a running command print something, and the screen draw it.
func (o *operator) prints(text string) {
	o.t.Helper()
	o.session.print(o.m.picture.attempt, text)
	o.draws()
}

// draws has the screen draw what there is.
func (o *operator) draws() {
	o.t.Helper()
	for at := int64(-1); at != o.m.picture.offset; {
		at = o.m.picture.offset
		o.send(o.m.link.draw(o.m.picture)())
	}
}

// edits begins the interactive command and types into it.
func edits(t *testing.T) *operator {
	t.Helper()
	o := sit(t, editing(), 80, 24, func(steps.Started) result { return result{prints: "", hold: true} })
	o.press("enter")
	require.Equal(t, steps.StatusRunning, o.status("b1"))
	o.press("t")
	o.session.typed = nil
	return o
}

func TestAnEditorDrawsOnTheScreen(t *testing.T) {
	o := edits(t)
	o.prints("\x1b[?1049h\x1b[H\x1b[2Jthe first line\x1b[20;1H-- INSERT --\x1b[1;4H")
	require.Equal(t, 20, o.m.picture.rows(), "it has the body less a heading")
	o.sees("the first line", "-- INSERT --")
	require.NotNil(t, o.m.View().Cursor)
	require.Equal(t, tea.Position{X: 3, Y: 2}, o.m.View().Cursor.Position)
	requireFits(t, o)
}

func (p picture) rows() int {
	_, rows := p.terminal.Size()
	return rows
}

func TestTheScreenIsTakenBackWithThePictureIntact(t *testing.T) {
	o := edits(t)
	o.prints("\x1b[?1049h\x1b[Hthe first line\x1b[20;1Hthe last")
	before := o.screen()
	o.press("ctrl+]")
	o.sees("Restart them", "edit notes", "the last", "it takes keys: t goes in")
	require.Nil(t, o.m.View().Cursor)
	o.press("n")
	o.sees("Note at")
	o.press("esc", "t")
	require.Equal(t, before, o.screen())
	require.Empty(t, o.session.typed, "nothing of this reached the command")
}

func TestKeysGoAsTheCommandWantsThem(t *testing.T) {
	o := edits(t)
	o.prints("\x1b[?1h\x1b[?2004h")
	o.press("up", "x")
	o.send(tea.PasteMsg{Content: "two\nlines\x1b[201~"})
	require.Equal(t, []string{`"\x1bOA"`, `"x"`, `"\x1b[200~two\rlines[201~\x1b[201~"`}, o.session.typed)
}

func TestAQueryIsAnsweredWhileTheCommandIsTypedTo(t *testing.T) {
	o := edits(t)
	o.prints("\x1b[6n")
	require.Equal(t, []string{`"\x1b[1;1R"`}, o.session.typed)
}

func TestAQueryIsNotAnsweredWhileTheScreenHasTheKeys(t *testing.T) {
	o := edits(t)
	o.press("ctrl+]")
	o.prints("\x1b[6n\x1b[c")
	o.press("t")
	require.Empty(t, o.session.typed, "nor when somebody comes back to it")
}

// Nor is it where the picture begins only when somebody goes in.
func TestAQueryFromBeforeIsNotAnswered(t *testing.T) {
	plan := editing()
	plan.Blocks[0].Interactive = false
	o := sit(t, plan, 80, 24, func(steps.Started) result { return result{prints: "old \x1b[6n\x1b[c", hold: true} })
	o.press("enter")
	require.Nil(t, o.m.picture.terminal)
	o.press("t")
	o.draws()
	require.Empty(t, o.session.typed)
	o.prints("\x1b[6n")
	require.Equal(t, []string{`"\x1b[1;5R"`}, o.session.typed)
}

// A rehearsal runs without a terminal: its lines end with a line feed alone.
func TestARehearsedQuestionIsDrawnInLines(t *testing.T) {
	plan := editing()
	session := &fake{
		state: steps.New(plan), now: midnight, more: make(chan struct{}), outputs: map[uint64][]byte{}, news: map[uint64]chan struct{}{},
		script: func(steps.Started) result { return result{prints: "one\ntwo\nsure? ", hold: true} },
	}
	session.must(steps.Terminal, steps.Begin{Opened: steps.Opened{Session: "s1", Source: plan.Source, Machine: "ncn-m001", User: "root", Simulated: true}})
	session.must(steps.Terminal, steps.Run{Place: steps.Place{Block: "b1"}})
	o := attach(t, session, 80, 24)
	o.press("t")
	o.draws()
	for i, row := range []string{"one", "two", "sure?"} {
		require.True(t, strings.HasPrefix(strings.Split(o.screen(), "\n")[i+2], row))
	}
}

// What was printed before this screen looked is drawn, and nothing in it is answered.
func TestAReplayedQueryIsNotAnswered(t *testing.T) {
	session := newFake(editing(), func(steps.Started) result { return result{prints: "old \x1b[6n\x1b[c", hold: true} })
	session.must(steps.Terminal, steps.Run{Place: steps.Place{Block: "b1"}})
	o := attach(t, session, 80, 24)
	o.press("t")
	o.draws()
	o.sees("old")
	require.Empty(t, session.typed)
	o.draws()
	o.prints("new \x1b[6n")
	require.Equal(t, []string{`"\x1b[1;9R"`}, session.typed)
}

func TestACommandThatBeginsToDrawIsPictured(t *testing.T) {
	plan := editing()
	plan.Blocks[0].Interactive = false
	o := sit(t, plan, 80, 24, func(steps.Started) result { return result{prints: "$ ", hold: true} })
	o.press("enter")
	require.Nil(t, o.m.picture.terminal, "lines are lines")
	id := o.m.follow.attempt
	o.session.print(id, "\x1b[?1049h\x1b[3;3Hdrawn here")
	o.send(o.m.link.output(wanted{attempt: id, offset: o.m.output.Next()})())
	require.NotNil(t, o.m.picture.terminal)
	o.draws()
	o.sees("drawn here")
	require.Contains(t, strings.Split(o.screen(), "\n"), "  drawn here"+strings.Repeat(" ", 68))
}

func TestAPasswordIsAskedInAForm(t *testing.T) {
	o := edits(t)
	o.session.hidden = true
	o.prints("[sudo] password for alice: ")
	o.sees("asks for something it does not show", "[sudo] password for alice:")
	o.type_("hunter2")
	require.Empty(t, o.session.typed, "it is sent as a whole")
	require.NotContains(t, o.screen(), "hunter")
	o.sees("•••••••")
	o.press("enter")
	require.Equal(t, []string{`"hunter2\r"`}, o.session.typed)
	require.Equal(t, 1, len(o.session.inputs), "no input of it: only the run")
	o.session.hidden = false
	o.prints("\r\n")
	require.NotContains(t, o.screen(), "asks for something")
	o.press("y")
	require.Equal(t, []string{`"hunter2\r"`, `"y"`}, o.session.typed)
}

// Nothing in the text said that it would ask: it is noticed all the same, without a key.
func TestAPasswordThatNobodyExpectedIsNoticed(t *testing.T) {
	f := printing()
	o := attachTo(t, f, f, alice, 80, 24)
	id := o.m.follow.attempt
	f.hidden = true
	f.print(id, "[sudo] password for alice: ")
	o.more(id)
	o.sees("it waits for something that it does not show: t answers")
	f.hidden = false
	f.print(id, "\r\n")
	o.more(id)
	require.NotContains(t, o.screen(), "t answers")
}

// The command may stop to show what is typed between the look at its output and the wait for more of it.
func TestAPasswordIsNoticedBetweenTwoLooks(t *testing.T) {
	o := edits(t)
	o.prints("Password: ")
	o.session.hidden = true
	looked := o.m.link.draw(o.m.picture)().(drawnMsg)
	require.True(t, looked.mute)
	require.False(t, looked.over, "it did not wait")
}

// A form that closes because the command shows again what is typed drops what is in it: it would be seen.
func TestAPasswordIsNotSentWhereItWouldBeSeen(t *testing.T) {
	o := edits(t)
	o.session.hidden = true
	o.prints("Password: ")
	o.type_("hun")
	o.session.hidden = false
	o.prints("\r\ntoo slow\r\n$ ")
	require.Empty(t, o.session.typed)
	require.NotContains(t, o.screen(), "•")
}

func TestAPasswordFormIsLeft(t *testing.T) {
	for _, name := range []string{"ctrl+]", "esc"} {
		o := edits(t)
		o.session.hidden = true
		o.prints("Password: ")
		o.type_("hun")
		o.press(name)
		o.sees("it waits for something that it does not show: t answers")
		require.Empty(t, o.session.typed)
		o.press("t")
		require.NotContains(t, o.screen(), "•", "what was in it is gone")
		o.press("ctrl+c")
		require.Equal(t, []string{`"\x03"`}, o.session.typed, "an interrupt reaches the command")
	}
}

func TestAPastedPasswordPressesNoKey(t *testing.T) {
	o := edits(t)
	o.session.hidden = true
	o.prints("Password: ")
	o.send(tea.PasteMsg{Content: "a\x03b\r\nc\n"})
	o.press("enter")
	require.Equal(t, []string{`"ab c\r"`}, o.session.typed)
}

func TestAPictureThatIsLostIsShownAsLines(t *testing.T) {
	o := edits(t)
	o.session.print(o.m.picture.attempt, "still legible")
	o.send(drawnMsg{attempt: o.m.picture.attempt, lost: "its screen could not be drawn: no such cell"})
	o.send(o.m.link.output(wanted{attempt: o.m.follow.attempt, offset: o.m.output.Next()})())
	o.sees("could not be drawn", "it is shown as lines", "still legible")
	o.press("x")
	require.Equal(t, []string{`"x"`}, o.session.typed, "keys still reach it")
}

func TestCommandsKnowTheSizeOfTheirTerminal(t *testing.T) {
	o := edits(t)
	o.prints("x")
	require.Equal(t, [2]int{80, 20}, o.session.size())
	o.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	require.Equal(t, [2]int{120, 36}, o.session.size())
	o.session.end(o.m.picture.attempt, result{})
	o.news()
	require.Nil(t, o.m.picture.terminal)
}

// A screen that is opened on a running command is drawn before anything else has happened.
func TestTheFirstFrameOfAScreenThatComesBack(t *testing.T) {
	session := newFake(editing(), func(steps.Started) result { return result{prints: "old", hold: true} })
	session.must(steps.Terminal, steps.Run{Place: steps.Place{Block: "b1"}})
	m := New(session, Options{Plan: session.state.Plan(), Events: session.events, Operator: "alice", Width: 100, Height: 30})
	require.NotPanics(t, func() { m.View() })
}

// size is the last one that commands were told.
func (f *fake) size() [2]int { return f.sizes[len(f.sizes)-1] }

// Of what was drawn long before this screen looked only the end is known: the command draws it once more, for a size that
// it does not have yet, and then for the right one.
func TestAPictureWithGapsIsDrawnAnew(t *testing.T) {
	old := strings.Repeat("drawn long ago\r\n", 1000)
	session := newFake(editing(), func(steps.Started) result { return result{prints: old + "\x1b[?1049h\x1b[Hwhat is left", hold: true} })
	session.state.Plan().Blocks[0].Interactive = false
	session.must(steps.Terminal, steps.Run{Place: steps.Place{Block: "b1"}})
	o := attach(t, session, 80, 24)
	o.sees("what is left")
	require.Equal(t, [][2]int{{80, 19}, {80, 20}}, session.sizes[len(session.sizes)-2:])
	told := len(session.sizes)
	o.prints("\x1b[2;1Hand more")
	require.Len(t, session.sizes, told, "once is enough")
}
