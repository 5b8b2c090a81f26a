package steps

import "strings"

// FrameKind says how a block came to stand where it stands once more.
type FrameKind string

// The kinds of frame.
const (
	CallFrame  FrameKind = "call"  // Name is the id of the step that calls
	ItemFrame  FrameKind = "item"  // Name is the loop's item
	HostFrame  FrameKind = "host"  // Name is the host
	RoundFrame FrameKind = "round" // Name is the number of the poll's round, from 1
)

// Frame is one reason why the same block stands in more than one place.
type Frame struct {
	Kind FrameKind `json:"kind"`
	Name string    `json:"name"`
}

// Place is where the walk can be: the identity of a block, or of a step that carries none, and the frames around it, outermost first.
// Numbered paths are for people; a place survives renumbering.
type Place struct {
	Block  string  `json:"block"`
	Frames []Frame `json:"frames,omitempty"`
}

// Key is the place as one comparable word.
func (p Place) Key() string {
	if len(p.Frames) == 0 {
		return p.Block
	}
	var key strings.Builder
	key.WriteString(p.Block)
	for _, f := range p.Frames {
		key.WriteByte('\x00')
		key.WriteString(string(f.Kind))
		key.WriteByte('=')
		key.WriteString(f.Name)
	}
	return key.String()
}

// In is the place one frame further in.
func (p Place) In(kind FrameKind, name string) Place {
	frames := make([]Frame, len(p.Frames), len(p.Frames)+1)
	copy(frames, p.Frames)
	return Place{Block: p.Block, Frames: append(frames, Frame{Kind: kind, Name: name})}
}

// Outside is the place without the rounds of a poll: what the rounds belong to.
func (p Place) Outside() Place {
	n := len(p.Frames)
	for n > 0 && p.Frames[n-1].Kind == RoundFrame {
		n--
	}
	if n == 0 {
		return Place{Block: p.Block}
	}
	return Place{Block: p.Block, Frames: p.Frames[:n:n]}
}
