package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"gatewalk/exec"
)

// endRecord is exec.End as the file exit has it. The conversion between the two fails to compile when one of them grows.
type endRecord struct {
	Code       int                `json:"code"`
	Signal     string             `json:"signal,omitempty"`
	Exits      []exec.CommandExit `json:"exits,omitempty"`
	Context    string             `json:"context,omitempty"`
	Variables  map[string]string  `json:"variables,omitempty"`
	Bytes      int64              `json:"bytes"`
	Digest     string             `json:"digest"`
	Redactions int                `json:"redactions,omitempty"`
	Hidden     int                `json:"hidden,omitempty"`
	Took       time.Duration      `json:"took"` // nanoseconds
	Warning    string             `json:"warning,omitempty"`
}

// Room, in bytes, that is kept before the attempt starts, so that a full disk loses neither its end nor the ends of its commands.
const (
	roomForEnd   = 16 * 1024
	roomForExits = 4 * 1024
)

// keepRoom makes an empty file that can be written up to a size whatever becomes of the disk, if its file system can do that.
func keepRoom(path string, size int64) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	err = unix.Fallocate(int(file.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, size)
	if errors.Is(err, unix.EOPNOTSUPP) {
		return nil
	}
	return err
}

// writeEnd writes into the reserve and gives it its name. A record that does not fit on a full disk goes without its variables.
func writeEnd(f folder, end exec.End) error {
	err := putEnd(f, end)
	if err != nil && end.Variables != nil {
		end.Variables = nil
		end.Warning = joinWarnings(end.Warning, "its variables were not recorded: "+err.Error())
		err = putEnd(f, end)
	}
	return err
}

func putEnd(f folder, end exec.End) error {
	text, err := json.Marshal(endRecord(end))
	if err != nil {
		return err
	}
	file, err := os.OpenFile(f.file(reserveFile), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.WriteAt(append(text, '\n'), 0); err != nil {
		return err
	}
	if err := file.Truncate(int64(len(text)) + 1); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(f.file(reserveFile), f.file(endFile)); err != nil {
		return err
	}
	return syncDirectory(string(f))
}

// progress is what the shell itself has recorded.
type progress struct {
	shell int // its process, and its session; 0 while it was still preparing
	exits []exec.CommandExit
}

func readProgress(f folder) progress {
	var p progress
	text, _ := readRegular(f.file(exitsFile))
	for line := range strings.Lines(string(text)) {
		var exit exec.CommandExit
		if _, err := fmt.Sscanf(line, "%d %d\n", &exit.Command, &exit.Code); err == nil {
			p.exits = append(p.exits, exit)
		} else {
			_, _ = fmt.Sscanf(line, "begun %d\n", &p.shell)
		}
	}
	return p
}

// countExits completes what the shell has recorded by the command that ended the shell itself.
func (s *shim) countExits(end *exec.End) {
	progress := readProgress(s.folder)
	end.Exits = progress.exits
	next := s.order.Launch.From + len(end.Exits)
	failed := len(end.Exits) > 0 && end.Exits[len(end.Exits)-1].Code != 0
	if progress.shell == 0 {
		end.Warning = joinWarnings("no command was started", end.Warning)
		return
	}
	if failed || next >= len(s.order.Launch.Commands) {
		return
	}
	end.Exits = append(end.Exits, exec.CommandExit{Command: next, Code: end.Code})
	if left := len(s.order.Launch.Commands) - next - 1; left > 0 && end.Code == 0 {
		end.Warning = joinWarnings(end.Warning, fmt.Sprintf("command %d ended the shell: the %d after it were not run", next+1, left))
	}
}
