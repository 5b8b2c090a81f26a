// Package tools holds the small programs that procedures pipe through: grep, sort, awk, jq and their like.
//
// Its promise: a tool reads and writes only the files and streams of its Call; it starts nothing, sleeps in virtual
// time, and refuses an option it does not know instead of doing something near it.
package tools

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"gatewalk/exec/rehearse/files"
)

// Call is one run of a tool.
type Call struct {
	Context context.Context // ends what would not end by itself
	Name    string
	Args    []string // without the name
	Dir     string
	Host    string
	Env     map[string]string // the exported variables
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Files   files.View
	Now     func() time.Time
	Sleep   func(time.Duration)
	// Run runs another command with the same streams but this input, and returns its exit code.
	Run func(args []string, stdin io.Reader) (int, error)
}

// Tool runs a Call and returns its exit code. An error ends the whole attempt; only Call.Run gives one.
type Tool func(c *Call) (int, error)

var tools = map[string]Tool{
	"awk": plain(awk), "basename": plain(baseName), "cat": plain(cat), "chmod": plain(chmod), "cp": plain(cp),
	"cut": plain(cut), "date": plain(date), "dirname": plain(dirName), "env": plain(env), "grep": plain(grep),
	"egrep": plain(grep), "fgrep": plain(grep), "head": plain(head), "hostname": plain(hostName), "jq": plain(jq),
	"ls": plain(ls), "mkdir": plain(mkdir), "mv": plain(mv), "rm": plain(rm), "rmdir": plain(rmdir), "sed": plain(sed),
	"seq": plain(seq), "sleep": plain(sleep), "sort": plain(sortLines), "tail": plain(tail), "tee": plain(tee),
	"touch": plain(touch), "tr": plain(tr), "uniq": plain(uniq), "wc": plain(wc), "whoami": plain(whoAmI),
	"xargs": xargs,
}

// Lookup finds a tool.
func Lookup(name string) (Tool, bool) {
	tool, known := tools[name]
	return tool, known
}

func plain(run func(c *Call) int) Tool {
	return func(c *Call) (int, error) { return run(c), nil }
}

// fail prints what is wrong the way the real tool would and returns the code.
func (c *Call) fail(code int, format string, args ...any) int {
	fmt.Fprintf(c.Stderr, "%s: %s\n", c.Name, fmt.Sprintf(format, args...))
	return code
}

func (c *Call) path(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(c.Dir, name)
}

// read returns the content of a named file, or of standard input for "-".
func (c *Call) read(name string) ([]byte, error) {
	if name == "-" || name == "/dev/stdin" {
		return io.ReadAll(c.Stdin)
	}
	data, err := c.Files.ReadFile(c.path(name))
	return data, c.short(name, err)
}

// short says what is wrong with a file in the words of the C library.
func (c *Call) short(name string, err error) error {
	if problem, ok := err.(*fs.PathError); ok {
		return fmt.Errorf("%s: %s", name, upperFirst(problem.Err.Error()))
	}
	return err
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// input is all that the named files hold, or standard input where none is named. Files that cannot be read are
// reported and make bad true.
func (c *Call) input(names []string) (all []byte, bad bool) {
	if len(names) == 0 {
		names = []string{"-"}
	}
	var joined bytes.Buffer
	for _, name := range names {
		data, err := c.read(name)
		if err != nil {
			c.fail(1, "%v", err)
			bad = true
		}
		joined.Write(data)
	}
	return joined.Bytes(), bad
}

// lines splits text at newlines; the last line may lack its own.
func lines(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func (c *Call) printLines(all []string) {
	var out bytes.Buffer
	for _, line := range all {
		out.WriteString(line + "\n")
	}
	_, _ = c.Stdout.Write(out.Bytes())
}

func exitCode(failed bool) int {
	if failed {
		return 1
	}
	return 0
}
