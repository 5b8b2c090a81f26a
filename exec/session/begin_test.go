package session

// Begin does work beside the session, as an effect does.
func (s *Session) Begin(work func()) { s.begin(work) }
