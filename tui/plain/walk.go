package plain

import (
	"context"
	"errors"
	"io"

	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// usualRows is how high the terminal of a command is said to be: lines have no screen.
const usualRows = 24

// walk is one operator's way through a session. Its state is what has been read out: a decision is never made on more.
type walk struct {
	printer
	ctx     context.Context
	session steps.Session
	options Options
	lines   *keyboard
	state   steps.State
	news    <-chan struct{}
	at      *steps.Place // where the operator looks; nil follows the walk
	since   uint64       // the last event before they looked there
	view    view         // what was last read out
	contour *contour
	streams map[uint64]*stream
	marks   deviations
	typing  bool // lines go to the running command
	muted   bool // the terminal's echo is off
	hush    bool // the line that comes is a secret
	told    size // of their terminal, to commands
	silent  bool // the file was refused: until the operator has said something it is not asked
}

func newWalk(ctx context.Context, session steps.Session, out io.Writer, options Options) *walk {
	if options.Width <= 0 {
		options.Width = 80
	}
	if options.Label == "" {
		options.Label = options.Operator
	}
	if options.ByFile == nil {
		options.ByFile = session
	}
	return &walk{
		printer: printer{out: out, width: options.Width}, ctx: ctx, session: session, options: options,
		state: steps.New(options.Plan), streams: map[uint64]*stream{},
	}
}

// begin takes up what has happened so far without reading it out again.
func (w *walk) begin() error {
	events, news := w.session.Facts(0)
	w.news = news
	for _, e := range events {
		w.state = steps.Apply(w.state, e)
		w.marks.count(e)
	}
	if w.state.Opened() == nil {
		return errors.New("the session has not begun; start it with gatewalk run")
	}
	if err := w.options.Answers.fits(w.outline()); err != nil {
		return err
	}
	w.greet()
	w.tellSize(w.lineSize())
	return w.skipOldOutput()
}

// run takes turns until the session is closed or left.
func (w *walk) run() error {
	for {
		if err := w.turn(); err != nil {
			return w.leave(err)
		}
		if w.err != nil {
			return w.err
		}
		if w.state.Closed() != nil {
			return w.closed()
		}
	}
}

// turn is one exchange: what is new, what stands next, what is said to that.
func (w *walk) turn() error {
	if err := w.catchUp(); err != nil || w.state.Closed() != nil {
		return err
	}
	if w.underWay() {
		return w.follow()
	}
	place, open := w.place()
	if !open {
		return w.finish()
	}
	w.sizeFor(place)
	if err := w.show(place); err != nil {
		return err
	}
	if spoken, err := w.fileSpeaks(place); spoken || err != nil {
		return err
	}
	return w.listen(place)
}

// place is where the operator looks: elsewhere on their own word until that is settled, else what the walk asks for next.
func (w *walk) place() (steps.Place, bool) {
	if w.at != nil {
		if spot := w.state.Spot(*w.at); !spot.Status.Settled() || spot.Changed <= w.since {
			return *w.at, true
		}
		w.at = nil
	}
	return w.state.Next()
}

// catchUp takes the events that are new and reads them out.
func (w *walk) catchUp() error {
	events, news := w.session.Facts(w.state.Seq())
	w.news = news
	for _, e := range events {
		if err := w.take(e); err != nil {
			return err
		}
	}
	return w.err
}

// take applies one event. What an attempt printed is read out before its end is.
func (w *walk) take(e steps.Event) error {
	for _, fact := range e.Facts {
		if end, ok := fact.(steps.Finished); ok {
			if err := w.drain(end.Attempt); err != nil {
				return err
			}
		}
	}
	w.state = steps.Apply(w.state, e)
	w.marks.count(e)
	for _, fact := range e.Facts {
		w.tell(e, fact)
	}
	return nil
}

// do says an input as the operator. A refusal is read out and answered by the form that helps.
func (w *walk) do(in steps.Input) error {
	refusal, err := w.put(w.session, in)
	if err != nil || refusal == nil {
		return err
	}
	return w.help(refusal)
}

// plainly says an input as the operator, without opening a form where it is refused.
func (w *walk) plainly(in steps.Input) error {
	_, err := w.put(w.session, in)
	return err
}

// put says an input and reads out what became true, or why nothing did.
func (w *walk) put(session steps.Session, in steps.Input) (*steps.Refusal, error) {
	w.silent = false
	err := session.Do(in, w.state.Seq())
	var refusal *steps.Refusal
	if errors.As(err, &refusal) {
		w.say("refused: %s", refusal.Error())
		return refusal, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, w.catchUp()
}

// listen asks the operator at a place and does what the line says. Who watches follows the driver meanwhile.
func (w *walk) listen(p steps.Place) error {
	line, came, err := w.await(w.promptAt(p))
	for err == nil && !came && w.drives() {
		line, came, err = w.await(w.promptAt(p))
	}
	if err != nil || !came {
		return err
	}
	if w.state.Spot(p).Status == steps.StatusWaiting && (w.drives() || w.approves(p)) {
		return w.atGate(p, line)
	}
	return w.obey(p, line.text)
}

// ask prompts and waits for a line, reading out what happens meanwhile.
func (w *walk) ask(prompt string) (typed, error) {
	w.endLine()
	for {
		if line, came, err := w.await(prompt); err != nil || came {
			return line, err
		}
	}
}

// await prompts, and waits for a line or for news.
func (w *walk) await(prompt string) (line typed, came bool, err error) {
	if !w.midline {
		w.prompt(prompt)
	}
	return w.wait()
}

// wait waits for a line or for news, and reads the news out.
func (w *walk) wait() (line typed, came bool, err error) {
	if w.lines.held != nil {
		return w.heard(w.lines.take())
	}
	select {
	case line := <-w.lines.lines:
		return w.heard(line)
	case <-w.news:
		return typed{}, false, w.catchUp()
	case <-w.options.Interrupts:
		w.midline = true // the terminal has shown it in the open line
		w.say("ctrl-c: nothing is running here; quit leaves")
		return typed{}, false, nil
	case <-w.ctx.Done():
		return typed{}, false, context.Cause(w.ctx)
	}
}

// heard is a line that came. What comes from a pipe is shown, for nobody has typed it here.
func (w *walk) heard(line typed) (typed, bool, error) {
	if line.keys != nil {
		return typed{}, false, nil // pressed for a command that does not take them any more
	}
	if errors.Is(line.err, errLongLine) {
		w.say("%s", line.err)
		return typed{}, false, nil
	}
	if line.err != nil {
		return typed{}, false, line.err
	}
	switch {
	case w.hush && !w.options.Interactive:
		w.write("(not shown)\n")
	case !w.options.Interactive:
		w.write(safe.Line(w.withoutSecret(line.text)).Plain() + "\n")
	}
	w.midline = w.hush && w.muted // the end of the line was not echoed either
	return line, true, nil
}

// withoutSecret is a line as it is shown: a secret given on it, where it should not be, goes no further.
func (w *walk) withoutSecret(text string) string {
	place, ok := w.place()
	c, rest, known := w.command(text)
	if !ok || !known || c.word != "set" {
		return text
	}
	if name, value := w.nameIn(place, rest); value != "" && w.isSecret(place, name) {
		return c.word + " " + name + " (not shown)"
	}
	return text
}
