package runbook

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// How far calls are followed from document to document.
const (
	MaxDocuments = 64      // documents beside the first
	MaxDepth     = 8       // calls inside calls
	MaxUnfolded  = 100_000 // steps of a walk with every call walked where it is called
)

// Follow is a plan with the procedures it calls in other documents: "perform X in other.md, then return" becomes a call of
// X's steps, read by the same rules. The plan itself is left as it is.
//
// At is the plan's own document, as a path with slashes below some folder; open reads another by its path below the same
// folder, and decides what may be read. Where it answers fs.ErrNotExist, the step stays one to be done by hand, as without
// Follow; where it fails otherwise, and where a call leads nowhere, too far or back to itself, the step stays so too, and a
// problem says why. "Stop before Y" ends a call at Y. It fails where the calls unfold to more than MaxUnfolded steps.
func Follow(plan *Plan, at string, open func(path string) ([]byte, error)) (*Plan, error) {
	p, err := copyOf(plan)
	if err != nil {
		return nil, err
	}
	f := &follower{Plan: p, home: at, open: open, documents: map[string]*Plan{at: plan}, routines: map[call]int{}, room: MaxSize}
	for i := range plan.Steps {
		f.follow(i, at, nil)
	}
	if p.unfolded() > MaxUnfolded {
		return nil, fmt.Errorf("%s: with every call followed, the walk has more than %d steps; walk the documents one by one, without --follow", plan.Source, MaxUnfolded)
	}
	slices.SortStableFunc(p.Problems, func(x, y doc.Problem) int { return x.Line - y.Line })
	return p, nil
}

// follower follows calls from document to document.
type follower struct {
	*Plan
	home      string
	open      func(string) ([]byte, error)
	documents map[string]*Plan // by path; nil for one that cannot be read
	routines  map[call]int     // the step that each call goes to
	room      int              // bytes that may still be read
}

// call is a part of a document that is walked and returned from. By is the step that calls it with differences, else "".
type call struct{ path, anchor, before, by string }

// follow makes a step that sends to another document a call, if it can be one. Open are the calls around it.
func (f *follower) follow(step int, in string, open []call) {
	if f.Steps[step].Ref == nil {
		return
	}
	ref := &f.Refs[*f.Steps[step].Ref]
	differing := f.differing(step)
	if ref.Target == "" && len(differing) > 0 {
		ref.Target = f.guess(ref, in)
	}
	target, anchor, _ := strings.Cut(ref.Target, "#")
	if ref.Internal || !ref.Returns || ref.Step >= 0 || target == "" || elsewhere().MatchString(target) {
		return
	}
	c := call{path: path.Join(path.Dir(in), target), anchor: strings.ToLower(anchor)}
	if path.IsAbs(target) {
		c.path = target
	}
	if len(differing) > 0 {
		c.by = f.Steps[step].Path
	}
	first := len(f.Steps)
	routine, err := f.called(step, c, open)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		f.Problems = append(f.Problems, doc.Problem{Line: f.lineOf(step), Rule: doc.References, Text: fmt.Sprintf("%s%s: %s; it stays a step to be done by hand", f.from(step), ref.Target, err)})
	default:
		f.Refs[*f.Steps[step].Ref].Step = routine
		f.differ(step, first)
	}
}

// elsewhere is an address that is no path.
var elsewhere = doc.Pattern(`^(?:[A-Za-z][A-Za-z0-9+.-]*:|//)`)

// lineOf is the line of the plan's own document that led to a step of any document.
func (f *follower) lineOf(step int) int {
	if f.Steps[step].Source == "" {
		return f.Steps[step].Line
	}
	return 1
}

// from names a step's place where it is in another document than the plan's.
func (f *follower) from(step int) string {
	if f.Steps[step].Source == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", f.Steps[step].Source, f.Steps[step].Line)
}

// called is the step that a step's call goes to, up to where it says to stop.
func (f *follower) called(step int, c call, open []call) (at int, err error) {
	if _, err := f.document(c.path); err != nil {
		return 0, err
	}
	if c.before, err = f.end(step); err != nil {
		return 0, err
	}
	return f.routine(c, open)
}

// routine is the step that a call goes to. What it calls itself is followed before anyone else calls it.
func (f *follower) routine(c call, open []call) (int, error) {
	if slices.Contains(open, c) {
		return 0, errors.New("it leads back to where it is called from")
	}
	if at, ok := f.routines[c]; ok {
		return at, nil
	}
	if len(open) == MaxDepth {
		return 0, fmt.Errorf("it is more than %d calls deep", MaxDepth)
	}
	document, err := f.document(c.path)
	if err != nil {
		return 0, err
	}
	first := len(f.Steps)
	at, err := f.copy(document, c)
	if err != nil {
		return 0, err
	}
	for i, end := first, len(f.Steps); i < end; i++ {
		f.follow(i, c.path, append(slices.Clone(open), c))
	}
	f.routines[c] = at
	return at, nil
}

// document reads a document, once.
func (f *follower) document(name string) (*Plan, error) {
	if p, ok := f.documents[name]; ok {
		if p == nil {
			return nil, errors.New("it cannot be read")
		}
		return p, nil
	}
	if len(f.documents) > MaxDocuments {
		return nil, fmt.Errorf("more than %d documents are called", MaxDocuments)
	}
	source, err := f.open(name)
	if err != nil {
		return nil, err
	}
	if f.room -= len(source); f.room < 0 {
		return nil, fmt.Errorf("the documents that are called have more than %d bytes together", MaxSize)
	}
	f.documents[name] = nil
	p, err := Read(f.title(name), source)
	if err != nil {
		return nil, err
	}
	f.documents[name] = p
	f.Documents = append(f.Documents, Document{f.title(name), p.Digest})
	return p, nil
}

// title is what a document is called: its name alone where it lies beside the first.
func (f *follower) title(name string) string {
	if path.Dir(name) == path.Dir(f.home) {
		return path.Base(name)
	}
	return name
}
