package runbook

import (
	"fmt"

	"gatewalk/runbook/doc"
)

// ReadSyntax is a source as its syntax has it, before anyone asks what it means: what Read made a plan of. The format is
// that plan's. It fails on a format that is none, and where Read fails.
func ReadSyntax(format, name string, source []byte) (*doc.Document, error) {
	if err := readable(name, source); err != nil {
		return nil, err
	}
	for _, s := range syntaxes {
		if s.format == format {
			return s.document(name, source)
		}
	}
	return nil, fmt.Errorf("%s: there is no format %q", name, format)
}
