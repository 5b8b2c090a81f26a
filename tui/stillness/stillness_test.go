package stillness

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
)

// asked collects what a watch asks to be told later.
type asked []tea.Msg

func (a *asked) timer(_ time.Duration, msg tea.Msg) tea.Cmd {
	*a = append(*a, msg)
	return nil
}

func opened(id int) (Watch, *asked) {
	messages := &asked{}
	w, _ := Watch{Quiet: Quiet, Longest: Longest, Timer: messages.timer}.Open(id)
	return w, messages
}

func TestHandsThatRestAreHeard(t *testing.T) {
	w, messages := opened(1)
	require.False(t, w.Awake())
	w = w.Update((*messages)[0])
	require.True(t, w.Rested())
	require.True(t, w.Awake())
}

func TestAKeyStartsTheQuietTimeAnew(t *testing.T) {
	w, messages := opened(1)
	w, _ = w.Key()
	w = w.Update((*messages)[0])
	require.False(t, w.Awake(), "a key came since that was asked")
	w = w.Update((*messages)[2])
	require.True(t, w.Rested())
}

func TestAfterTheLongestTimeKeysAreHeardButHandsHaveNotRested(t *testing.T) {
	w, messages := opened(1)
	w = w.Update((*messages)[1])
	require.True(t, w.Awake())
	require.False(t, w.Rested())
}

func TestMessagesOfAnEarlierOpeningDoNotCount(t *testing.T) {
	_, before := opened(1)
	w, _ := opened(2)
	for _, msg := range *before {
		w = w.Update(msg)
	}
	require.False(t, w.Awake())
}
