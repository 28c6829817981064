package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The house rules as a test: what every reader may rely on in this tree. Each
// finding names place, rule, fact and remedy. See deploy/decisions/008-house-rules.md.

// finding is one breach of a house rule.
type finding struct{ at, rule, fact string }

// exception allows one rule at one place (a path, or a path prefix ending in "/").
// One that matches nothing any more fails the test, so the list shrinks by itself.
type exception struct{ rule, at, why string }

var exceptions = []exception{
	{"func", "jobs/clock/judge_test.go", "one table with a case per outcome of each rule; splitting it would hide what is missing"},
}

var remedies = map[string]string{
	"room":    "move the package into one of ingest, warehouse, jobs, api, dashboards, deploy",
	"import":  "imports point one way: main -> api -> jobs -> warehouse <- ingest; what one room needs of another it reads from the warehouse",
	"family":  "job families meet in the warehouse: write a table there and read it here",
	"owner":   "use what the owning room exposes (warehouse.DB, ingest/broker, api handlers) instead of the library itself",
	"pkgdoc":  "say in a package comment what the package owns, what it promises and what it never does",
	"doc":     "start a comment with the name; give units and errors",
	"file":    "split the file by reason to change (500 lines, tests 1000)",
	"func":    "name the steps as functions of their own (80 lines)",
	"iface":   "declare the few methods the user of the interface needs (5 at most)",
	"depth":   "keep packages at most three folders deep",
	"vague":   "name the file or package for what it owns",
	"sleep":   "wait for the event: a channel, a ticker with a deadline, or testing/synctest",
	"clock":   "take the time as an argument, so that a replay gives the same bytes",
	"global":  "pass it in through Deps or Config; package variables may only be tables of constants",
	"init":    "construct in New; main alone wires",
	"argmax":  "take the newest version by ORDER BY revision DESC, ruling DESC LIMIT 1 BY key, or FINAL: argMax skips NULL",
	"view":    "put the scope predicate (currentUser() against the scope table) into the definer view",
	"allow":   "delete the entry: the place is clean now",
	"machine": "name no path of a machine and no registry host",
}

// rooms lists what each room may import inside this module.
var rooms = map[string][]string{
	"warehouse": {"warehouse"}, "ingest": {"ingest", "warehouse"}, "jobs": {"jobs", "warehouse"},
	"api": {"api", "jobs", "warehouse"}, "dashboards": {"dashboards"}, "deploy": {"deploy"},
	"": {"api", "jobs", "warehouse", "ingest", "dashboards"},
}

// owners lists which folders may import a library.
var owners = map[string][]string{
	"github.com/ClickHouse/": {"warehouse", "ingest"}, "github.com/segmentio/kafka-go": {"ingest"},
	"github.com/twmb/franz-go": {"ingest/broker"}, "github.com/ebitengine/purego": {"warehouse/engine"},
	"github.com/gin-gonic/gin": {"api"},
}

var vague = []string{"util", "utils", "helper", "helpers", "common", "misc", "base", "types", "manager", "shared", "stuff"}

// timeless lists where the wall clock may not be read.
var timeless = []string{"jobs/", "ingest/decode/", "warehouse/contract/"}

func TestHouse(t *testing.T) {
	found, err := inspect(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range excuse(found, exceptions) {
		t.Errorf("%s: [%s] %s\n    remedy: %s", f.at, f.rule, f.fact, remedies[f.rule])
	}
}

// inspect reads every Go, SQL, YAML and TypeScript file below root.
func inspect(root fs.FS) ([]finding, error) {
	h := &house{files: token.NewFileSet(), packages: map[string]bool{}, names: map[string]string{}}
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{"node_modules", "testdata", "dist", "bin"}, d.Name()) || (strings.HasPrefix(d.Name(), ".") && path != ".") {
				return fs.SkipDir
			}
			return nil
		}
		return h.visit(root, path)
	})
	if err != nil {
		return nil, err
	}
	for dir, documented := range h.packages {
		if !documented {
			h.add(dir, "pkgdoc", "package without a package comment")
		}
	}
	slices.SortFunc(h.found, func(a, b finding) int { return strings.Compare(a.at+a.rule+a.fact, b.at+b.rule+b.fact) })
	return h.found, nil
}

// excuse drops what an exception covers and adds a finding for each stale one.
func excuse(found []finding, allowed []exception) []finding {
	used := make([]bool, len(allowed))
	var left []finding
	for _, f := range found {
		covered := false
		for i, e := range allowed {
			if e.rule == f.rule && (strings.HasPrefix(f.at, e.at+":") || f.at == e.at || (strings.HasSuffix(e.at, "/") && strings.HasPrefix(f.at, e.at))) {
				used[i], covered = true, true
			}
		}
		if !covered {
			left = append(left, f)
		}
	}
	for i, e := range allowed {
		if e.why == "" || !used[i] {
			left = append(left, finding{e.at, "allow", "an exception for [" + e.rule + "] without a reason or that matches nothing"})
		}
	}
	return left
}

// house collects findings of one walk.
type house struct {
	files    *token.FileSet
	packages map[string]bool
	names    map[string]string
	found    []finding
}

func (h *house) add(at, rule, fact string) { h.found = append(h.found, finding{at, rule, fact}) }

var (
	generated  = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	machine    = regexp.MustCompile(`(^|[\s"'=(` + "`" + `])/(work|farm|root|home)/[a-z.]|/tmp/bash_jobs|registry\.npmjs|proxy\.golang|pypi\.org|repo\.maven|crates\.io|deb\.debian`)
	definer    = regexp.MustCompile(`(?is)SQL SECURITY DEFINER`)
	argMax     = regexp.MustCompile(`(?i)argMax(If)?\s*\(`)
	readAsText = []string{".go", ".sql", ".yaml", ".yml", ".ts", ".tsx", ".mjs", ".md", ".json", ".css", ".html", ""}
)

func (h *house) visit(root fs.FS, path string) error {
	if !slices.Contains(readAsText, filepath.Ext(path)) || strings.HasSuffix(path, "package-lock.json") {
		return nil
	}
	text, err := fs.ReadFile(root, path)
	if err != nil {
		return err
	}
	if path != "house_test.go" {
		for i, line := range strings.Split(string(text), "\n") {
			at := fmt.Sprintf("%s:%d", path, i+1)
			if machine.MatchString(line) {
				h.add(at, "machine", "a machine's path or a registry's host")
			}
			if argMax.MatchString(line) && !strings.HasSuffix(path, ".md") && !strings.HasSuffix(path, "_test.go") {
				h.add(at, "argmax", "argMax")
			}
		}
		if definer.Match(text) && !strings.HasSuffix(path, "_test.go") && filepath.Ext(path) != ".md" && !strings.Contains(string(text), "currentUser()") {
			h.add(path, "view", "a definer view without the scope predicate")
		}
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), "_test")
	if slices.Contains(vague, stem) && slices.Contains([]string{".go", ".ts", ".tsx"}, filepath.Ext(path)) {
		h.add(path, "vague", "a catch-all file name")
	}
	if filepath.Ext(path) != ".go" || generated.Match(text) {
		return nil
	}
	return h.goFile(path, text)
}

func (h *house) goFile(path string, text []byte) error {
	file, err := parser.ParseFile(h.files, path, text, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("parse %s: %w", path, err)
	}
	dir := filepath.ToSlash(filepath.Dir(path))
	if dir == "." {
		dir = ""
	}
	room, _, _ := strings.Cut(dir, "/")
	if _, ok := rooms[room]; !ok {
		h.add(path, "room", "a Go package outside the rooms")
	}
	test := strings.HasSuffix(path, "_test.go")
	lines := strings.Count(string(text), "\n")
	if limit := map[bool]int{false: 500, true: 1000}[test]; lines > limit {
		h.add(path, "file", fmt.Sprintf("%d lines, %d allowed", lines, limit))
	}
	if strings.Count(dir, "/") > 2 {
		h.add(path, "depth", "deeper than three folders")
	}
	if slices.Contains(vague, file.Name.Name) {
		h.add(path, "vague", "a catch-all package name")
	}
	if !test {
		h.packages[dir+"/"] = h.packages[dir+"/"] || (file.Doc != nil && len(file.Doc.Text()) > 40)
	}
	h.imports(path, room, dir, test, file)
	h.declarations(path, test, file)
	h.calls(path, dir, test, file)
	return nil
}

func (h *house) imports(path, room, dir string, test bool, file *ast.File) {
	for _, spec := range file.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		if inner, ok := strings.CutPrefix(name, "hengjian/"); ok {
			target, _, _ := strings.Cut(inner, "/")
			if !slices.Contains(rooms[room], target) && !(test && inner == "ingest/simulate") {
				h.add(path, "import", dir+" imports "+inner)
			}
			if room == "jobs" && target == "jobs" && family(dir) != family(inner) {
				h.add(path, "family", dir+" imports "+inner)
			}
			continue
		}
		for library, allowed := range owners {
			if strings.HasPrefix(name, library) && !test && !slices.ContainsFunc(allowed, func(a string) bool { return dir == a || strings.HasPrefix(dir, a+"/") }) {
				h.add(path, "owner", dir+" imports "+name)
			}
		}
	}
}

func family(dir string) string {
	parts := strings.Split(dir, "/")
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func (h *house) declarations(path string, test bool, file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			h.function(path, test, file, d)
		case *ast.GenDecl:
			h.general(path, test, file, d)
		}
	}
}

func (h *house) function(path string, test bool, file *ast.File, d *ast.FuncDecl) {
	at := h.at(path, d.Pos())
	if d.Name.Name == "init" && d.Recv == nil {
		h.add(at, "init", "func init")
	}
	if n := h.files.Position(d.End()).Line - h.files.Position(d.Pos()).Line; n > 80 {
		h.add(at, "func", fmt.Sprintf("%s has %d lines, 80 allowed", d.Name.Name, n))
	}
	if test || file.Name.Name == "main" || !d.Name.IsExported() || !exportedReceiver(d) || slices.Contains([]string{"Error", "Unwrap", "String", "MarshalJSON", "UnmarshalJSON"}, d.Name.Name) {
		return
	}
	if d.Doc == nil || !strings.HasPrefix(d.Doc.Text(), d.Name.Name) {
		h.add(at, "doc", d.Name.Name+" without a comment that begins with its name")
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if index, ok := expr.(*ast.IndexExpr); ok {
		expr = index.X
	}
	id, ok := expr.(*ast.Ident)
	return ok && id.IsExported()
}

func (h *house) general(path string, test bool, file *ast.File, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if i, ok := s.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > 5 && !test {
				h.add(h.at(path, s.Pos()), "iface", fmt.Sprintf("%s has %d methods", s.Name.Name, i.Methods.NumFields()))
			}
			if !test && file.Name.Name != "main" && s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
				h.add(h.at(path, s.Pos()), "doc", s.Name.Name+" without a comment")
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if d.Tok == token.VAR && name.IsExported() && !test && !strings.HasPrefix(name.Name, "Err") {
					h.add(h.at(path, s.Pos()), "global", "exported variable "+name.Name)
				}
				if !test && file.Name.Name != "main" && name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					h.add(h.at(path, s.Pos()), "doc", name.Name+" without a comment")
				}
			}
		}
	}
}

// calls looks for time.Sleep in tests and time.Now where replay must give the same bytes.
func (h *house) calls(path, dir string, test bool, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && selector(call.Fun) == "synctest.Test" {
			return false
		}
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		switch selector(sel) {
		case "time.Sleep":
			if test {
				h.add(h.at(path, sel.Pos()), "sleep", "a test that waits on the wall clock")
			}
		case "time.Now":
			if !test && slices.ContainsFunc(timeless, func(p string) bool { return strings.HasPrefix(dir+"/", p) }) {
				h.add(h.at(path, sel.Pos()), "clock", "time.Now")
			}
		}
		return true
	})
}

func selector(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	return ""
}

func (h *house) at(path string, pos token.Pos) string {
	return fmt.Sprintf("%s:%d", path, h.files.Position(pos).Line)
}
