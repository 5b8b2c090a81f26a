package hook

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.yaml.in/yaml/v4"
)

// maxConfig is more than any list of hooks takes.
const maxConfig = 64 << 10

// Path is where the hooks of this user stand: gatewalk/hooks.yaml under $XDG_CONFIG_HOME, or under ~/.config where that is
// unset or not absolute (XDG Base Directory Specification 0.8). It need not exist.
func Path() (string, error) {
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errors.New("the hooks: there is no home directory to look for them in: set XDG_CONFIG_HOME to an absolute path")
		}
		config = filepath.Join(home, ".config")
	}
	return filepath.Join(config, "gatewalk", "hooks.yaml"), nil
}

// Load reads the hooks of this user; none where there is no file. What others could have written is refused, and a program that everyone
// may write: it would run as this user.
func Load() ([]Hook, error) {
	path, err := Path()
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w; correct it, or move it away", path, errors.Unwrap(err))
	}
	defer file.Close()
	if err := trusted(path, file); err != nil {
		return nil, err
	}
	source, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w", path, err)
	}
	hooks, err := Parse(path, source)
	if err != nil {
		return nil, err
	}
	for _, h := range hooks {
		if err := h.guarded(path); err != nil {
			return nil, err
		}
	}
	return hooks, nil
}

// guarded refuses a program that everyone may write. One that is not there is a failure of its own, when it is to run.
func (h Hook) guarded(path string) error {
	info, err := os.Stat(h.Command[0])
	if err == nil && filepath.IsAbs(h.Command[0]) && info.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("%s: %s: everyone may write %s (mode %04o), and it would run as you; look at it, then chmod o-w it", path, h.Name, h.Command[0], info.Mode().Perm())
	}
	return nil
}

// trusted refuses a file that someone else could have put there.
func trusted(path string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	switch {
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: is no regular file; write the hooks into one", path)
	case owner != os.Geteuid() && owner != 0:
		return fmt.Errorf("%s: belongs to user %d, and what stands in it would run as you; write one of your own", path, owner)
	case info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("%s: others may write it (mode %04o), and what stands in it would run as you; look at it, then chmod 600 it", path, info.Mode().Perm())
	}
	return nil
}

// Parse reads hooks. The name goes into errors.
func Parse(name string, source []byte) ([]Hook, error) {
	if len(source) > maxConfig {
		return nil, fmt.Errorf("%s: it is longer than hooks are (64 KiB); name the right file", name)
	}
	if len(strings.TrimSpace(string(source))) == 0 {
		return nil, nil
	}
	var document yaml.Node
	if err := yaml.Load(source, &document); err != nil {
		return nil, fmt.Errorf("%s: %w; write hooks: and a list of them", name, err)
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	r := &reader{name: name}
	err := r.keys(root, map[string]func(*yaml.Node) error{"hooks": r.list})
	return r.hooks, err
}

// reader collects hooks.
type reader struct {
	name  string
	hooks []Hook
}

func (r *reader) wrong(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.name, n.Line, fmt.Sprintf(format, args...))
}

// keys hands each value of a table to who knows its key.
func (r *reader) keys(n *yaml.Node, known map[string]func(*yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return r.wrong(n, "a table is wanted, key: value")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		if !ok {
			return r.wrong(key, "unknown key %q; hooks: holds a list of name, on, command and timeout", key.Value)
		}
		delete(known, key.Value) // a second one is unknown
		if err := read(value); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) list(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return r.wrong(n, "hooks: holds a list; begin each hook with a dash")
	}
	for _, member := range n.Content {
		if err := r.hook(member); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) hook(n *yaml.Node) error {
	h := Hook{Timeout: DefaultTimeout}
	var heard []string
	err := r.keys(n, map[string]func(*yaml.Node) error{
		"name":    func(v *yaml.Node) error { return r.word(v, &h.Name) },
		"on":      func(v *yaml.Node) error { return r.words(v, &heard) },
		"command": func(v *yaml.Node) error { return r.words(v, &h.Command) },
		"timeout": func(v *yaml.Node) error { return r.timeout(v, &h.Timeout) },
	})
	switch {
	case err != nil:
		return err
	case h.Name == "" || len(h.Name) > 60:
		return r.wrong(n, "a hook has a name, of 60 bytes at most")
	case slices.ContainsFunc(r.hooks, func(other Hook) bool { return other.Name == h.Name }):
		return r.wrong(n, "a second hook is called %q; give it another name", h.Name)
	case len(h.Command) == 0 || h.Command[0] == "":
		return r.wrong(n, "%s has no command; write it as a list, [program, argument]", h.Name)
	case strings.Contains(h.Command[0], "/") && !filepath.IsAbs(h.Command[0]):
		return r.wrong(n, "%s: %q is a path from nowhere; write the whole of it", h.Name, h.Command[0])
	case len(heard) == 0:
		return r.wrong(n, "%s is told of nothing; write on: [%s], or some of them", h.Name, strings.Join(words(), ", "))
	}
	for _, word := range heard {
		if !slices.Contains(all, On(word)) {
			return r.wrong(n, "%s is to be told of %q; there is %s", h.Name, word, strings.Join(words(), ", "))
		}
		h.On = append(h.On, On(word))
	}
	r.hooks = append(r.hooks, h)
	return nil
}

func words() []string {
	var words []string
	for _, on := range all {
		words = append(words, string(on))
	}
	return words
}

func (r *reader) word(n *yaml.Node, to *string) error {
	if n.Kind != yaml.ScalarNode {
		return r.wrong(n, "one word, or words in quotes, are wanted")
	}
	*to = n.Value
	return nil
}

// words reads a list. It is always one: a command in one string would ask for a shell.
func (r *reader) words(n *yaml.Node, to *[]string) error {
	if n.Kind != yaml.SequenceNode {
		return r.wrong(n, "a list is wanted: [one, two]")
	}
	for _, member := range n.Content {
		var word string
		if err := r.word(member, &word); err != nil {
			return err
		}
		*to = append(*to, word)
	}
	return nil
}

func (r *reader) timeout(n *yaml.Node, to *time.Duration) error {
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 || d > LongestTimeout {
		return r.wrong(n, "timeout: %q is no time a hook may take; write 10s, or up to %s", n.Value, LongestTimeout)
	}
	*to = d
	return nil
}
