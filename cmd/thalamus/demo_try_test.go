// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// greeted starts a demo and gives what it says, and where it is.
func greeted(t *testing.T) (text, dir, base string) {
	t.Helper()
	dir = demoHome(t)
	_, port, _ := net.SplitHostPort(freeAddress(t))
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	p := startWith(t, nil, func(cmd *exec.Cmd) { cmd.Stdout = out }, "demo", "--data", dir, "--port", port)
	if p.address == "" {
		t.Fatal(p.logged())
	}
	t.Cleanup(func() {
		p.signal(syscall.SIGTERM)
		if status := p.wait(); status != 0 {
			t.Errorf("the demo ended with status %d: %s", status, p.logged())
		}
	})
	for _, done := range []string{"Making a demo in " + dir, "Filling the database"} {
		if !strings.Contains(p.logged(), done) {
			t.Errorf("it does not say %q: %s", done, p.logged())
		}
	}
	said, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(said), dir, "https://localhost:" + port
}

// inShell runs a script, in which curl fails where the server refuses, and httpie is curl.
func inShell(t *testing.T, script string, environ ...string) string {
	t.Helper()
	const prelude = `set -e
curl() { command curl -m 60 -fsS "$@"; echo; }
http() { command curl -m 60 -fsSk -u "$4" "$5"; echo; }
thalamus() { "$THALAMUS" "$@"; }
bin/thalamus() { thalamus "$@"; }
`
	run := exec.CommandContext(t.Context(), "bash", "-c", prelude+script)
	run.Dir = t.TempDir()
	run.Env = append(append(os.Environ(), asProgram+"=1", "THALAMUS="+os.Args[0]), environ...)
	out, err := run.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", script, err, out)
	}
	return string(out)
}

// onDemo makes a script talk to a demo, instead of the one of make run.
func onDemo(script, dir, base string) string {
	script = strings.ReplaceAll(script, "https://localhost:8443", base)
	return regexp.MustCompile(`(?m)^DEMO=\S+`).ReplaceAllString(script, "DEMO="+dir)
}

// wantEach wants these in a text, in this order.
func wantEach(t *testing.T, text string, all ...string) {
	t.Helper()
	rest := text
	for _, one := range all {
		_, after, ok := strings.Cut(rest, one)
		if !ok {
			t.Fatalf("%q is not where it should be in\n%s", one, text)
		}
		rest = after
	}
}

func TestWhatTheDemoSaysCanBeCopied(t *testing.T) {
	t.Parallel()
	said, dir, base := greeted(t)
	var commands []string
	for line := range strings.Lines(said) {
		command := strings.TrimSpace(line)
		if strings.HasPrefix(line, "    ") && strings.Contains(command, dir) && !strings.HasSuffix(command, "--fresh") {
			commands = append(commands, command)
		}
	}
	if len(commands) != 10 {
		t.Errorf("%d commands in\n%s", len(commands), said)
	}
	page := regexp.MustCompile(regexp.QuoteMeta(base) + `/docs/\S+`).FindString(said)
	if code, _ := ask(t, "GET", page, "", "", ""); code != 200 {
		t.Errorf("the page %s of the manual gets %d", page, code)
	}
	wantEach(t, inShell(t, strings.Join(commands, "\n")),
		`"lastname": "Betz"`, `"page_date"`, `"Gracia`, `"ESPGRA452SAN","score":0.`, `"version":3`, `"version":1`, `"changes"`,
		"Admin Root", "lines about ESPGNU777ORG", `{"person":"ESPGRA118SAN","other":"ESPGRA452SAN"`, "page of ESPGNU777ORG", "1 records can be put back")
}

// The README's commands are run as they stand there, but for the port and the place.
func TestWhatTheREADMESaysToTryWorks(t *testing.T) {
	t.Parallel()
	_, dir, base := greeted(t)
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Try it\n")
	section, _, _ = strings.Cut(section, "\n## ")
	script := ""
	for _, block := range regexp.MustCompile("(?s)```\n(.*?)```").FindAllStringSubmatch(section, -1) {
		script += block[1]
	}
	wantEach(t, inShell(t, onDemo(script, dir, base)),
		`"lastname": "Betz"`, `"Gracia`, `"ESPGRA452SAN"`, `"systolic": 121`, `"version":3`, `"changes"`, `"resourceType":"Composition"`,
		"lines about ESPGNU777ORG", "thalamus restore")
}

// A demo's configuration has no password in it, and nobody else reads it.
func TestOtherCommandsWorkOnADemoThatRuns(t *testing.T) {
	t.Parallel()
	_, dir, base := greeted(t)
	file := filepath.Join(dir, "thalamus.toml")
	info, err := os.Stat(file)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if status, out := here(t, "a new password\n", nil, "account", "password", "ESPGNU777ORG", "--config", file); status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
	if code, _ := ask(t, "GET", base+"/login", "ESPGNU777ORG", "a new password", ""); code != 200 {
		t.Errorf("the new password gets %d", code)
	}
	if status, out := here(t, "", nil, "restore", "page", "b2f4a9c8-6e1d-4d35-8a70-91c3e5d7f046", "--config", file); status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
}
