package keeper

import (
	"errors"
	"fmt"
	"slices"

	"gatewalk/exec/session"
	"gatewalk/steps"
)

// attach takes a screen in. The first one brings the session; one that finds nobody driving drives.
func (s *Server) attach(c *screen, order Order) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	s.dropDead()
	if err := s.admit(c); err != nil {
		return err
	}
	if err := s.open(c, order); err != nil {
		s.drop(c)
		return err
	}
	s.freeWheel("its screen is gone")
	c.environ = order.Login()
	if s.session.State().Driver() == "" {
		s.session.LogIn(c.environ)
		// A session that is closed, or whose disk is full, can be watched all the same.
		_ = s.session.As(c.actor).Do(steps.Drive{}, s.session.State().Seq())
	}
	return nil
}

// admit gives a screen a name that no other has, and counts it.
func (s *Server) admit(c *screen) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return errEnds
	}
	name := c.hello.screen()
	for n := 2; slices.ContainsFunc(s.screens, func(other *screen) bool { return other.actor.Screen == name }); n++ {
		name = fmt.Sprintf("%s (%d)", c.hello.screen(), n)
	}
	c.actor.Screen = name
	s.screens = append(s.screens, c)
	s.signal()
	return nil
}

// open makes the session that an order asks for, unless there is one. A keeper that cannot ends.
func (s *Server) open(c *screen, order Order) error {
	if s.session != nil {
		return s.fits(order)
	}
	if s.held == nil {
		return errEnds
	}
	held := s.held
	opened, err := s.options.Open(held, order, session.Options{Actor: c.actor, Terminal: c.hello.Terminal, Keeper: s.status.Manner.String()})
	end := func() {}
	if err == nil {
		end = s.options.Beside(opened, order)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = nil
	if err != nil {
		return err
	}
	s.session, s.order, s.beside = opened, order, end
	s.work.Go(s.watch)
	return nil
}

var errAttended = errors.New("the session goes on without this --unattended or --mirror, which are said when a keeper begins; attach without, or when nobody is attached and nothing runs")

// fits says whether the session that is held is the one an order asks for. Whether a file may pass gates, and where a copy is kept, is
// said when a sitting begins: for that a keeper that nobody needs makes way.
func (s *Server) fits(order Order) error {
	switch {
	case order.Plan != nil:
		return fmt.Errorf("%s: the session has begun already; gatewalk resume attaches to it", s.session.ID())
	case s.session.Broken() != nil && len(s.attached()) == 1:
		return s.makeWay()
	case !s.unlike(order):
		return nil
	}
	s.session.Settle()
	if len(s.attached()) > 1 || s.session.Busy() {
		return errAttended
	}
	return s.makeWay()
}

// makeWay lets the next keeper take the session up.
func (s *Server) makeWay() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending = true
	return errEnds
}

// unlike says whether an order asks for what the session that is held has not got.
func (s *Server) unlike(order Order) bool {
	return order.Unattended && !s.session.State().Opened().Unattended || order.Mirror != "" && order.Mirror != s.order.Mirror
}

// detach lets a screen go. What it drove stands free.
func (s *Server) detach(c *screen) {
	s.opening.Lock()
	defer s.opening.Unlock()
	if s.drop(c) && s.session != nil {
		s.freeWheel(c.farewell())
		s.withdraw(c)
	}
}

func (s *Server) drop(c *screen) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.Index(s.screens, c)
	if at < 0 {
		return false
	}
	s.screens = slices.Delete(s.screens, at, at+1)
	s.signal()
	return true
}

// dropDead lets those go whose connection has ended though nobody was told yet: one that was killed a moment ago drives no more.
func (s *Server) dropDead() {
	for _, c := range s.attached() {
		if hungUp(c.conn) && s.drop(c) && s.session != nil {
			s.withdraw(c)
		}
	}
}

// freeWheel takes the wheel from a driver that has no screen here.
func (s *Server) freeWheel(why string) {
	driver := s.session.State().Driver()
	if driver == "" || s.byName(driver) != nil {
		return
	}
	s.say(steps.Park{Note: why})
}

// withdraw takes back that a screen which is gone asks for the wheel.
func (s *Server) withdraw(c *screen) {
	if asking := s.session.State().Asking(); asking != nil && asking.By == c.actor.Label() {
		s.say(steps.Yield{To: asking.By, Refused: true, Reason: c.farewell()})
	}
}

// say says an input as the machine. A session that is closed is driven nowhere, and one that cannot be written is the next keeper's.
func (s *Server) say(input steps.Input) {
	gatewalk := session.Operator()
	gatewalk.Via = steps.Machine
	_ = s.session.As(gatewalk).Do(input, s.session.State().Seq())
}

// byName is the screen of a label, nil if none has it.
func (s *Server) byName(label string) *screen {
	for _, c := range s.attached() {
		if c.actor.Label() == label {
			return c
		}
	}
	return nil
}

// end lets go of the session, if nobody else is here and nothing goes on.
func (s *Server) end(c *screen) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	s.dropDead()
	if s.session != nil {
		s.session.Settle()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(s.screens) > 0:
		return fmt.Errorf("its keeper is still attached to by %s; leave it there first", s.screens[0].actor.Label())
	case s.session != nil && s.session.Busy():
		return errors.New("something runs in it; resume the session and see to it first")
	}
	s.ending = true
	s.signal()
	return nil
}

// watch makes the events ready for all screens, once, and sees to it that who drives has a screen here.
func (s *Server) watch() {
	driver := s.session.State().Driver()
	for from := uint64(0); ; {
		events, news := s.session.Facts(from)
		for _, e := range events {
			s.tell(e)
		}
		from += uint64(len(events))
		s.signal()
		if now := s.session.State().Driver(); now != driver {
			driver = now
			s.work.Go(s.seat)
		}
		select {
		case <-news:
		case <-s.over:
			return
		}
	}
}

func (s *Server) tell(e steps.Event) {
	line, err := marshalEvent(e)
	if err != nil {
		panic(fmt.Sprintf("keeper: event %d is in the journal and cannot be spelled: %v", e.Seq, err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
	close(s.news)
	s.news = make(chan struct{})
}

// seat gives running commands the size of the screen that drives now, and those that follow its login. Where the wheel was given to one
// that is gone, it stands free.
func (s *Server) seat() {
	s.opening.Lock()
	s.freeWheel("its screen is gone")
	c := s.byName(s.session.State().Driver())
	s.opening.Unlock()
	if c != nil {
		s.session.LogIn(c.environ)
		c.resizeSession() // a command that takes nothing may keep it waiting
	}
}
