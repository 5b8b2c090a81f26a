package runbook

// order collects blocks as they are walked.
type order struct {
	*book
	blocks []int
	walked map[int]bool // steps
}

// walkOrder is every block in the order in which an operator first meets it: a routine stands where it is first called,
// one that nobody calls at the end.
func (b *book) walkOrder() []int {
	o := order{book: b, blocks: make([]int, 0, len(b.Blocks)), walked: make(map[int]bool, len(b.Steps))}
	o.items(b.Root)
	for i := range b.Steps {
		if b.Steps[i].Routine {
			o.step(i)
		}
	}
	return o.blocks
}

func (o *order) items(items []Item) {
	for _, item := range items {
		switch item.Kind {
		case BlockItem:
			o.blocks = append(o.blocks, item.Index)
		case StepItem:
			if !o.Steps[item.Index].Routine {
				o.step(item.Index)
			}
		case NoteItem, ProseItem:
		default:
			panic("runbook: no such item: " + string(item.Kind))
		}
	}
}

func (o *order) step(i int) {
	if o.walked[i] {
		return
	}
	o.walked[i] = true
	step := &o.Steps[i]
	if step.Ref != nil {
		if ref := &o.Refs[*step.Ref]; ref.Step >= 0 && ref.Returns && o.Steps[ref.Step].Routine {
			o.step(ref.Step)
		}
	}
	o.items(step.Body)
}
