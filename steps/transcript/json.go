package transcript

import (
	"encoding/json"
	"io"
	"slices"
)

// WriteJSON writes a record for machines, with the readable part of every output. It is one object; Schema names its form.
func WriteJSON(w io.Writer, r Record, output Outputs) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(withOutputs(r, output))
}

// withOutputs is the record with its outputs read, on a copy.
func withOutputs(r Record, output Outputs) Record {
	r.Walk = slices.Clone(r.Walk)
	for i := range r.Walk {
		section := &r.Walk[i]
		section.Entries = entriesWith(section.Entries, output)
		section.Blocks = slices.Clone(section.Blocks)
		for j := range section.Blocks {
			section.Blocks[j].Entries = entriesWith(section.Blocks[j].Entries, output)
		}
	}
	return r
}

func entriesWith(entries []Entry, output Outputs) []Entry {
	entries = slices.Clone(entries)
	for i := range entries {
		if entries[i].Attempt == nil {
			continue
		}
		attempt := *entries[i].Attempt
		attempt.Output = output.read(&attempt)
		entries[i].Attempt = &attempt
	}
	return entries
}
