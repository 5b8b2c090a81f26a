package session

// Welcomer is a Runner whose commands get what belongs to a login: its agents, display and proxies. Another day's point nowhere.
type Welcomer interface{ LogIn(environ []string) }

// LogIn tells the Runner of an operator who has come back, with their environment, NAME=value. What runs keeps what it has.
func (s *Session) LogIn(environ []string) {
	if runner, ok := s.runner.(Welcomer); ok {
		runner.LogIn(environ)
	}
}
