package tools

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// eachName runs a change for every operand and reports what fails.
func (c *Call) eachName(names []string, change func(name string) error) int {
	if len(names) == 0 {
		return c.fail(1, "missing operand")
	}
	bad := false
	for _, name := range names {
		if err := change(name); err != nil {
			c.fail(1, "%v", c.short(name, err))
			bad = true
		}
	}
	return exitCode(bad)
}

func mkdir(c *Call) int {
	o, err := c.options("pv", "m", map[string]byte{"parents": 'p'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	return c.eachName(o.rest, func(name string) error {
		if o.flags['p'] {
			return c.Files.MkdirAll(c.path(name))
		}
		return c.Files.Mkdir(c.path(name))
	})
}

func rm(c *Call) int {
	o, err := c.options("rRfv", "", map[string]byte{"recursive": 'r', "force": 'f', "no-preserve-root": 'N'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	if len(o.rest) == 0 && o.flags['f'] {
		return 0
	}
	return c.eachName(o.rest, func(name string) error {
		info, err := c.Files.Stat(c.path(name))
		switch {
		case err != nil && o.flags['f']:
			return nil
		case err != nil:
			return err
		case info.IsDir() && !o.flags['r'] && !o.flags['R']:
			return fmt.Errorf("cannot remove '%s': Is a directory", name)
		}
		c.Files.RemoveAll(c.path(name))
		return nil
	})
}

func rmdir(c *Call) int {
	o, err := c.options("", "", nil)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	return c.eachName(o.rest, func(name string) error { return c.Files.Remove(c.path(name)) })
}

func touch(c *Call) int {
	o, err := c.options("c", "", nil)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	return c.eachName(o.rest, func(name string) error {
		file, err := c.Files.Open(c.path(name), os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		return file.Close()
	})
}

// chmod knows octal modes and +x.
func chmod(c *Call) int {
	o, err := c.options("Rv", "", nil)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	if len(o.rest) < 2 {
		return c.fail(1, "missing operand")
	}
	octal, octalErr := strconv.ParseUint(o.rest[0], 8, 12)
	return c.eachName(o.rest[1:], func(name string) error {
		info, err := c.Files.Stat(c.path(name))
		switch {
		case err != nil:
			return err
		case octalErr == nil:
			return c.Files.Chmod(c.path(name), fs.FileMode(octal))
		case strings.TrimLeft(o.rest[0], "ugoa") == "+x":
			return c.Files.Chmod(c.path(name), info.Mode()|0o111)
		}
		return fmt.Errorf("mode '%s' is not rehearsed; use an octal mode or +x", o.rest[0])
	})
}

func cp(c *Call) int {
	o, err := c.options("rRapfv", "", map[string]byte{"recursive": 'r', "archive": 'a'})
	if err != nil {
		return c.fail(1, "%v", err)
	}
	deep := o.flags['r'] || o.flags['R'] || o.flags['a']
	return c.transfer(o.rest, func(from, to string) error { return c.copyTo(from, to, deep) })
}

func mv(c *Call) int {
	o, err := c.options("fnv", "", nil)
	if err != nil {
		return c.fail(1, "%v", err)
	}
	return c.transfer(o.rest, c.Files.Rename)
}

// transfer moves each name but the last to the last: into it where it is a directory.
func (c *Call) transfer(names []string, one func(from, to string) error) int {
	if len(names) < 2 {
		return c.fail(1, "missing destination file operand")
	}
	target := names[len(names)-1]
	info, err := c.Files.Stat(c.path(target))
	into := err == nil && info.IsDir()
	if len(names) > 2 && !into {
		return c.fail(1, "target '%s' is not a directory", target)
	}
	return c.eachName(names[:len(names)-1], func(name string) error {
		to := c.path(target)
		if into {
			to = path.Join(to, path.Base(c.path(name)))
		}
		return one(c.path(name), to)
	})
}

func (c *Call) copyTo(from, to string, deep bool) error {
	info, err := c.Files.Stat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		data, err := c.Files.ReadFile(from)
		if err != nil {
			return err
		}
		return c.Files.WriteFile(to, data, info.Mode())
	}
	if !deep || to == from || strings.HasPrefix(to, from+"/") {
		return fmt.Errorf("-r not specified or copy into itself; omitting directory '%s'", from)
	}
	entries, err := c.Files.ReadDir(from)
	if err != nil {
		return err
	}
	if err := c.Files.MkdirAll(to); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := c.copyTo(path.Join(from, entry.Name()), path.Join(to, entry.Name()), deep); err != nil {
			return err
		}
	}
	return nil
}

func ls(c *Call) int {
	o, err := c.options("1ladhtr", "", map[string]byte{"all": 'a', "directory": 'd'})
	if err != nil {
		return c.fail(2, "%v", err)
	}
	if len(o.rest) == 0 {
		o.rest = []string{"."}
	}
	slices.Sort(o.rest)
	var dirs []string
	code := 2 * c.eachName(o.rest, func(name string) error {
		info, err := c.Files.Stat(c.path(name))
		switch {
		case err != nil:
			return fmt.Errorf("cannot access '%s': No such file or directory", name)
		case info.IsDir() && !o.flags['d']:
			dirs = append(dirs, name)
		default:
			c.printLines([]string{listing(info, name, o.flags['l'])})
		}
		return nil
	})
	for i, dir := range dirs {
		c.listDir(dir, i > 0 || len(o.rest) > len(dirs), len(o.rest) > 1, o)
	}
	return code
}

// listDir lists one directory: set apart from what was listed before, and titled where it is not alone.
func (c *Call) listDir(name string, apart, titled bool, o options) {
	var out []string
	if apart {
		out = append(out, "")
	}
	if titled {
		out = append(out, name+":")
	}
	entries, _ := c.Files.ReadDir(c.path(name)) // gone by now: nothing to list
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && (o.flags['a'] || !strings.HasPrefix(entry.Name(), ".")) {
			out = append(out, listing(info, entry.Name(), o.flags['l']))
		}
	}
	c.printLines(out)
}

func listing(info fs.FileInfo, name string, long bool) string {
	if !long {
		return name
	}
	return fmt.Sprintf("%s 1 root root %6d %s %s", info.Mode(), info.Size(), info.ModTime().UTC().Format("Jan _2 15:04"), name)
}
