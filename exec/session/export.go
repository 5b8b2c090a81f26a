package session

import (
	"errors"
	"fmt"
	"io"
	"os"

	"gatewalk/exec/journal"
	"gatewalk/steps/safe"
	"gatewalk/steps/transcript"
)

// Formats are those that a record can be exported in.
const Formats = "md or json"

// ExportFile writes the record of a session into a new file that only its owner reads. Where that fails no file is left, but for a
// damaged journal: what holds of it is there.
func ExportFile(name, format string, reader *journal.Reader) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w; name a new file in a directory that is there", name, errors.Unwrap(err))
	}
	err = errors.Join(Export(file, format, reader), file.Close())
	if err != nil && !errors.As(err, new(*journal.Damage)) {
		return errors.Join(err, os.Remove(name))
	}
	return err
}

// Export writes the record of a session in a format. What was changed since it was recorded is not shown, and said. Where the
// journal is damaged it writes what holds before the damage, and answers the *journal.Damage.
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
