// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// edited is what sed makes of a file for a setting.
func edited(t *testing.T, file string, s setting) string {
	t.Helper()
	script := document(strings.Split(file, "\n")).edit(s)
	sed := exec.CommandContext(t.Context(), "sed", "-e", script)
	sed.Stdin = strings.NewReader(file)
	out, err := sed.Output()
	if err != nil {
		t.Fatalf("sed %q: %v", script, err)
	}
	return string(out)
}

func TestASettingReplacesOneLine(t *testing.T) {
	t.Parallel()
	const url = "postgres:///f?host=/run&user=t"
	for file, want := range map[string]string{
		"[server]\n#url = \"\"\n\n[database]\n\n# Which.\n#url = \"\"\n#url_file = \"\"\n": "[server]\n#url = \"\"\n\n[database]\n\n# Which.\nurl = \"" + url + "\"\n#url_file = \"\"\n",
		"[database]\nurl = \"old\" # why\n#url = \"\"\n":                                   "[database]\nurl = \"" + url + "\"\n#url = \"\"\n",
		"[database]\n  url='old'\n[log]\nurl = \"other\"\n":                                "[database]\nurl = \"" + url + "\"\n[log]\nurl = \"other\"\n",
		"[database] # here\nmax_conns = 3\n":                                               "[database] # here\nurl = \"" + url + "\"\nmax_conns = 3\n",
		"[log]\nlevel = \"warn\"\n":                                                        "[log]\nlevel = \"warn\"\n[database]\nurl = \"" + url + "\"\n",
	} {
		t.Run(file, func(t *testing.T) {
			if diff := cmp.Diff(want, edited(t, file, setting{"database", "url", strconv.Quote(url)})); diff != "" {
				t.Errorf("%q: %s", file, diff)
			}
		})
	}
}

func TestASettingWithoutATextBecomesAComment(t *testing.T) {
	t.Parallel()
	const file = "[server]\nurl = \"other\"\n[database]\nurl = \"x\"\n"
	want := strings.Replace(file, "url = \"x\"", "#url = \"x\"", 1)
	if got := edited(t, file, setting{"database", "url", ""}); got != want {
		t.Errorf("got %q", got)
	}
}

func TestASettingThatIsSoNeedsNoEdit(t *testing.T) {
	t.Parallel()
	shipped, err := os.ReadFile("../../etc/thalamus.toml")
	if err != nil {
		t.Fatal(err)
	}
	for file, s := range map[string]setting{
		"[database]\nurl = \"a\\\"b\" # c\n": {"database", "url", `"a\"b"`},
		"[database]\nurl='a'\n":              {"database", "url", `"a"`},
		"[server]\ncors_origins = []\n":      {"server", "cors_origins", "[]"},
		string(shipped):                      {"database", "url", ""},
	} {
		t.Run(file, func(t *testing.T) {
			if got := document(strings.Split(file, "\n")).edit(s); got != "" {
				t.Errorf("%.40q: %s", file, got)
			}
		})
	}
}
