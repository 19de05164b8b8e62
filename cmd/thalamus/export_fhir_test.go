// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/manual"
	"thalamus/internal/testdb"
)

// federation is a database with records of each kind, of odd ids, too.
func federation(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT id, '{}' FROM unnest($1::text[]) AS id`, []string{"XA", "A_B", "X.-Y", "Ñandú", strings.Repeat("LONG", 20)})
	db.Exec(`INSERT INTO pols (id, book, data) SELECT 'p ' || id, id, '{"measurements": [{"hr": 61}, {"hr": 62}]}' FROM people;
		INSERT INTO pols (id, book, data) SELECT 'v ' || id, id, '{"page_type": "medical", "medical_context": "immunization", "summary": "Tetanus"}' FROM people;
		INSERT INTO pols (id, book, data) VALUES (repeat('long', 10), 'XA', '{}');
		INSERT INTO personal_docs (id, fedacct, pol, data) SELECT 'd ' || id, book, id, '{}' FROM pols;
		INSERT INTO institutions (id, data) VALUES ('I', '{}'), ('II', '{}');
		INSERT INTO dus (id, data) VALUES ('U_1', '{}');
		SELECT thalamus_link('A_B', 'X.-Y', true, NULL, NULL, NULL), thalamus_link('A_B', 'Ñandú', true, NULL, NULL, NULL),
			thalamus_link('A_B', 'XA', false, NULL, NULL, NULL)`)
	return db
}

// exportedFiles are the texts of the files of an export, by their names; none but the manifest differs between two.
func exportedFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	if err != nil || found == nil {
		t.Fatalf("there is no export in %s: %v", dir, err)
	}
	files := map[string]string{}
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(file)] = string(text)
	}
	return files
}

func TestAnExportOfFHIRThatIsKilledIsRunAgain(t *testing.T) {
	t.Parallel()
	db := federation(t)
	parent := t.TempDir()
	whole, name := filepath.Join(parent, "whole"), filepath.Join(parent, "name")
	if code, out := here(t, "", moving(db), "export", "--fhir", whole); code != 0 || !strings.Contains(out, "exported ") {
		t.Fatal(code, out)
	}

	release := db.Hold(`LOCK TABLE personal_docs`)
	killed := exec.CommandContext(t.Context(), os.Args[0], "export", "--fhir", name)
	killed.Env = append(append(os.Environ(), asProgram+"=1"), moving(db)...)
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	db.AwaitWaiting(1)
	_ = killed.Process.Kill()
	_ = killed.Wait()
	release("ROLLBACK")
	broken, _ := filepath.Glob(filepath.Join(parent, ".name-part-*", "Observation.ndjson"))
	if _, err := os.Stat(name); err == nil || len(broken) != 1 {
		t.Errorf("it was not killed in the middle: %v, %q", err, broken)
	}

	if code, out := here(t, "", moving(db), "export", "--fhir", name); code != 0 {
		t.Fatal(code, out)
	}
	want, got := exportedFiles(t, whole), exportedFiles(t, name)
	for file, text := range want {
		if got[file] != text {
			t.Errorf("%s differs", file)
		}
	}
	if entries, _ := os.ReadDir(parent); len(got) != len(want) || len(entries) != 2 {
		t.Errorf("there are %d files, want %d, in one of %v", len(got), len(want), entries)
	}
}

// The manual's program finds no record that is in one of two exports only, and finds those that are.
func TestTheManualsProgramComparesTheExports(t *testing.T) {
	t.Parallel()
	db := federation(t)
	parent := t.TempDir()
	dir, native := filepath.Join(parent, "fhir"), filepath.Join(parent, "all.jsonl")
	for _, args := range [][]string{{"--fhir", dir}, {"--out", native}} {
		if code, out := here(t, "", moving(db), append([]string{"export"}, args...)...); code != 0 {
			t.Fatal(code, out)
		}
	}
	topic, _ := manual.Find("fhir-export")
	program := pythonFiles(t, topic.Body)[0].text
	compare := func() (out string, err error) {
		said, err := exec.CommandContext(t.Context(), "python3", "-c", program, dir, native).CombinedOutput()
		return string(said), err
	}

	out, err := compare()
	for kind, count := range map[string]string{
		"person": `SELECT count(*)::text FROM people`, "page": `SELECT count(*)::text FROM pols`, "document": `SELECT count(*)::text FROM personal_docs`,
		"unit": `SELECT count(*)::text FROM dus`, "institution": `SELECT count(*)::text FROM institutions`, "link": `SELECT 6::text`,
	} {
		if want := kind + " " + db.Text(count) + "\n"; !strings.Contains(out, want) {
			t.Errorf("it does not count %s", want)
		}
	}
	if err != nil || strings.Contains(out, "only in") {
		t.Errorf("%v: %s", err, out)
	}

	for _, c := range []struct{ file, what, by, want string }{
		{dir + "/Patient.ndjson", `"id":"A.5FB"`, `"id":"A.5FC"`, "only in the native export: person A.5FB \nonly in FHIR: person A.5FC"},
		{dir + "/DocumentReference.ndjson", `"reference":"Patient/A.5FB"`, `"reference":"Patient/OTHER"`, "only in FHIR: document d.20p.20A.5FB OTHER"},
		{dir + "/Observation.ndjson", `p.20A.5FB.-`, `p.20A.5FC.-`, "only in the native export: page p.20A.5FB A.5FB"},
		{native, `{"resource":"page","id":"p A_B"`, `{"resource":"page","id":"other"`, "only in FHIR: page p.20A.5FB A.5FB"},
		{dir + "/Patient.ndjson", `"reference":"Patient/A.5FB"`, `"reference":"Patient/OTHER"`, "only in the native export: link"},
		{dir + "/Location.ndjson", "\n", "\n\n", "Expecting value"},
		{dir + "/Organization.ndjson", `{"resourceType":"Organization",`, "", "JSONDecodeError"},
		{dir + "/manifest.json", `"count": 1`, `"count": 2`, " resources, and not 2"},
	} {
		restore := replaceIn(t, c.file, c.what, c.by)
		if out, err := compare(); err == nil || !strings.Contains(out, c.want) {
			t.Errorf("%s in %s: %v, %s", c.by, c.file, err, out)
		}
		restore()
	}
}

// replaceIn changes a file, until it is restored.
func replaceIn(t *testing.T, file, what, by string) (restore func()) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), what) {
		t.Fatalf("%s has no %s: %v", file, what, err)
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.ReplaceAll(string(text), what, by))
	return func() { write(string(text)) }
}

func TestAnExportOfFHIRThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('XA', '{}')`)
	parent := t.TempDir()
	dir := filepath.Join(parent, "all")
	if code, out := here(t, "", moving(db), "export", "--fhir", dir); code != 0 {
		t.Fatal(code, out)
	}
	reader := db.As("exporter")
	db.Exec(`GRANT USAGE ON SCHEMA public TO exporter`)
	foreign := append([]string{"THALAMUS_DATABASE_URL=" + reader}, moving(db)[1:]...)

	for _, c := range []struct {
		environ []string
		args    []string
		code    int
		want    string
	}{
		{moving(db), []string{"--fhir", dir}, 1, "is not empty; name a directory that is"},
		{moving(db), []string{"--fhir", filepath.Join(dir, "Patient.ndjson")}, 1, "not a directory"},
		{moving(db), []string{"--fhir", filepath.Join(parent, "none", "all")}, 1, "no such file or directory"},
		{moving(db), []string{"--fhir", dir, "--out", "x"}, 2, "--fhir goes with neither"},
		{moving(db), []string{"--fhir", dir, "--with-passwords"}, 2, "--fhir goes with neither"},
		{moving(db), []string{"--fhir"}, 2, "needs an argument: -fhir"},
		{foreign, []string{"--fhir", filepath.Join(parent, "second")}, 1, "permission denied"},
	} {
		code, out := here(t, "", c.environ, append([]string{"export"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("%q: %d, %s", c.args, code, out)
		}
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
		t.Errorf("there is %v: %v", entries, err)
	}
}

// An export that is interrupted leaves nothing.
func TestAnExportOfFHIRThatIsInterruptedLeavesNothing(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('XA', '{}')`)
	parent := t.TempDir()
	release := db.Hold(`LOCK TABLE pols`)
	defer release("ROLLBACK")
	export := exec.CommandContext(t.Context(), os.Args[0], "export", "--fhir", filepath.Join(parent, "all"))
	export.Env = append(append(os.Environ(), asProgram+"=1"), moving(db)...)
	if err := export.Start(); err != nil {
		t.Fatal(err)
	}
	db.AwaitWaiting(1)
	if err := export.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := export.Wait()
	if entries, _ := os.ReadDir(parent); err == nil || len(entries) != 0 {
		t.Errorf("%v: there is %v", err, entries)
	}
}
