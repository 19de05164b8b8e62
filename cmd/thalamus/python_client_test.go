// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/manual"
	"thalamus/internal/testdb"
)

// pythonBlock finds the files of a page that are in Python; each begins with its name.
var pythonBlock = regexp.MustCompile("(?ms)^```python\n(# (\\w+\\.py)\n.*?)^```$")

// pythonFile is a file of a page of the manual.
type pythonFile struct{ name, text string }

// pythonFiles gives those of a page. There is no other block in Python.
func pythonFiles(t *testing.T, body string) (files []pythonFile) {
	t.Helper()
	for _, block := range pythonBlock.FindAllStringSubmatch(body, -1) {
		files = append(files, pythonFile{block[2], block[1]})
	}
	if want := strings.Count(body, "```python\n"); len(files) != want {
		t.Fatalf("%d of %d files in Python have a name", len(files), want)
	}
	return files
}

// laboratory is the client of the manual.
type laboratory struct {
	t   *testing.T
	dir string
	hub string
}

func newLaboratory(t *testing.T, hub string) laboratory {
	t.Helper()
	l := laboratory{t, t.TempDir(), hub}
	topic, _ := manual.Find("python-client")
	for _, file := range pythonFiles(t, topic.Body) {
		if err := os.WriteFile(filepath.Join(l.dir, file.name), []byte(file.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(l.dir, "outbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	return l
}

// leave is what the laboratory's put does.
func (l laboratory) leave(path, content string) (file string) {
	l.t.Helper()
	file = filepath.Join(l.dir, "outbox", url.QueryEscape(path))
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return file
}

// python is a command; faults has what it says of them.
func (l laboratory) python(args ...string) (cmd *exec.Cmd, faults *bytes.Buffer) {
	cmd, faults = exec.CommandContext(l.t.Context(), "python3", args...), &bytes.Buffer{}
	cmd.Dir, cmd.Stderr = l.dir, faults
	cmd.Env = append(os.Environ(), "NO_PROXY=*", "HUB="+l.hub, "HUB_ACCOUNT="+other, "HUB_PASSWORD="+otherPwd)
	return cmd, faults
}

func (l laboratory) start(args ...string) *exec.Cmd {
	l.t.Helper()
	cmd, _ := l.python(args...)
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	return cmd
}

// kill ends a client at once.
func (l laboratory) kill(client *exec.Cmd) {
	l.t.Helper()
	_ = client.Process.Kill()
	_ = client.Wait()
	if client.ProcessState.Exited() {
		l.t.Errorf("%q had ended by itself: %s", client.Args, client.Stderr)
	}
}

// run runs a command to its end.
func (l laboratory) run(args ...string) (out []byte, faults string) {
	l.t.Helper()
	cmd, said := l.python(args...)
	out, err := cmd.Output()
	if err != nil {
		l.t.Fatalf("%v: %v: %s", args, err, said)
	}
	return out, said.String()
}

// records are what the laboratory has, as JSON, with their versions.
func (l laboratory) records() map[string]any {
	l.t.Helper()
	out, _ := l.run("-c", `import json, sqlite3
rows = sqlite3.connect("records.db").execute("SELECT resource, id, version, data FROM record WHERE data IS NOT NULL")
print(json.dumps({f"{r} {i}": {"version": v, "data": json.loads(d)} for r, i, v, d in rows}))`)
	return decodedJSON(l.t, out)
}

func decodedJSON(t *testing.T, text []byte) (value map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// wantAll wants the laboratory to have what the hub holds.
func (l laboratory) wantAll(database string) {
	l.t.Helper()
	holds := map[string]any{}
	for key, record := range hubRecords(l.t, database) {
		holds[key] = map[string]any{"version": float64(record.version), "data": any(decodedJSON(l.t, []byte(record.data)))}
	}
	if diff := cmp.Diff(holds, l.records()); diff != "" {
		l.t.Errorf("the hub (-) and the laboratory (+) differ:\n%s", diff)
	}
}

// labSite is a hub whose account other is a laboratory that hears of everything.
func labSite(t *testing.T) (s site, hub *program) {
	t.Helper()
	s = migratedSite(t)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = $1`, other)
	s.environ = append(s.environ, "THALAMUS_SERVER_LISTEN="+freeAddress(t))
	return s, start(t, s.environ, "serve")
}

// leaveResults leaves pages with a document each.
func (l laboratory) leaveResults(from, to int) {
	l.t.Helper()
	for n := from; n < to; n++ {
		page := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
		l.leave("pols/"+other+"/"+page, fmt.Sprintf(`{"id": %q, "measurements": [{"bg": %d}]}`, page, 80+n))
		l.leave("personal_docs/"+other+"/"+page+"?id="+page+".pdf", fmt.Sprintf("%%PDF-1.4 %d", n))
	}
}

// wantNothingLeft wants the laboratory to have sent all results.
func (l laboratory) wantNothingLeft() {
	l.t.Helper()
	if left, _ := filepath.Glob(filepath.Join(l.dir, "outbox", "*")); left != nil {
		l.t.Errorf("the outbox still has %q", left)
	}
}

func TestTheClientInPythonSurvivesThatEitherSideIsKilled(t *testing.T) {
	t.Parallel()
	s, hub := labSite(t)
	network := newBadNetwork(t, hub.address)
	lab := newLaboratory(t, network.URL)
	lab.leaveResults(0, 30)
	follower, sender := lab.start("laboratory.py", "follow"), lab.start("laboratory.py", "send")
	network.after(20)
	_ = hub.cmd.Process.Kill()
	hub.wait()
	start(t, s.environ, "serve")
	if err := sender.Wait(); err != nil {
		t.Errorf("%v: %s", err, sender.Stderr)
	}
	lab.wantNothingLeft()

	lab.leaveResults(30, 60)
	sender = lab.start("laboratory.py", "send")
	network.after(20)
	lab.kill(sender)
	lab.kill(follower)
	lab.run("laboratory.py", "send")
	lab.wantNothingLeft()
	lab.run("laboratory.py", "follow", "--once")

	lab.wantAll(s.url)
	const each = `SELECT count(DISTINCT id) || ' records, ' || count(*) || ' changes' FROM thalamus_changes
		WHERE resource = $1 AND id LIKE '00000000-0000-4000-8000-%'`
	for _, resource := range []string{"page", "document"} {
		if got, want := testdb.Text(t, s.url, each, resource), "60 records, 60 changes"; got != want {
			t.Errorf("%s: %s, want %s", resource, got, want)
		}
	}
}

// Of two hubs, the other one knew a page that this one never had.
func TestTheClientInPythonBeginsAgainWhereItsCursorIsGone(t *testing.T) {
	t.Parallel()
	s, hub := labSite(t)
	testdb.Exec(t, s.url, `INSERT INTO pols SELECT 'page ' || n, $1, '{"summary": "one of more than a reply of the feed has"}' FROM generate_series(1, 250) AS n`, other)
	lab := newLaboratory(t, "http://"+hub.address)
	lab.run("laboratory.py", "follow", "--once")
	lab.wantAll(s.url)

	lab.run("-c", `import sqlite3
with sqlite3.connect("records.db") as database:
	database.execute("INSERT INTO record VALUES ('page', 'of another hub', 1, '{}')")`)
	const elsewhere = "AQAAAAAAAAAAAQAAAAE"
	if err := os.WriteFile(filepath.Join(lab.dir, "cursor"), []byte(elsewhere), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _ := ask(t, "GET", "http://"+hub.address+"/changes?since="+elsewhere, other, otherPwd, ""); code != 410 {
		t.Errorf("the cursor is no other hub's: %d", code)
	}

	lab.run("laboratory.py", "follow", "--once")
	lab.wantAll(s.url)
}

// After a crash the feed tells again what it had told.
func TestTheClientInPythonKeepsTheNewestOfEachRecord(t *testing.T) {
	t.Parallel()
	s, hub := labSite(t)
	lab := newLaboratory(t, "http://"+hub.address)
	lab.run("laboratory.py", "follow", "--once")
	lab.run("-c", `import laboratory, sqlite3
laboratory.database = sqlite3.connect("records.db")
laboratory.apply([{"resource": "person", "id": "`+other+`", "version": 1, "data": {"name": "as it was"}}])`)
	lab.wantAll(s.url)
}

func TestTheClientInPythonReadsListsAndWaitsAsLongAsItIsTold(t *testing.T) {
	t.Parallel()
	s, hub := labSite(t)
	lab := newLaboratory(t, newBadNetwork(t, hub.address).URL)
	out, said := lab.run("-c", `import json, os
from hub import Hub
hub = Hub(os.environ["HUB"], os.environ["HUB_ACCOUNT"], os.environ["HUB_PASSWORD"])
print(json.dumps([person for [person] in hub.list("people?limit=2")]))`)

	want := testdb.Text(t, s.url, `SELECT json_agg(data - 'password' ORDER BY id COLLATE "C")::text FROM people WHERE jsonb_typeof(data) = 'object'`)
	var got, all []any
	for text, list := range map[string]*[]any{string(out): &got, want: &all} {
		if err := json.Unmarshal([]byte(text), list); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("(-hub +client)\n%s", diff)
	}
	wantEach(t, said, "HTTP Error 429: Too Many Requests: again in 0 s", "HTTP Error 503: Service Unavailable: again in 0 s", "again in 1 s")
}

// A result that the hub refuses keeps no other one from it.
func TestTheClientInPythonKeepsWhatIsRefused(t *testing.T) {
	t.Parallel()
	_, hub := labSite(t)
	lab := newLaboratory(t, "http://"+hub.address)
	bad := lab.leave("pols/"+other+"/z", `{"id": "y"}`)
	good := lab.leave("pols/"+other+"/a", `{"id": "a"}`)
	half := lab.leave("pols/"+other+"/half.new", `{"id": "half.new"}`)

	_, said := lab.run("laboratory.py", "send")
	wantEach(t, said, "pols/"+other+"/z ", "The body must have the page's id")
	for file, want := range map[string]bool{bad: true, good: false, half: true} {
		if _, err := os.Stat(file); (err == nil) != want {
			t.Errorf("%s is there: %t", file, err == nil)
		}
	}
}
