// Package keeper keeps a session alive without a terminal: it is the process that holds the session, and the socket between it and screens.
//
// Its promise: a screen that is closed, killed or cut off costs nothing; what it drove stands free for the next one, and what runs goes
// on. Nobody but the session's own user reaches it. A screen that reads slowly, or not at all, holds up nobody but itself.
//
//	gatewalk resume ──Attach──▶ socket ──Server──▶ session.Session ──▶ journal, runner
//	       tui ◀──Client (facts, output by offset)──┘   stamps who says what; parks a wheel whose screen is gone
//
// The socket lies in the session's directory. Whoever holds the session's lock owns it, and a keeper holds the lock as long as it
// lives. A keeper without screens ends when nothing would be lost by it: the session is closed, or takes no more lines, or nothing goes
// on by itself and nobody has come back for a while (Order.Linger; the twelve hours of longest where secrets would be forgotten).
package keeper
