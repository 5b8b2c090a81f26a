package local

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"

	"gatewalk/exec/socket"
)

// A shim is reached at the socket in its attempt's folder, by any process of the operator, by several at a time:
//
//	to the shim     frames, a line of JSON each
//	from the shim   news, a line of JSON each: once at the beginning, then whenever something has changed, the latest only
//
// The socket answers as long as the shim lives, and the shim lives until the end is on disk: hanging up is the news of the end.

// news is how it stands with an attempt that runs.
type news struct {
	Bytes int64 `json:"bytes"` // of output in the spool file
	Echo  bool  `json:"echo"`  // what is typed is shown
}

// server is the shim's end of its socket. It waits for nobody: who is told may be busy, stopped or dead.
type server struct {
	listener *socket.Listener
	now      func() news
	obey     func(frame)
	mutex    sync.Mutex
	clients  map[*client]bool
}

const (
	mostClients  = 64
	longestFrame = 256 * 1024 // bytes
)

func newServer(f folder) (*server, error) {
	listener, err := socket.Listen(string(f), socketFile)
	if err != nil {
		return nil, err
	}
	return &server{listener: listener, clients: map[*client]bool{}}, nil
}

// serve lasts as long as this process. Where it can open no more files it goes on as soon as it can.
func (s *server) serve() {
	const pause = 50 * time.Millisecond
	for {
		connection, _, err := s.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(pause)
		default:
			s.admit(connection)
		}
	}
}

func (s *server) admit(connection *net.UnixConn) {
	c := &client{connection: connection, changed: make(chan struct{}, 1), gone: make(chan struct{})}
	c.wake()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.clients) == mostClients {
		connection.Close()
		return
	}
	s.clients[c] = true
	go c.tell(s.now)
	go func() {
		c.listen(s.obey)
		s.dismiss(c)
	}()
}

func (s *server) dismiss(c *client) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.clients, c)
	close(c.gone)
	c.connection.Close()
}

// changed tells everybody, soon.
func (s *server) changed() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for c := range s.clients {
		c.wake()
	}
}

// hangUp tells everybody that it has ended, sooner than the system takes a process down.
func (s *server) hangUp() {
	s.listener.Close()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for c := range s.clients {
		c.connection.Close()
	}
}

// client is one process at the socket.
type client struct {
	connection *net.UnixConn
	changed    chan struct{}
	gone       chan struct{}
}

func (c *client) wake() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// tell tells of the first output at once and of a flood now and then: to be woken for every line would slow down both sides.
func (c *client) tell(now func() news) {
	const breath = 5 * time.Millisecond
	to := json.NewEncoder(c.connection)
	for {
		select {
		case <-c.gone:
			return
		case <-c.changed:
		}
		if err := to.Encode(now()); err != nil {
			return
		}
		time.Sleep(breath)
	}
}

// listen lasts until the client hangs up or says what no client says.
func (c *client) listen(obey func(frame)) {
	lines := bufio.NewScanner(c.connection)
	lines.Buffer(nil, longestFrame)
	for lines.Scan() {
		var f frame
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return
		}
		obey(f)
	}
}
