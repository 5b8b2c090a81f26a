package mirror

import "time"

// KeepRounds keeps a copy by rounds that may say nothing for a while only.
func KeepRounds(s Session, place string, silence time.Duration, round func() (uint64, error)) *Keeping {
	k := newKeeping(s, place)
	k.silence, k.round = silence, round
	go k.follow()
	return k
}
