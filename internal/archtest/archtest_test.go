// SPDX-License-Identifier: GPL-3.0-or-later

package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

// Files for other systems have imports too.
func TestImportsGoDownOnlyAndEveryThirdPartyHasOneDoor(t *testing.T) {
	visitDirectories(t)
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, fault := range faults(packages(t, system)) {
			t.Errorf("on %s: %s", system, fault)
		}
	}
}

// packages asks the go command for every package of the project.
func packages(t *testing.T, system string) map[string]imports {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir, list.Stderr = root, os.Stderr
	list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]imports{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimPrefix(p.ImportPath, module)] = imports{p.Imports, append(p.TestImports, p.XTestImports...)}
	}
}

func TestTheProgramIsLinkedWithNothingThatIsForTests(t *testing.T) {
	visitDirectories(t)
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/thalamus")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}

	for path := range strings.Lines(string(out)) {
		if path = strings.TrimSpace(path); slices.ContainsFunc(notLinked, contains(path)) {
			t.Errorf("bin/thalamus has %s", path)
		}
	}
}

// visitDirectories keeps a cached result of this test from outliving a change
// of the sources: of the go command's reading the cache knows nothing.
func visitDirectories(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheRuleFindsWhatBreaksIt(t *testing.T) {
	for fault, breach := range map[string]map[string]imports{
		"internal/fed is listed and does not exist": {"internal/fed": {code: []string{"gone"}}},
		"internal/utils is not listed":              {"internal/utils": {}},

		"internal/store may not import thalamus/internal/api":    {"internal/store": {code: []string{"thalamus/internal/api"}}},
		"internal/auth may not import thalamus/internal/store":   {"internal/auth": {code: []string{"thalamus/internal/store"}}},
		"internal/fed may not import thalamus/internal/utils":    {"internal/fed": {code: []string{"thalamus/internal/utils"}}},
		"internal/api may not import thalamus/internal/testdb":   {"internal/api": {code: []string{"thalamus/internal/testdb"}}},
		"internal/api may not import github.com/jackc/pgx/v5":    {"internal/api": {code: []string{"github.com/jackc/pgx/v5"}}},
		"internal/web may not import github.com/go-chi/chi/v5":   {"internal/web": {code: []string{"github.com/go-chi/chi/v5"}}},
		"internal/api may not import thalamus/internal/feed":     {"internal/api": {code: []string{"thalamus/internal/feed"}}},
		"internal/feed may not import thalamus/internal/api":     {"internal/feed": {code: []string{"thalamus/internal/api"}}},
		"internal/api may not import github.com/go-chi/chi/v5":   {"internal/api": {code: []string{"github.com/go-chi/chi/v5"}}},
		"internal/api may not import golang.org/x/crypto/bcrypt": {"internal/api": {code: []string{"golang.org/x/crypto/bcrypt"}}},
		"internal/api may not import example.org/x":              {"internal/api": {code: []string{"example.org/x"}}},
		"internal/api may not import github.com/jackc/pgx/v5x":   {"internal/api": {code: []string{"github.com/jackc/pgx/v5x"}}},

		"tests of internal/api may not import github.com/BurntSushi/toml": {"internal/api": {tests: []string{"github.com/BurntSushi/toml"}}},
		"tests of internal/auth may not import thalamus/internal/store":   {"internal/auth": {tests: []string{"thalamus/internal/store"}}},
		"tests of internal/fed may not import example.org/x":              {"internal/fed": {tests: []string{"example.org/x"}}},
	} {
		t.Run(fault, func(t *testing.T) {
			if diff := cmp.Diff([]string{fault}, faults(broken(breach))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheRuleAllowsWhatItLists(t *testing.T) {
	got := faults(broken(map[string]imports{
		"cmd/thalamus": {code: []string{"thalamus/internal/config", "thalamus/internal/terminal", "net/http"}},
		"internal/auth": {
			code:  []string{"thalamus/internal/fed", "golang.org/x/crypto/bcrypt"},
			tests: []string{"thalamus/internal/auth", "thalamus/internal/testdb", "github.com/google/go-cmp/cmp", "pgregory.net/rapid"},
		},
	}))
	if len(got) != 0 {
		t.Errorf("it found %v", got)
	}
}

// broken is a project of the listed packages, without any import, and changes
// of it. A package that imports "gone" is taken away.
func broken(changes map[string]imports) map[string]imports {
	project := map[string]imports{}
	for room := range rooms {
		project[room] = imports{}
	}
	maps.Copy(project, changes)
	maps.DeleteFunc(project, func(_ string, i imports) bool { return len(i.code) == 1 && i.code[0] == "gone" })
	return project
}
