package keeper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/exec/socket"
	"gatewalk/steps"
)

// Options is what a keeper is told by its program.
type Options struct {
	How string // BySystemd or BySetsid
	// Open makes the session that an order asks for, in a journal that is held and then is the session's.
	Open func(held *journal.Journal, order Order, screen session.Options) (*session.Session, error)
	// Stamp says who a screen is; nil asks the system. (A test has no terminal.)
	Stamp func(peer socket.Peer, hello Hello) steps.Actor
	// Beside begins what goes on beside a session that is held, as a site's hooks; the answer ends it, before the session is let
	// go of. It must not hold the session up. It may be nil.
	Beside func(s *session.Session, order Order) (end func())
}

// Server holds one session for its screens.
type Server struct {
	options  Options
	dir      string
	listener *socket.Listener
	status   Status

	opening sync.Mutex // one screen at a time attaches: the first brings the session

	mu      sync.Mutex
	held    *journal.Journal // until there is a session
	beside  func()           // ends what goes on beside it
	session *session.Session
	order   Order
	lines   []json.RawMessage // of every event
	news    chan struct{}     // closed by the next line
	screens []*screen
	calls   map[*net.UnixConn]bool // every open connection
	ending  bool                   // nobody is taken in any more

	changed chan struct{} // someone came or went, or something happened
	over    chan struct{} // the session is closed
	work    sync.WaitGroup
}

var errEnds = errors.New("this keeper is just ending; try again")

// Listen takes the session's lock and its socket. Another keeper that is just ending is waited for.
func Listen(ctx context.Context, dir string, options Options) (*Server, error) {
	held, err := take(ctx, dir)
	if err != nil {
		return nil, err
	}
	listener, err := listen(dir)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	if options.Stamp == nil {
		options.Stamp = stamp
	}
	if options.Beside == nil {
		options.Beside = func(*session.Session, Order) func() { return func() {} }
	}
	program, _ := os.Executable()
	return &Server{
		options: options, dir: dir, listener: listener, held: held, news: make(chan struct{}), changed: make(chan struct{}, 1), over: make(chan struct{}),
		calls: map[*net.UnixConn]bool{},
		status: Status{
			Version: version, Build: session.Build(), PID: os.Getpid(), Program: program, Since: time.Now().Round(0), Manner: machine{}.manner(options.How),
		},
	}, nil
}

// take opens the journal, and waits a while for a keeper that is just ending.
func take(ctx context.Context, dir string) (*journal.Journal, error) {
	const pause = 10 * time.Millisecond
	for began := time.Now(); ; {
		held, err := journal.Open(dir)
		if !errors.Is(err, journal.ErrLocked) || time.Since(began) > patience/2 {
			return held, err
		}
		if _, err := Look(ctx, dir); err == nil {
			return nil, fmt.Errorf("%s: another keeper holds it; gatewalk resume attaches to that one", dir)
		}
		time.Sleep(pause)
	}
}

// Run serves until nothing would be lost by ending, or ctx is done. What runs goes on, and is found when the session is resumed.
func (s *Server) Run(ctx context.Context) error {
	accepting := make(chan struct{})
	go func() {
		defer close(accepting)
		s.accept()
	}()
	s.lastUntilIdle(ctx)
	// While the lock is held nobody else can be bound to the name.
	err := errors.Join(removeSocket(s.dir), s.listener.Close())
	<-accepting
	s.hangUp()
	err = errors.Join(err, s.letGo())
	close(s.over)
	s.work.Wait()
	return err
}

// letGo closes the session, or the directory of one that never began.
func (s *Server) letGo() error {
	s.opening.Lock()
	defer s.opening.Unlock()
	switch {
	case s.session != nil:
		s.beside()
		return s.session.Close()
	case s.held == nil:
		return nil
	}
	if seq, _ := s.held.Head(); seq == 0 {
		return errors.Join(os.RemoveAll(s.held.Dir()), s.held.Close())
	}
	return s.held.Close()
}

// accept takes in who calls. Each is served beside the others.
func (s *Server) accept() {
	const pause = 100 * time.Millisecond
	for {
		conn, peer, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(pause) // out of files: those who call wait meanwhile
			continue
		}
		s.count(conn, true)
		s.work.Go(func() {
			defer s.count(conn, false)
			defer conn.Close()
			s.receive(conn, peer)
		})
	}
}

func (s *Server) count(conn *net.UnixConn, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.calls, conn); open {
		s.calls[conn] = true
	}
}

// hangUp ends every connection. Nobody is accepted any more.
func (s *Server) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.calls {
		conn.Close()
	}
}

// receive hears a caller of this user out, if they are of this version.
func (s *Server) receive(conn *net.UnixConn, peer socket.Peer) {
	w := newWire(conn)
	hello, err := w.receive()
	if err != nil || hello.Kind != helloFrame || hello.Hello == nil {
		return
	}
	status := s.Status()
	if err := w.send(frame{Kind: welcomeFrame, Welcome: &status}); err != nil || hello.Hello.Version != version {
		return
	}
	newScreen(s, conn, w, s.options.Stamp(peer, *hello.Hello), *hello.Hello).serve()
}

// Status is who keeps the session, and for whom.
func (s *Server) Status() Status {
	status := s.status
	for _, screen := range s.attached() {
		if !hungUp(screen.conn) {
			status.Screens = append(status.Screens, screen.actor.Label())
		}
	}
	return status
}

func (s *Server) attached() []*screen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.screens)
}

// stamp is who a screen is, as the system knows them. What has no terminal at its standard input is a pipe's word.
func stamp(peer socket.Peer, hello Hello) steps.Actor {
	actor := session.Operator()
	input, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/0", peer.PID))
	if err != nil || input != hello.Terminal || !strings.HasPrefix(input, "/dev/") {
		actor.Via, actor.File = steps.Answers, "standard input"
	}
	return actor
}

func (s *Server) signal() {
	select {
	case s.changed <- struct{}{}:
	default: // one that nobody has seen yet says as much as two
	}
}
