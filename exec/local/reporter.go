package local

import "golang.org/x/sys/unix"

// reporter tells the process that started the shim what is new, and never waits for it: that process may be busy, stopped or dead.
type reporter struct{ descriptor int }

func newReporter(descriptor int) *reporter {
	_ = unix.SetNonblock(descriptor, true)
	return &reporter{descriptor: descriptor}
}

// tell says whether the word got through. Where the pipe is full, news are waiting there already.
func (r *reporter) tell(word byte) bool {
	_, err := unix.Write(r.descriptor, []byte{word})
	return err == nil
}

func (r *reporter) refuse(reason error) {
	_, _ = unix.Write(r.descriptor, []byte(string(rune(toldRefused))+reason.Error()))
}
