// Package tui is what an operator sees; it turns keys into inputs.
//
// Its promise: it shows what is true and decides nothing. The root model routes messages; its parts propose and it
// disposes. Update reads its fields and returns a value: what waits for the disk, a command or the clock is done by
// commands, and every input carries the sequence number of what was on screen when the key was pressed.
//
//	keys ──Update──▶ inputs ──Session.Do──▶ facts ──Apply──▶ the screen's own state ──▶ View
package tui
