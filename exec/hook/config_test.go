package hook_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/hook"
)

func TestReadingHooks(t *testing.T) {
	hooks, err := hook.Parse("hooks.yaml", []byte("hooks:\n  - name: page\n    on: [gate, failed]\n    command: [/usr/local/bin/page, --from, gatewalk]\n    timeout: 10s\n  - {name: log, on: [poll, overdue], command: [logger]}\n"))
	require.NoError(t, err)
	require.Equal(t, []hook.Hook{
		{Name: "page", On: []hook.On{hook.Gate, hook.Failed}, Command: []string{"/usr/local/bin/page", "--from", "gatewalk"}, Timeout: 10 * time.Second},
		{Name: "log", On: []hook.On{hook.Poll, hook.Overdue}, Command: []string{"logger"}, Timeout: hook.DefaultTimeout},
	}, hooks)
	for _, none := range []string{"", "\n  \n", "hooks: []\n"} {
		hooks, err := hook.Parse("hooks.yaml", []byte(none))
		require.NoError(t, err, none)
		require.Empty(t, hooks)
	}
}

// TestTheHelpIsTrue: its example is read, and it names everything a hook may be told of.
func TestTheHelpIsTrue(t *testing.T) {
	var example strings.Builder
	for line := range strings.Lines(hook.Help) {
		if shown, ok := strings.CutPrefix(line, "  "); ok {
			example.WriteString(shown)
		}
	}
	hooks, err := hook.Parse("help", []byte(example.String()))
	require.NoError(t, err)
	require.Len(t, hooks, 2)
	for _, on := range hooks[1].On {
		require.Contains(t, hook.Help, "\n"+string(on)+" ")
	}
}

func TestWhatIsNoHookIsNamedByItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"hooks:\n  - name: a\n    on: [gate]\n    command: run this\n":                               "hooks.yaml:4: a list is wanted",
		"hooks:\n  - name: a\n    on: gate\n    command: [x]\n":                                      "hooks.yaml:3: a list is wanted",
		"hooks:\n  - name: a\n    on: [lunch]\n    command: [x]\n":                                   `hooks.yaml:2: a is to be told of "lunch"`,
		"hooks:\n  - name: a\n    on: []\n    command: [x]\n":                                        "told of nothing",
		"hooks:\n  - name: a\n    on: [gate]\n":                                                      "a has no command",
		"hooks:\n  - on: [gate]\n    command: [x]\n":                                                 "a hook has a name",
		"hooks:\n  - {name: a, on: [gate], command: [x]}\n  - {name: a, on: [gate], command: [x]}\n": "hooks.yaml:3: a second hook",
		"hooks:\n  - name: a\n    on: [gate]\n    command: [bin/x]\n":                                "a path from nowhere",
		"hooks:\n  - name: a\n    on: [gate]\n    command: [x]\n    timeout: 1d\n":                   "hooks.yaml:5: timeout",
		"hooks:\n  - name: a\n    on: [gate]\n    command: [x]\n    timeout: 11m\n":                  "hooks.yaml:5: timeout",
		"hooks:\n  - name: a\n    retry: 3\n":                                                        `hooks.yaml:3: unknown key "retry"`,
		"hooks:\n  - name: a\n    name: b\n":                                                         "hooks.yaml:3: ",
		"hooks: a\n":                                                                                 "hooks.yaml:1: hooks: holds a list",
		"- name: a\n":                                                                                "hooks.yaml:1: a table is wanted",
		"hooks: [a\n":                                                                                "hooks.yaml: ",
		"page: [x]\n":                                                                                `hooks.yaml:1: unknown key "page"`,
	} {
		_, err := hook.Parse("hooks.yaml", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

// FuzzParse: a file of hooks is refused or read, and never more than that.
func FuzzParse(f *testing.F) {
	f.Add([]byte("hooks:\n  - {name: a, on: [gate], command: [x], timeout: 1s}\n"))
	f.Add([]byte("hooks: [&a {name: *a}]"))
	f.Fuzz(func(t *testing.T, source []byte) {
		hooks, err := hook.Parse("hooks.yaml", source)
		for _, h := range hooks {
			if err == nil {
				require.NotEmpty(t, h.Name)
				require.NotEmpty(t, h.Command)
				require.NotEmpty(t, h.On)
				require.Positive(t, h.Timeout)
			}
		}
	})
}

func TestHooksThatOthersCouldHaveWrittenAreRefused(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	path := filepath.Join(config, "gatewalk", "hooks.yaml")
	hooks, err := hook.Load()
	require.NoError(t, err, "no file, no hooks")
	require.Empty(t, hooks)

	require.NoError(t, os.Mkdir(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte("hooks: [{name: a, on: [gate], command: [x]}]\n"), 0o600))
	hooks, err = hook.Load()
	require.NoError(t, err)
	require.Len(t, hooks, 1)

	require.NoError(t, os.Chmod(path, 0o620))
	_, err = hook.Load()
	require.ErrorContains(t, err, "others may write it (mode 0620)")

	require.NoError(t, os.Remove(path))
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	_, err = hook.Load()
	require.ErrorContains(t, err, "is no regular file")

	require.NoError(t, os.Remove(path))
	require.NoError(t, os.WriteFile(path, make([]byte, 1<<20), 0o600))
	_, err = hook.Load()
	require.ErrorContains(t, err, "longer than hooks are")

	program := filepath.Join(config, "page.sh")
	require.NoError(t, os.WriteFile(path, []byte("hooks: [{name: a, on: [gate], command: ["+program+"]}]\n"), 0o600))
	_, err = hook.Load()
	require.NoError(t, err, "that it is missing is said when it is to run")
	require.NoError(t, os.WriteFile(program, nil, 0o700))
	require.NoError(t, os.Chmod(program, 0o777))
	_, err = hook.Load()
	require.ErrorContains(t, err, "a: everyone may write "+program+" (mode 0777)")
	require.NoError(t, os.Chmod(program, 0o775))
	_, err = hook.Load()
	require.NoError(t, err)
}
