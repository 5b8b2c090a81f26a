// Package steps decides what may happen next in a walk; it performs nothing.
//
// Its promise: a session is its facts. Decide says which facts a message makes true, or refuses and writes nothing;
// Apply is the only way the state changes; Effects names the work that a durable fact asks for. So nothing can start
// that is not written down, replaying starts nothing, and what was started without a recorded end is asked about, never
// run again. There is no clock, no disk and no goroutine here: time and news arrive as messages.
//
//	input ──Decide──▶ facts ──journal──▶ event ──Apply──▶ state
//	                                       └────Effects──▶ work, whose news are inputs again
package steps
