package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shared are the packages that every other on their floor may use, each with its reason.
var shared = map[string]string{
	"tui/theme":     "every part is drawn with the one set of styles",
	"tui/prose":     "what an author wrote is set by one reading, as it is shown and as it is said",
	"tui/scroll":    "every part that is longer than the screen moves in the same way",
	"tui/stillness": "what opens by itself waits for the hands to be still, wherever it opens",
	"tui/tail":      "the end of an output is found in the same way wherever it is shown",
}

// floors are the packages from the ground up: a package imports only from floors below its own.
// Packages that share a floor know nothing of each other, but for the pairs in allowed.
var floors = [][]string{
	{"runbook/doc"},
	{"runbook/doc/doctest", "runbook/html", "runbook/shell"},
	{"runbook/markdown", "runbook/rst", "runbook/webtext"},
	{"runbook"},
	{"steps/safe", "steps", "steps/check", "runbook/lint", "runbook/diff"},
	{"steps/transcript", "exec", "exec/socket", "tui/outline", "tui/reader", "tui/output", "tui/emulator", "tui/gate", "tui/form", "tui/theme", "tui/prose", "tui/scroll", "tui/stillness", "tui/tail", "tui/terminal", "tui/plain"},
	{"exec/local", "exec/rehearse", "exec/redact", "exec/journal", "exec/exectest", "tui"},
	{"exec/session", "exec/hook", "exec/mirror"},
	{"exec/keeper", "exec/move", "exec/procedure"},
	{"runbooks"},
	{""}, // main
}

// allowed are the imports that the rules would forbid, each with its reason.
var allowed = map[string]string{
	"steps/check -> steps":         "a check answers in the core's words",
	"steps -> steps/safe":          "what is stored as evidence is safe to show",
	"steps/check -> steps/safe":    "evidence is sanitised where it is made",
	"tui/gate -> tui/reader":       "a gate shows the command exactly as the reader does",
	"tui/plain -> tui/emulator":    "a command that is given the whole terminal reaches it only as a picture",
	"exec/local -> exec/redact":    "secrets are replaced between the terminal and the spool file",
	"exec/rehearse -> exec/redact": "a rehearsal leaks no more than the real thing",
	"runbook/doc/doctest -> os":    "it reads and writes the stories of tests, not procedures",
}

// apart are the rules that no floor says, each with its reason.
var apart = []struct{ from, to, why string }{
	{"tui", "exec", "the screen knows a session by what it asks of it, so that it can be tested, detached and replaced"},
	{"exec", "tui", "what runs commands must go on when no screen is there"},
	{"runbook", "os", "a procedure is read from bytes: reading decides, it does not act"},
	{"runbook", "net", "a procedure is read from bytes: reading decides, it does not act"},
	{"steps", "os", "replaying a session must be possible anywhere, and must do nothing"},
	{"steps", "net", "replaying a session must be possible anywhere, and must do nothing"},
	{"", "github.com/alecthomas/chroma", "its package init costs 20 ms at every start, and every command has a shim of this binary beside it"},
}

// TestImportsGoDown holds the order of the house.
func TestImportsGoDown(t *testing.T) {
	for from, imports := range houseImports(t) {
		for _, to := range imports {
			for _, rule := range apart {
				if _, known := allowed[from+" -> "+to]; !known && inside(from, rule.from) && inside(to, rule.to) && !inside(from, rule.to) {
					t.Errorf("%s imports %s: %s", from, to, rule.why)
				}
			}
			to, ours := strings.CutPrefix(to, "gatewalk/")
			if !ours {
				continue
			}
			if path.Dir(from) == path.Dir(to) && floor(t, from)%2 == 1 && floor(t, from) == floor(t, to) {
				continue // rooms within one room; the language itself forbids a circle
			}
			if from != to && shared[to] != "" && floor(t, to) == floor(t, from) {
				continue
			}
			if _, known := allowed[from+" -> "+to]; !known && floor(t, to) >= floor(t, from) {
				t.Errorf("%s imports %s, which does not lie below it: see floors and allowed", from, to)
			}
		}
	}
}

// TestTheRulesAreOfThisHouse: a rule about a room that is gone, or an exception that nobody needs, hides what holds.
func TestTheRulesAreOfThisHouse(t *testing.T) {
	imports := houseImports(t)
	for _, room := range slices.Concat(append(floors, slices.Collect(maps.Keys(shared)))...) {
		require.NotEmpty(t, imports[room], "there is no room %q that imports anything", room)
	}
	for exception := range allowed {
		from, to, _ := strings.Cut(exception, " -> ")
		made := slices.Contains(imports[from], to) || slices.Contains(imports[from], "gatewalk/"+to)
		require.True(t, made, "no file needs the exception %s", exception)
	}
}

// TestAShimKnowsLittle: a shim is set up as soon as all that it imports is, and there is one beside every command.
func TestAShimKnowsLittle(t *testing.T) {
	imports, known := houseImports(t), []string{"exec/local"}
	for i := 0; i < len(known); i++ {
		for _, to := range imports[known[i]] {
			if room, ours := strings.CutPrefix(to, "gatewalk/"); ours && !slices.Contains(known, room) {
				known = append(known, room)
			}
		}
	}
	require.ElementsMatch(t, []string{"exec/local", "exec", "exec/redact", "exec/socket"}, known, "what reads and what draws is no matter of a shim")
}

// TestTheCoreDoesNothing reads the core's syntax: no goroutine, no clock.
func TestTheCoreDoesNothing(t *testing.T) {
	for _, file := range houseFiles(t) {
		if !inside(path.Dir(file), "runbook") && !inside(path.Dir(file), "steps") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: the core starts a goroutine: it decides, the edge acts", set.Position(n.Pos()))
			case *ast.SelectorExpr:
				if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "AfterFunc"}, n.Sel.Name) {
					t.Errorf("%s: the core looks at the clock: time arrives in messages", set.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

// TestNoPatternIsCompiledBeforeItIsAskedFor: what is compiled where a package is set up, every start of the program pays for.
func TestNoPatternIsCompiledBeforeItIsAskedFor(t *testing.T) {
	for _, file := range houseFiles(t) {
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, nil, 0)
		require.NoError(t, err)
		for _, declared := range tree.Decls {
			if _, function := declared.(*ast.FuncDecl); function {
				continue
			}
			ast.Inspect(declared, func(n ast.Node) bool {
				if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "MustCompile" {
					t.Errorf("%s: a pattern is compiled at every start: use doc.Pattern", set.Position(n.Pos()))
				}
				_, later := n.(*ast.FuncLit)
				return !later
			})
		}
	}
}

// TestOsExecHasAnAlias: in a program with a package exec, the standard library's is called osexec.
func TestOsExecHasAnAlias(t *testing.T) {
	for _, file := range houseFiles(t) {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range tree.Imports {
			if i.Path.Value == `"os/exec"` {
				require.NotNil(t, i.Name, file)
				require.Equal(t, "osexec", i.Name.Name, file)
			}
		}
	}
}

// TestEveryRoomSaysWhatItIsFor: each package begins with one sentence of purpose.
func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	said := map[string]bool{}
	for _, file := range houseFiles(t) {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		require.NoError(t, err)
		said[path.Dir(file)] = said[path.Dir(file)] || tree.Doc != nil
	}
	for dir, ok := range said {
		require.True(t, ok, "%s has no package comment", dir)
	}
}

// TestEveryDependencyHasItsReason: what go.mod asks for directly, CONTRIBUTING.md names.
func TestEveryDependencyHasItsReason(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	reasons, err := os.ReadFile("CONTRIBUTING.md")
	require.NoError(t, err)
	for line := range strings.Lines(string(mod)) {
		name, _, ok := strings.Cut(strings.TrimSpace(line), " v")
		if ok && strings.Contains(name, "/") && !strings.Contains(line, "// indirect") && !strings.HasPrefix(name, "module") {
			require.Contains(t, string(reasons), "`"+strings.TrimSpace(name), "CONTRIBUTING.md does not say what %s is for", name)
		}
	}
}

// houseFiles are the Go files of the program, tests left out.
func houseFiles(t *testing.T) []string {
	var files []string
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			files = append(files, filepath.ToSlash(name))
		}
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

// houseImports are the direct imports of each package of the program.
func houseImports(t *testing.T) map[string][]string {
	imports := map[string][]string{}
	for _, file := range houseFiles(t) {
		dir := strings.TrimPrefix(path.Dir(file), ".")
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		tree, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range tree.Imports {
			imports[dir] = append(imports[dir], strings.Trim(i.Path.Value, `"`))
		}
	}
	return imports
}

// inside says whether a package is a folder or lies below it; "" is the whole house.
func inside(pkg, folder string) bool {
	pkg = strings.TrimPrefix(pkg, "gatewalk/")
	return folder == "" || pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

// floor is the floor a package stands on. Packages inside a room of the house stand on that room's floor, beneath it.
func floor(t *testing.T, pkg string) int {
	for room := pkg; ; room = path.Dir(room) {
		if room == "." {
			room = ""
		}
		for i, rooms := range floors {
			if slices.Contains(rooms, room) && (room != "" || pkg == "") {
				if room != pkg {
					return 2*i - 1
				}
				return 2 * i
			}
		}
		if room == "" {
			t.Fatalf("%s has no floor: say in floors where it belongs", pkg)
		}
	}
}

// TestTheTopFloorHoldsTheVerbs: one file has them all, and what it joins lives in a room of its own.
func TestTheTopFloorHoldsTheVerbs(t *testing.T) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	require.Equal(t, []string{"main.go"}, names)
}
