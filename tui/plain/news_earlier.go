package plain

import "gatewalk/steps"

// tellCarried says how a place stood in an earlier session. A damaged record only claims it.
func (w *walk) tellCarried(f steps.Carried) {
	if f.Claimed {
		w.say("claimed at %s: %s, says the damaged record of session %s", w.name(f.Place), f.Status, f.From)
		return
	}
	w.say("carried at %s: %s in session %s", w.name(f.Place), f.Status, f.From)
}

func (w *walk) tellContinued(f steps.Continued) {
	if f.Damage != "" {
		w.say("this goes on from session %s, whose record is damaged: %s; what stands as claimed is that record's word", f.From, f.Damage)
		return
	}
	w.say("this goes on from session %s", f.From)
}
