// SPDX-License-Identifier: GPL-3.0-or-later

package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// style is what was counted in sources that are no tests.
type style struct {
	lines, body, blank    int      // body and blank: of lines within functions
	errIsNil, errIsNotNil int      // comparisons
	changing              []string // conditions that change something, by place
}

// Functions are read in paragraphs: what they do in order, faults first, and a condition only asks.
func TestFunctionsAreReadInParagraphs(t *testing.T) {
	var s style
	for _, path := range sources(t) {
		s.countFile(t, path)
	}
	if share := float64(s.blank) / float64(s.body); share < 0.04 {
		t.Errorf("%.1f %% of the lines in functions are blank: fewer than 4", 100*share)
	}
	if share := float64(s.errIsNil) / float64(s.errIsNotNil); share > 0.05 {
		t.Errorf("%.2f times err == nil for each err != nil: more than 0.05", share)
	}
	if share := 1000 * float64(len(s.changing)) / float64(s.lines); share > 0.7 {
		t.Errorf("%.1f conditions of 1,000 lines change something: more than 0.7; %s", share, strings.Join(s.changing, ", "))
	}
}

// sources are the files of Go that are no tests.
func sources(t *testing.T) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (s *style) countFile(t *testing.T, path string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Split(readFile(t, path), "\n")
	s.lines += len(text)
	for _, declared := range file.Decls {
		if f, ok := declared.(*ast.FuncDecl); ok && f.Body != nil {
			first, last := files.Position(f.Body.Lbrace).Line, files.Position(f.Body.Rbrace).Line
			s.countBody(text[first:max(first, last-1)])
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		s.countNode(node, files)
		return true
	})
}

func (s *style) countBody(text []string) {
	s.body += len(text)
	for _, line := range text {
		if strings.TrimSpace(line) == "" {
			s.blank++
		}
	}
}

func (s *style) countNode(node ast.Node, files *token.FileSet) {
	switch node := node.(type) {
	case *ast.BinaryExpr:
		s.countComparison(node)
	case *ast.IfStmt:
		if assigns(node.Init) || changes(node.Cond) {
			place := files.Position(node.If)
			s.changing = append(s.changing, strings.TrimPrefix(place.String(), root+"/"))
		}
	}
}

func (s *style) countComparison(compared *ast.BinaryExpr) {
	err, isName := compared.X.(*ast.Ident)
	null, isNil := compared.Y.(*ast.Ident)
	if !isName || !isNil || err.Name != "err" || null.Name != "nil" {
		return
	}
	switch compared.Op {
	case token.EQL:
		s.errIsNil++
	case token.NEQ:
		s.errIsNotNil++
	}
}

// assigns reports whether a statement changes a variable that was there before.
func assigns(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		return stmt.Tok != token.DEFINE
	case *ast.IncDecStmt:
		return true
	}
	return false
}

// changes reports whether a condition calls what changes its receiver, as that of sync/atomic.
func changes(condition ast.Expr) (found bool) {
	ast.Inspect(condition, func(node ast.Node) bool {
		if called, ok := node.(*ast.SelectorExpr); ok {
			found = found || slices.Contains([]string{"Add", "Swap", "CompareAndSwap", "LoadOrStore"}, called.Sel.Name)
		}
		return true
	})
	return found
}

// A goroutine has an owner that waits for it: package task starts it, or a WaitGroup within a
// function. The exceptions say who waits.
func TestOnlyTasksStartGoroutines(t *testing.T) {
	exceptions := map[string]string{
		"internal/audit/batch.go": "the callers whose lines are in the batch",
		"internal/task/task.go":   "the owner of the task",
	}
	for _, path := range sources(t) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(filepath.ToSlash(path), root+"/")
		starts := startsGoroutine(file)
		if _, excepted := exceptions[name]; starts != excepted {
			t.Errorf("%s starts a goroutine: %v", name, starts)
		}
	}
}

func startsGoroutine(file *ast.File) (found bool) {
	ast.Inspect(file, func(node ast.Node) bool {
		_, isGo := node.(*ast.GoStmt)
		found = found || isGo
		return true
	})
	return found
}
