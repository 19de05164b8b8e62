// SPDX-License-Identifier: GPL-3.0-or-later

//go:build fhir

package fhir_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// clientBlock finds the programs of the manual's page; each begins with the name of its file.
var clientBlock = regexp.MustCompile("(?ms)^```(?:javascript|python)\n(?://|#) (\\S+)\n(.*?)^```$")

// The clients of the manual read the same of a person, and say why they are refused.
func TestTheManualsClientsReadAndAreRefused(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	h.page("X_B", "a1", `{"page_date": "2024-06-01T08:41:00Z", "measurements": [{"hr": 61}, {"hr": 62}, {"hr": 63}]}`)
	page, err := os.ReadFile("../manual/fhir.md")
	if err != nil {
		t.Fatal(err)
	}
	packages, err := filepath.Abs("../../bin/fhir-checkers/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(packages, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}

	programs := map[string]string{"traveller.mjs": "node", "traveller.py": "/usr/bin/python3"} // Debian's, which has Debian's packages
	for _, block := range clientBlock.FindAllStringSubmatch(string(page), -1) {
		name := block[1]
		if err := os.WriteFile(filepath.Join(dir, name), []byte(block[2]), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			account []string
			want    string
		}{
			{root, "sections 11450-4 48765-2 10160-0 8716-3\nheart rates 99 61\nheart rates 62 63\neverything 5\n"},
			{ana, `refused 403 This needs the grant "people" under GET, which none of your roles has: end_user.` + "\n"},
			{[]string{ana[0], "another one"}, "refused 401 "},
		} {
			run := exec.CommandContext(t.Context(), programs[name], name, "X_B") //nolint:gosec // of this repository
			run.Dir, run.Env = dir, append(os.Environ(), "NO_PROXY=*", "HUB="+h.URL, "HUB_ACCOUNT="+c.account[0], "HUB_PASSWORD="+c.account[1])
			out, err := run.CombinedOutput()
			if err != nil || !strings.HasPrefix(string(out), c.want) {
				t.Errorf("%s as %s: %v: %s, want %s", name, c.account[0], err, out, c.want)
			}
		}
		delete(programs, name)
	}
	if len(programs) > 0 {
		t.Errorf("the manual has no %v", programs)
	}
}
