// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/command"
	"thalamus/internal/manual"
)

// manPages are those that make dist makes, by their paths, in the language of man.
func manPages(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	script := exec.CommandContext(t.Context(), "etc/packaging/man.sh", os.Args[0], dir)
	script.Dir = "../.."
	script.Env = append(os.Environ(), asProgram+"=1")
	if out, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pages := map[string]string{}
	files, err := filepath.Glob(dir + "/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pages[strings.TrimPrefix(file, dir+"/")] = string(text)
	}
	return pages
}

func TestTheProgramAndEveryTopicHaveAManPage(t *testing.T) {
	t.Parallel()
	pages := manPages(t)
	purposes := map[string]string{"man1/thalamus.1": "the hub of a GNU Health federation"}
	for _, topic := range manual.Topics() {
		purposes["man7/thalamus-"+topic.Name+".7"] = topic.Purpose
	}
	for topic, path := range map[string]string{"configuration": "man5/thalamus.toml.5", "roles": "man5/roles.cfg.5"} {
		second := "man7/thalamus-" + topic + ".7"
		if got := pages[second]; got != ".so "+path+"\n" {
			t.Errorf("%s is %q", second, got)
		}
		purposes[path] = purposes[second]
		delete(pages, second)
		delete(purposes, second)
	}
	if len(pages) != len(purposes) {
		t.Errorf("there are %d pages for %d", len(pages), len(purposes))
	}
	code := regexp.MustCompile(`(?s)\n\.EX\n.*?\n\.EE`)
	for path, purpose := range purposes {
		name, section := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), filepath.Ext(path)[1:]
		head := ".TH " + strings.ToUpper(name) + " " + section + ` "" "Thalamus ` + version + `" "Thalamus"`
		page := strings.ReplaceAll(pages[path], `\-`, "-")
		wantEach(t, page, head, "\n.SH NAME\n"+name+" - "+purpose+"\n", "\n.SH SEE ALSO\n")
		if strings.Contains(page, "\\fB"+name+"\\fP("+section+")") {
			t.Errorf("%s names itself to be seen also", path)
		}
		for _, mark := range []string{"](", "**", "``", "\n.TS", "\n|"} {
			if strings.Contains(code.ReplaceAllString(page, ""), mark) {
				t.Errorf("%s has %q", path, mark)
			}
		}
	}
}

func TestTheManPageHasEveryCommandWithItsFlags(t *testing.T) {
	t.Parallel()
	page := strings.ReplaceAll(manPages(t)["man1/thalamus.1"], `\-`, "-")
	var commands []command.Command
	for _, c := range table(environment{}).Commands {
		commands = append(append(commands, c), c.Commands...)
	}
	for _, c := range commands {
		_, section, found := strings.Cut(page, "\n.SS thalamus "+c.Name+"\n")
		section, _, _ = strings.Cut(section, "\n.SS ")
		if !found {
			t.Errorf("there is no %s", c.Name)
		}
		for _, f := range c.Flags {
			if !strings.Contains(section, "\n.TP\n\\fB"+strings.TrimSpace("--"+f.Name+" "+f.Placeholder)+"\\fP\n") {
				t.Errorf("%s: there is no --%s in %s", c.Name, f.Name, section)
			}
		}
	}
}

func TestAManPageOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	if status, out := here(t, "", nil, "help", "--man", "nothing"); status != 2 || !strings.Contains(out, `there is no topic "nothing"`) {
		t.Errorf("status %d: %s", status, out)
	}
}
