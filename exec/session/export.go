package session

import (
	"errors"
	"fmt"
	"io"

	"gatewalk/exec/journal"
	"gatewalk/steps/safe"
	"gatewalk/steps/transcript"
)

// Formats are those that a record can be exported in.
const Formats = "md or json"

// Export writes the record of a session in a format. What was changed since it was recorded is not shown, and said. Where the journal is damaged it writes what holds before the damage, and answers
// the *journal.Damage.
func Export(out io.Writer, format string, reader *journal.Reader) error {
	plan, events, damage := Load(reader)
	if plan == nil {
		return damage
	}
	record := transcript.New(plan, events)
	report, err := journal.Verify(reader.Dir())
	if err != nil {
		return err
	}
	record.Journal.Head = safe.Line("sha256:" + report.Sum)
	output := func(attempt uint64) (io.Reader, error) {
		if err := report.Printed(attempt); err != nil {
			return nil, err
		}
		return reader.Output(attempt)
	}
	switch format {
	case "md":
		return errors.Join(transcript.WriteMarkdown(out, record, output), damage)
	case "json":
		return errors.Join(transcript.WriteJSON(out, record, output), damage)
	}
	return fmt.Errorf("--format %s: there is no such format; %s", format, Formats)
}
