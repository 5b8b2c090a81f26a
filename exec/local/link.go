package local

import (
	"encoding/json"
	"fmt"
	"net"
	"sync"
	"time"

	"gatewalk/exec/socket"
)

// link is this process's connection to a shim.
type link struct {
	connection *net.UnixConn
	sending    sync.Mutex
	mutex      sync.Mutex
	news       news
	changed    chan struct{}
}

// reach is the connection to the shim of an attempt, made when it is first asked for. Whether this process has started the shim makes
// no difference.
func (r *Runner) reach(attempt uint64) (*link, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if l := r.links[attempt]; l != nil {
		return l, nil
	}
	connection, err := r.layout.attempt(attempt).dial()
	if err != nil {
		return nil, err
	}
	l := &link{connection: connection, news: news{Echo: true}, changed: make(chan struct{})}
	r.links[attempt] = l
	go func() {
		l.listen()
		r.forget(attempt)
		l.hangUp()
	}()
	return l, nil
}

func (r *Runner) forget(attempt uint64) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.links, attempt)
}

// dial connects to the shim that the claim names, and to no other process.
func (f folder) dial() (*net.UnixConn, error) {
	who, err := parseIdentity(f.claimant())
	if err != nil {
		return nil, err
	}
	connection, peer, err := socket.Dial(string(f), socketFile)
	if err != nil {
		return nil, err
	}
	if peer.PID != who.pid {
		connection.Close()
		return nil, fmt.Errorf("%s: process %d listens there, and not %d, which runs the attempt", f.file(socketFile), peer.PID, who.pid)
	}
	return connection, nil
}

// listen takes in what the shim tells until it hangs up.
func (l *link) listen() {
	from := json.NewDecoder(l.connection)
	for {
		var told news
		if err := from.Decode(&told); err != nil {
			return
		}
		l.hear(told)
	}
}

func (l *link) hear(told news) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.news = told
	close(l.changed)
	l.changed = make(chan struct{})
}

// hangUp wakes whoever waits, and lets nobody wait here any more.
func (l *link) hangUp() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	close(l.changed)
	l.connection.Close()
}

// now is how it stands, and a channel that is closed at the next news.
func (l *link) now() (news, <-chan struct{}) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.news, l.changed
}

// send says something to the shim. One that does not listen is not waited for; what then was half said ends the connection.
func (l *link) send(f frame) error {
	const patience = 2 * time.Second
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	l.sending.Lock()
	defer l.sending.Unlock()
	if err := l.connection.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := l.connection.Write(append(text, '\n')); err != nil {
		l.connection.Close()
		return err
	}
	return nil
}
