package main

import (
	"errors"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
)

func TestMain(m *testing.M) {
	if os.Getenv(asGatewalk) != "" || len(os.Args) > 1 && os.Args[1] == keeper.Word { // this binary is gatewalk to its own sessions
		os.Unsetenv(asGatewalk)
		os.Exit(run())
	}
	testscript.Main(m, map[string]func(){"gatewalk": func() { os.Exit(run()) }})
}

// asGatewalk is set where this test binary is to be the program itself.
const asGatewalk = "GATEWALK_TEST_AS_PROGRAM"

// TestScripts drives the whole program as an operator does at a shell. Each script is a story; -testwork keeps its files.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOST", thisHost())
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("TERM", "dumb")
			e.Setenv("GATEWALK_LINGER", "0s") // a keeper that nobody needs any more is gone when its story goes on
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "namespaces" {
				return false, errors.New("there is no such condition")
			}
			return osexec.Command("unshare", "-rmupf", "--mount-proc", "true").Run() == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"session":    setSession,
			"newest":     setNewest,
			"fill":       fill,
			"corrupt":    corrupt,
			"corrupt-at": corruptAt,
		},
	})
}

// setSession puts the newest session's id into SESSION and its directory into DIR, once nobody holds it any more.
func setSession(ts *testscript.TestScript, neg bool, args []string) {
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		newest := newestSession(ts)
		if newest.Holder == nil {
			setNewest(ts, neg, args)
			return
		}
		if time.Since(began) > time.Minute {
			ts.Fatalf("%s is still held by %s", newest.ID, newest.Holder)
		}
	}
}

// setNewest does so whoever holds it.
func setNewest(ts *testscript.TestScript, neg bool, _ []string) {
	newest := newestSession(ts)
	ts.Setenv("SESSION", newest.ID)
	ts.Setenv("DIR", newest.Dir)
}

func newestSession(ts *testscript.TestScript) journal.Entry {
	root := filepath.Join(ts.Getenv("XDG_STATE_HOME"), "gatewalk", "sessions")
	found, err := journal.List(root)
	ts.Check(err)
	if len(found) == 0 {
		ts.Fatalf("there is no session in %s", root)
	}
	return slices.MaxFunc(found, func(a, b journal.Entry) int { return begun(a).Compare(begun(b)) })
}

// begun is when a session was begun or arrived: its name says so to the second only.
func begun(entry journal.Entry) time.Time {
	info, err := os.Stat(filepath.Join(entry.Dir, "plan.json"))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// fill FILE replaces $HOST and other variables in a file of the script.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), func(v string) string {
			if v == "HOST" || v == "WORK" {
				return ts.Getenv(v)
			}
			return "$" + v
		})
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// corrupt FILE cut|flip|tail|grow damages a file.
func corrupt(ts *testscript.TestScript, neg bool, args []string) {
	name := ts.MkAbs(args[0])
	raw, err := os.ReadFile(name)
	ts.Check(err)
	switch args[1] {
	case "cut":
		raw = raw[:len(raw)-len(raw)/3]
	case "flip":
		raw[len(raw)/3] ^= 1
	case "tail": // a byte of the second half
		raw[len(raw)*3/4] ^= 1
	case "grow":
		raw = append(raw, make([]byte, 20<<20)...)
	default:
		ts.Fatalf("corrupt %s: cut, flip, tail or grow", args[1])
	}
	ts.Check(os.WriteFile(name, raw, 0o600))
}

// corruptAt FILE PATTERN damages a file where a pattern stands in it for the first time.
func corruptAt(ts *testscript.TestScript, neg bool, args []string) {
	name := ts.MkAbs(args[0])
	raw, err := os.ReadFile(name)
	ts.Check(err)
	at := regexp.MustCompile(args[1]).FindIndex(raw)
	if at == nil {
		ts.Fatalf("%s holds no %q", args[0], args[1])
	}
	raw[at[0]] ^= 1
	ts.Check(os.WriteFile(name, raw, 0o600))
}

// TestAnErrorIsSafeToShow: it names what others have named.
func TestAnErrorIsSafeToShow(t *testing.T) {
	c := gatewalk(t.TempDir(), "plan", "rollout\x1b]0;mine\a\x1b[2J.md")
	require.Error(t, c.Run())
	said := c.Stderr.(*strings.Builder).String()
	require.Contains(t, said, "gatewalk: rollout")
	require.NotContains(t, said, "\x1b")
}

// TestExitCodesAreDocumented: help names every exit code there is.
func TestExitCodesAreDocumented(t *testing.T) {
	for _, code := range []string{"  0  ", "  1  ", "  3  ", "  4  ", "  5  ", "  6  "} {
		require.Contains(t, exitCodes, code)
	}
}
