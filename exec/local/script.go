package local

import (
	_ "embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"gatewalk/exec"
)

//go:embed wrapper.bash
var wrapper string

// script is what bash runs: the wrapper, the way back into the context, and one file after the other. Files are sourced, not typed and
// not read from a pipe: so a quote without its end ends with its file, and a command that reads its input reads the keyboard.
func script(order order, shim int) string {
	f := order.Root.attempt(order.Launch.Attempt)
	var text strings.Builder
	text.WriteString(wrapper)
	fmt.Fprintf(&text, "\nset --\n__gatewalk_attempt=%s __gatewalk_shim=%d __gatewalk_saved= __gatewalk_failed=\n", quote(string(f)), shim)
	text.WriteString(beginning(order))
	text.WriteString("__gatewalk_restored || builtin exit\n__gatewalk_enter || builtin exit\n")
	for _, name := range slices.Sorted(maps.Keys(order.Launch.Assign)) {
		fmt.Fprintf(&text, "builtin declare %s=%s || builtin exit 125\n", name, quote(order.Launch.Assign[name]))
	}
	if order.Launch.Scratch {
		text.WriteString("__gatewalk_saved=1\n")
	}
	text.WriteString("trap '{ __gatewalk_left \"$?\"; } 2>/dev/null' EXIT\n{ __gatewalk_begin; } 2>/dev/null\n")
	for command := order.Launch.From; command < len(order.Launch.Commands); command++ {
		fmt.Fprintf(&text, ". %s\n{ __gatewalk_ended %d \"$?\"; } 2>/dev/null || builtin exit \"$?\"\n", quote(f.command(command)), command)
	}
	text.WriteString("{ __gatewalk_save 0; } 2>/dev/null\n")
	return text.String()
}

// beginning is a context or the lack of one.
func beginning(order order) string {
	if order.Launch.Context == "" {
		return fmt.Sprintf("umask %04o\n__gatewalk_directory=%s __gatewalk_previous= __gatewalk_options= __gatewalk_traps= __gatewalk_status=0 __gatewalk_complete=1\n",
			order.Umask, quote(order.Directory))
	}
	path, err := order.Root.context(order.Launch.Context)
	if err != nil {
		panic("local: " + err.Error())
	}
	return ". " + quote(path) + "\n"
}

// command is the file of one top-level command. People see its name in messages of the shell, so it counts from 1.
func (f folder) command(index int) string {
	return f.file(commandsDir) + "/" + strconv.Itoa(index+1)
}

func (f folder) writeScript(order order, shim int) error {
	if err := os.Mkdir(f.file(commandsDir), 0o700); err != nil {
		return err
	}
	for index, command := range order.Launch.Commands {
		if err := os.WriteFile(f.command(index), []byte(command+"\n"), 0o600); err != nil {
			return err
		}
	}
	if err := os.WriteFile(f.file(namesFile), nil, 0o600); err != nil {
		return err
	}
	return os.WriteFile(f.file(scriptFile), []byte(script(order, shim)), 0o600)
}

// commandRecord is what the file cmd says: all of a launch but the values of secrets.
type commandRecord struct {
	Attempt  uint64            `json:"attempt"`
	Host     string            `json:"host,omitempty"`
	User     string            `json:"user,omitempty"`
	Commands []string          `json:"commands"`
	From     int               `json:"from,omitempty"`
	Context  string            `json:"context,omitempty"`
	Assign   map[string]string `json:"assign,omitempty"`
	Secrets  []string          `json:"secrets,omitempty"`
	Scratch  bool              `json:"scratch,omitempty"`
}

func recordOf(launch exec.Launch) commandRecord {
	var names []string
	for _, secret := range launch.Secrets {
		names = append(names, secret.Name)
	}
	return commandRecord{
		Attempt: launch.Attempt, Host: launch.Host, User: launch.User, Commands: launch.Commands, From: launch.From,
		Context: launch.Context, Assign: launch.Assign, Secrets: names, Scratch: launch.Scratch,
	}
}

// quote makes one word of any text.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
