package gate

import (
	"time"
	"unicode/utf8"
)

// phrase is what was typed so far, and how: hands pause between keys, a paste does not.
type phrase struct {
	text   string
	last   int  // the key that added to it last
	paused bool // since that key
	gaps   int  // keys that came after a pause
}

// pauseLength is a time in which no hand types two keys on purpose, and in which a paste has long arrived.
const pauseLength = 20 * time.Millisecond

// pauseMsg says that the time to notice a pause after a key is over.
type pauseMsg struct{ id, keys int }

// keysPerGap is how many keys may arrive together: a slow line bundles some of what hands type.
const keysPerGap = 4

func (p phrase) add(text string, key int) phrase {
	if p.paused {
		p.gaps++
	}
	p.text, p.last, p.paused = p.text+text, key, false
	return p
}

func (p phrase) erase() phrase {
	_, n := utf8.DecodeLastRuneInString(p.text)
	p.text = p.text[:len(p.text)-n]
	return p
}

// pause notes that some time passed, if nothing was typed in it.
func (p phrase) pause(msg pauseMsg) phrase {
	p.paused = p.paused || msg.keys == p.last
	return p
}

// byHand says whether it was typed: with pauses between its keys, and one before it was submitted.
func (p phrase) byHand() bool {
	return p.paused && p.gaps*keysPerGap >= utf8.RuneCountInString(p.text)-1
}
