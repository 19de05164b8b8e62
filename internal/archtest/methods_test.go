// SPDX-License-Identifier: GPL-3.0-or-later

package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

const maxMethods = 40

// A type with many methods is a room of its own that nobody has named. The database is one:
// all SQL is behind it.
func TestNoTypeHasMoreThanFortyMethods(t *testing.T) {
	counts := map[string]int{}
	for _, path := range sources(t) {
		countMethods(t, path, counts)
	}
	for name, count := range counts {
		if count > maxMethods && name != "internal/store.DB" {
			t.Errorf("%s has %d methods", name, count)
		}
	}
	if counts["internal/store.DB"] == 0 {
		t.Error("no method is found")
	}
}

// countMethods counts those of a file for each type.
func countMethods(t *testing.T, path string, counts map[string]int) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, declared := range file.Decls {
		if f, ok := declared.(*ast.FuncDecl); ok && f.Recv != nil {
			counts[folder+"."+receiver(f.Recv.List[0].Type)]++
		}
	}
}

// receiver is the name of a method's type.
func receiver(of ast.Expr) string {
	switch is := of.(type) {
	case *ast.StarExpr:
		return receiver(is.X)
	case *ast.IndexExpr:
		return receiver(is.X)
	case *ast.IndexListExpr:
		return receiver(is.X)
	case *ast.Ident:
		return is.Name
	default:
		return ""
	}
}
