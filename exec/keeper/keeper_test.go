package keeper_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/keeper"
	"gatewalk/steps"
)

func TestAWalkThroughTheSocket(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	require.Equal(t, plan().Title, a.Plan().Title)
	require.Equal(t, "ada at pts/3", a.state().Driver())
	require.Equal(t, "setsid; logging out does not end it", a.state().Opened().Keeper)

	a.must(steps.Run{Place: at("A=1")})
	require.NotZero(t, a.state().Spot(at("A=1")).Last, "what came of an input is here when it is answered")
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })

	a.must(steps.Run{Place: at("long")})
	id := a.state().Running()[0]
	h.prints(id, "one\n")
	require.Equal(t, "one\n", a.reads(id, 0, 4))
	h.prints(id, "two\n")
	require.Equal(t, "two\n", a.reads(id, 4, 8))

	require.NoError(t, a.Type(id, []byte("y\xff\n")))
	require.Contains(t, h.runner.Controls(id), exec.Control(exec.Stdin{Bytes: []byte("y\xff\n")}))
	h.runner.SetEcho(id, false)
	a.hides(id)
	a.Resize(100, 30)
	require.Contains(t, h.runner.Controls(id), exec.Control(exec.Resize{Size: exec.Size{Columns: 100, Rows: 30}}))

	h.runner.Finish(id, exectest.Answer{})
	a.until(func(s steps.State) bool { return s.Spot(at("long")).Status == steps.StatusDone })

	events, _ := a.Facts(0)
	require.Equal(t, h.recorded(), events, "a screen sees what is in the journal, to the last field")
}

func TestARefusalComesWithAllItSays(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	a.must(steps.Run{Place: at("A=1")})
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	here := a.refused(steps.Run{Place: at("echo \"$B\"")})
	events, _ := a.Facts(0)
	_, err := steps.Decide(steps.Replay(plan(), events), steps.Message{
		By: steps.Actor{Name: "ada", Via: steps.Terminal, Screen: "pts/3"}, Seen: 1 << 40, Input: steps.Run{Place: at("echo \"$B\"")},
	})
	require.Equal(t, err, &here)
}

// TestAFileNeverSpeaksAsAPerson: a screen can say that it is less than it is, and what has no terminal is no person's word.
func TestAFileNeverSpeaksAsAPerson(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	require.NoError(t, a.ByFile("answers.yaml").Do(steps.Note{Text: "from the file"}, a.state().Seq()))
	a.must(steps.Note{Text: "from the person"})
	events, _ := a.Facts(0)
	n := len(events)
	require.Equal(t, steps.Actor{Name: "ada", UID: os.Getuid(), Via: steps.Answers, File: "answers.yaml", Screen: "pts/3"}, events[n-2].By)
	require.Equal(t, steps.Actor{Name: "ada", UID: os.Getuid(), Via: steps.Terminal, Screen: "pts/3"}, events[n-1].By)

	piped := newHouse(t)
	piped.pipes = true
	piped.serve()
	b := piped.attach("/dev/pts/99", begin())
	b.must(steps.Note{Text: "who says so?"})
	events, _ = b.Facts(0)
	by := events[len(events)-1].By
	require.Equal(t, steps.Answers, by.Via, "it claims a terminal that its process does not have")
	require.Equal(t, "standard input", by.File)
}

// TestAFilePassesGatesOnlyWhereTheSittingSaysSo: a keeper that nobody needs makes way for one that says so, another does not.
func TestAFilePassesGatesOnlyWhereTheSittingSaysSo(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	_, err := keeper.Attach(context.Background(), h.dir, "", keeper.Order{Unattended: true})
	require.ErrorContains(t, err, "--unattended")
	require.NoError(t, a.Close())
	_, err = keeper.Attach(context.Background(), h.dir, "", keeper.Order{Unattended: true})
	require.ErrorIs(t, err, keeper.ErrNone)
	require.NoError(t, h.waitEnd())
	h.serve()
	b := h.attach("", keeper.Order{Unattended: true})
	require.True(t, b.state().Opened().Unattended)
}

// TestAScreenThatReadsNothingHoldsUpNobody: its buffers are full, and the others walk on.
func TestAScreenThatReadsNothingHoldsUpNobody(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	deaf := h.silentScreen()
	long := strings.Repeat("x", 64<<10)
	for range 40 {
		a.must(steps.Note{Text: long})
	}
	require.NoError(t, deaf.Close())
	require.Len(t, a.state().Plan().Blocks, 3)
}

// TestASecretIsInNoFile: typed on a screen it goes through the socket into the memory of its keeper, and nowhere else.
func TestASecretIsInNoFile(t *testing.T) {
	const secret = "correct horse battery staple"
	h := newHouse(t).serve()
	order := begin()
	order.Plan.Blocks[2].Text, order.Plan.Blocks[2].Commands = "login <password>", []string{"login <password>"}
	order.Plan.Blocks[2].Reads, order.Plan.Blocks[2].Secrets = nil, []string{"<password>"}
	a := h.attach("/dev/pts/3", order)
	a.must(steps.Run{Place: at("A=1")})
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	a.must(steps.Skip{Place: at("long"), Reason: "not today"})
	place := steps.Place{Block: order.Plan.Blocks[2].ID}
	a.must(steps.Set{Place: place, Name: "<password>", Value: secret, Secret: true})
	a.must(steps.Run{Place: place})
	a.until(func(s steps.State) bool { return s.Spot(place).Status == steps.StatusDone })
	launches := h.runner.Launches()
	require.Equal(t, secret, string(launches[len(launches)-1].Secrets[0].Value))
	for name, text := range exectest.Files(t, h.dir) {
		require.NotContains(t, text, secret, name)
	}
}

// TestAFileIsAttachedFromWhereTheScreenIs: the keeper works in another directory.
func TestAFileIsAttachedFromWhereTheScreenIs(t *testing.T) {
	h := newHouse(t).serve()
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("photo.txt", []byte("a rack"), 0o600))
	a := h.attach("/dev/pts/3", begin())
	a.must(steps.Attach{Place: at("long"), Source: "photo.txt"})
	a.must(steps.Attach{Place: at("long"), Source: "https://example.org/photo"})
	attached := a.state().Spot(at("long")).Attached
	require.Equal(t, filepath.Join(dir, "photo.txt"), attached[0].Source)
	require.EqualValues(t, len("a rack"), attached[0].Bytes)
	require.Equal(t, "https://example.org/photo", attached[1].Source)
}
