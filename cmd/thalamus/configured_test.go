// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configured are the commands that read the configuration.
var configured = []string{
	"serve", "migrate", "account add X --role root", "account password X", "restore person X", "erase X --yes",
	"duplicates", "import configured_test.go", "export",
}

// byDefault runs a command where config stands for /etc/thalamus/thalamus.toml.
func byDefault(t *testing.T, config, line string) string {
	t.Helper()
	var out bytes.Buffer
	env := environment{stdin: strings.NewReader(""), stdout: &out, stderr: &out, config: config}
	if code := status(run(t.Context(), strings.Fields(line), env), &out); code != 1 {
		t.Errorf("%s: status %d: %s", line, code, out.String())
	}
	return out.String()
}

// faulty is a configuration that stops each command with its name.
func faulty(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte("[bogus]"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCommandsReadTheDefaultConfigurationWhereItIs(t *testing.T) {
	t.Parallel()
	byName, other := faulty(t, "default.toml"), faulty(t, "other.toml")
	for _, line := range configured {
		if out := byDefault(t, byName, line); !strings.Contains(out, "default.toml:1: bogus") {
			t.Errorf("%s: %s", line, out)
		}
		if out := byDefault(t, byName, line+" --config "+other); !strings.Contains(out, "other.toml:1: bogus") || strings.Contains(out, "default") {
			t.Errorf("%s --config: %s", line, out)
		}
		if out := byDefault(t, filepath.Join(t.TempDir(), "absent"), line); !strings.Contains(out, "database.url: is not set") {
			t.Errorf("%s without a file: %s", line, out)
		}
	}
}

func TestADefaultConfigurationThatCannotBeReadIsTold(t *testing.T) {
	t.Parallel()
	dangling := filepath.Join(t.TempDir(), "dangling.toml")
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		dangling:                            "dangling.toml: no such file",
		t.TempDir():                         "is a directory",
		faulty(t, "plain") + "/beyond.toml": "beyond.toml: not a directory",
	} {
		t.Run(name, func(t *testing.T) {
			if out := byDefault(t, name, "migrate"); !strings.Contains(out, want) {
				t.Errorf("got %s, want %s", out, want)
			}
		})
	}
}

func TestTheProgramHasADefaultConfiguration(t *testing.T) {
	t.Parallel()
	p := start(t, []string{programConfig + "=" + faulty(t, "default.toml")}, "migrate")
	if code := p.wait(); code != 1 || !strings.Contains(p.logged(), "default.toml:1: bogus") {
		t.Errorf("status %d: %s", code, p.logged())
	}
}
