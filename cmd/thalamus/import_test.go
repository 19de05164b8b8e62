// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/demo"
	"thalamus/internal/testdb"
)

// moving is the environment of import and export.
func moving(db *testdb.DB) []string {
	return []string{"THALAMUS_DATABASE_URL=" + db.URL, "THALAMUS_ACCESS_ROLES=../../etc/roles.cfg"}
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestADemoFederationMoves(t *testing.T) {
	t.Parallel()
	from, to := testdb.New(t), testdb.New(t)
	if err := demo.Fill(t.Context(), from.DB); err != nil {
		t.Fatal(err)
	}
	from.Exec(`INSERT INTO people (id, data) VALUES ('NULL', NULL), ('NOROLES', '{"id": "NOROLES", "active": false}');
		INSERT INTO pols (id, data) VALUES ('nobodys', '{}');
		INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT 'large', book, id, bytes,
			jsonb_build_object('id', 'large', 'fedacct', book, 'pol', id, 'hash', encode(sha512(bytes), 'hex'))
		FROM (SELECT * FROM pols WHERE book IS NOT NULL LIMIT 1) AS page,
			(SELECT string_agg(sha512(n::text::bytea), '') AS bytes FROM generate_series(1, 150000) AS n) AS several_pieces`)
	first, second := filepath.Join(t.TempDir(), "1"), filepath.Join(t.TempDir(), "2")
	code, out := here(t, "", moving(from), "export", "--with-passwords", "--out", first)
	if code != 0 || !strings.Contains(out, "left out 1 person, 1 page ") || !strings.Contains(out, "pg_dump") {
		t.Fatal(code, out)
	}
	if info, err := os.Stat(first); err != nil || info.Mode() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if code, out := here(t, "", moving(to), "import", "--with-roles", first); code != 0 || !strings.Contains(out, ", 0 refused") {
		t.Fatal(code, out)
	}
	if code, out := here(t, "", moving(to), "export", "--out", second, "--with-passwords"); code != 0 {
		t.Fatal(code, out)
	}
	one, err1 := os.ReadFile(first)
	two, err2 := os.ReadFile(second)
	if err := errors.Join(err1, err2); err != nil || len(one) < 10_000 || !bytes.Equal(one, two) {
		t.Errorf("exports of %d and %d bytes are not equal (%v)", len(one), len(two), err)
	}
	code, out = here(t, string(one), moving(to), "import", "-")
	if code != 3 || !strings.Contains(out, "roles other than end_user are imported only with --with-roles") {
		t.Error(code, out)
	}
}

func TestTheDemosFilesAreImported(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const data = "../../internal/demo/data/"
	if code, out := here(t, "", moving(db), "import", "--with-roles", data+"people.json", data+"pages.json"); code != 0 {
		t.Error(code, out)
	}
	for resource, file := range map[string]string{"unit": "units.json", "institution": "institutions.json"} {
		t.Run(resource, func(t *testing.T) {
			if code, out := here(t, "", moving(db), "import", "--resource", resource, data+file); code != 0 {
				t.Error(code, out)
			}
		})
	}
	same := testdb.New(t)
	if err := demo.Fill(t.Context(), same.DB); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"people", "pols", "dus", "institutions"} {
		q := `SELECT md5(string_agg(id || data::text, '' ORDER BY id)) FROM ` + table
		if db.Text(q) != same.Text(q) {
			t.Errorf("%s is not what the demo has", table)
		}
	}
}

func TestImportReportsWhatItRefuses(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	var text strings.Builder
	for i := range 30 {
		fmt.Fprintf(&text, `{"resource":"person","id":"A%d","data":{"password":"topsecret","name":"private"}}`+"\n", i)
	}
	file := writeFile(t, text.String()+`{"resource":"person","id":"B","data":{}}`+"\n{}")
	report := filepath.Join(t.TempDir(), "report")
	code, out := here(t, "", moving(db), "import", file, "--report", report)
	all, err := os.ReadFile(report)
	if code != 3 || err != nil || strings.Count(out, file+":") != 20 || strings.Count(string(all), "\n") != 31 {
		t.Errorf("%d %v %s\n%s", code, err, out, all)
	}
	for _, want := range []string{
		file + ":20: password must be a bcrypt hash", "and 10 more: password must be a bcrypt hash", "and 1 more: the record does not tell",
		"imported 1 person; 0 were there already, 31 refused", "thalamus: refused records are not imported",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in %s", want, out)
		}
	}
	if both := out + string(all); strings.Contains(both, "topsecret") || strings.Contains(both, "private") {
		t.Error("a report tells what was refused")
	}
}

func TestImportLooksAtItsArgumentsFirst(t *testing.T) {
	t.Parallel()
	file := writeFile(t, `{"resource":"person","id":"B","data":{}}`)
	db := testdb.New(t)
	for _, c := range []struct {
		code int
		args []string
	}{
		{2, []string{"import"}}, {2, []string{"import", "--resource", "document", file}}, {1, []string{"import", file, "missing"}},
		{1, []string{"import", file, t.TempDir()}}, {1, []string{"import", file, "--report", "missing/report"}}, {2, []string{"export", file}},
		{2, []string{"import", file, "--report", file}},
	} {
		if code, out := here(t, "", moving(db), c.args...); code != c.code {
			t.Errorf("%v: exit status %d, %s", c.args, code, out)
		}
	}
	if got := db.Text(`SELECT count(*)::text FROM people`); got != "0" {
		t.Errorf("%s persons were imported", got)
	}
}

func TestAnExportHasPasswordsOnlyWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const hash = "$2b$04$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', jsonb_build_object('id', 'A', 'name', 'Ana', 'password', $1::text))`, hash)
	for _, c := range []struct {
		args []string
		want bool
	}{
		{[]string{"export"}, false}, {[]string{"export", "--with-passwords=false"}, false}, {[]string{"export", "--with-passwords"}, true},
	} {
		code, out := here(t, "", moving(db), c.args...)
		shown := strings.Contains(out, hash) || strings.Contains(out, "password")
		if code != 0 || shown != c.want || !strings.Contains(out, "Ana") {
			t.Errorf("%v: exit status %d, %s", c.args, code, out)
		}
	}
}

// An export that fails leaves what was there, and nothing else.
func TestAFailedExportLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	name := writeFile(t, "old")
	err := writeWhole(t.Context(), name, func(w io.Writer) error {
		fmt.Fprint(w, "new")
		return io.ErrShortWrite
	})
	entries, _ := os.ReadDir(filepath.Dir(name))
	if text, _ := os.ReadFile(name); string(text) != "old" || !errors.Is(err, io.ErrShortWrite) || len(entries) != 1 {
		t.Errorf("%s %v %v", text, err, entries)
	}
}

// A pipe stays one.
func TestAnExportGoesThroughWhatIsNoFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(name)
		read <- string(text)
	}()
	err := writeWhole(t.Context(), name, func(w io.Writer) error {
		_, err := io.WriteString(w, "all of it")
		return err
	})
	info, statErr := os.Stat(name)
	if got := <-read; got != "all of it" || errors.Join(err, statErr) != nil || info.Mode().IsRegular() {
		t.Errorf("%q, %v, %v", got, err, info)
	}
}

// PostgreSQL writes more blanks than clients do.
func TestWhatTheAPITookIsImported(t *testing.T) {
	t.Parallel()
	db, other := testdb.New(t), testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT 'A', jsonb_build_object('id', 'A', 'ones', array_agg(1)) FROM generate_series(1, 9000)`)
	file := filepath.Join(t.TempDir(), "all")
	if status, out := here(t, "", moving(db), "export", "--out", file); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	if status, out := here(t, "", append(moving(other), "THALAMUS_SERVER_MAX_BODY=20KiB"), "import", file); status != 0 {
		t.Errorf("status %d: %.300s", status, out)
	}
}

// A record of nine megabytes was taken once, and could never be changed again.
func TestWhatIsImportedCanBeChanged(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = $1`, other)
	environ := append(s.environ, "THALAMUS_SERVER_MAX_BODY=20KiB")
	const around = len(`{"id":"","gender":"f","roles":["end_user"],"a":""}`) + len("LARGE")
	person := func(id string, size int) string {
		return fmt.Sprintf("{ \"id\": %q,\n\"gender\": \"f\", \"roles\": [ \"end_user\" ], \"a\": %q }\n", id, strings.Repeat("x", size-around))
	}
	file := writeFile(t, person("FULL1", 20<<10)+person("LARGE", 20<<10+1)+person("SMALL", 20<<10-10))
	if code, out := here(t, "", environ, "import", file); code != 3 || !strings.Contains(out, ":3: record 2: The record is larger than 20480 bytes") ||
		strings.Contains(out, "record 1:") || strings.Contains(out, "record 3:") {
		t.Errorf("status %d: %.500s", code, out)
	}
	p := start(t, environ, "serve")
	for _, c := range []struct {
		id, patch string
		want      int
	}{
		{"FULL1", `{"active": false}`, 200}, {"FULL1", `{"gender": "m"}`, 200}, {"FULL1", `{"n": 1}`, 413}, {"LARGE", `{}`, 404},
		{"SMALL", `{"n": 100}`, 200}, {"SMALL", `{"n": 10000000}`, 413}, {"SMALL", `{"a": "", "n": 10000000}`, 200},
	} {
		t.Run(c.id, func(t *testing.T) {
			if code, body := ask(t, "PATCH", "http://"+p.address+"/people/"+c.id, other, otherPwd, c.patch); code != c.want {
				t.Errorf("%s of %s: %d, want %d: %.200s", c.patch, c.id, code, c.want, body)
			}
		})
	}
}

// Whoever interrupts an import must not have to end what it reads from, too.
func TestStandardInputIsLeftWhenItIsInterrupted(t *testing.T) {
	t.Parallel()
	silent, _ := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	in := interruptible(ctx, silent)
	go cancel()
	if _, err := io.ReadAll(in); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if text, err := io.ReadAll(interruptible(t.Context(), strings.NewReader("all of it"))); string(text) != "all of it" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
}

// TestAKilledImportIsRunAgain kills the program while it imports.
func TestAKilledImportIsRunAgain(t *testing.T) {
	t.Parallel()
	const n = 40_000
	db := testdb.New(t)
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `{"resource":"person","id":"P%d","data":{"name":"N"}}`+"\n", i)
	}
	cmd := exec.Command(os.Args[0], "import", "-") //nolint:noctx // killed below
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), moving(db)...)
	in, err := cmd.StdinPipe() // stays open, so that the import cannot end
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(in, text.String()) }()
	waitFor(t, db.URL, `SELECT EXISTS (SELECT FROM people)`)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("it was not killed")
	}
	kept := db.Text(`SELECT (count(*) > 0 AND count(*) % 10000 = 0)::text FROM people`)
	code, out := here(t, text.String(), moving(db), "import", "-")
	if code != 0 || kept != "true" {
		t.Errorf("%d %s; whole chunks: %s", code, out, kept)
	}
	for q, want := range map[string]int{
		`SELECT count(*)::text FROM people`: n,
		`SELECT count(*)::text FROM thalamus_changes WHERE operation = 'create' AND version = 1`:       n,
		`SELECT count(DISTINCT id)::text FROM thalamus_changes WHERE request IS NULL AND node IS NULL`: n,
	} {
		t.Run(q, func(t *testing.T) {
			if got := db.Text(q); got != fmt.Sprint(want) {
				t.Errorf("%s: %s, want %d", q, got, want)
			}
		})
	}
}

// Whoever was imported while no server ran is found by a misspelt name.
func TestAServerLearnsTheNamesThatWereImported(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = $1`, other)
	file := writeFile(t, `{"resource":"person","id":"WIL","data":{"id":"WIL","name":"Wilhelmina"}}`)
	if code, out := here(t, "", s.environ, "import", file); code != 0 {
		t.Fatal(code, out)
	}
	p := start(t, s.environ, "serve")
	testdb.Await(t, "Wilhelmina", func() bool {
		code, body := ask(t, "GET", "http://"+p.address+"/people?q=wilehlmnia", other, otherPwd, "")
		if code != 200 {
			t.Fatal(code, body)
		}
		return strings.Contains(body, `"WIL"`)
	})
}

func TestImportBringsNobodyBackWhoWasDeleted(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	const person = `{"resource":"person","id":"ESPOLD001NEX","data":{"id":"ESPOLD001NEX","name":"Eva"}}` + "\n"
	if status, out := here(t, person, s.environ, "import", "-"); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	testdb.Exec(t, s.url, `DELETE FROM people WHERE id = 'ESPOLD001NEX'`)
	status, out := here(t, person, s.environ, "import", "-")
	if status != 3 || !strings.Contains(out, "the id was deleted") {
		t.Errorf("status %d: %s", status, out)
	}
	if got := testdb.Text(t, s.url, `SELECT count(*)::text FROM people WHERE id = 'ESPOLD001NEX'`); got != "0" {
		t.Error("the person is back")
	}
}
