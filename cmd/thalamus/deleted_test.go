// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// oddDeletions fills a site with records that are hard to name, and deletes them.
func oddDeletions(t *testing.T, s site) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO institutions (id, data) VALUES ('-v', '{}'), ('it''s "so" $HOME \', '{}'), (E'bell\a\u202e', '{}')`,
		`INSERT INTO pols (id, book, data) VALUES ('p', 'ESPGNU777ORG', '{}')`,
		`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('lost', 'ESPGNU777ORG', 'p', '{}'), ('d', 'ESPGNU777ORG', 'p', '{"pol": "p"}')`,
		`DELETE FROM institutions WHERE id IN ('-v', 'it''s "so" $HOME \', E'bell\a\u202e')`,
		`DELETE FROM personal_docs WHERE id IN ('lost', 'd')`, `DELETE FROM pols WHERE id = 'p'`,
	} {
		testdb.Exec(t, s.url, sql)
	}
}

// The commands of the list are run from above, by a shell.
func TestWhatWasDeletedIsPutBackByTheCommandsOfTheList(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	file := writeFile(t, "# it's mine\n")
	before := testdb.Text(t, s.url, `SELECT concat((SELECT count(*) FROM institutions), ' ', (SELECT count(*) FROM personal_docs), ' ', (SELECT count(*) FROM pols))`)
	oddDeletions(t, s)
	status, out := here(t, "", s.environ, "deleted", "--config", file)
	if status != 0 || !strings.HasSuffix(out, "6 records can be put back\n") || strings.ContainsAny(out, "\a\u202e") {
		t.Fatalf("status %d: %s", status, out)
	}
	for line := range strings.Lines(strings.TrimSuffix(out, "6 records can be put back\n")) {
		_, command, ok := strings.Cut(line, "thalamus restore")
		if !ok || !strings.Contains(line, "(") { // the user of the database
			t.Fatalf("%q", line)
		}
		command = strings.Replace(command, "--page PAGE", "--page p", 1)
		run := exec.CommandContext(t.Context(), "bash", "-c", os.Args[0]+" restore"+command)
		run.Env = append(append(os.Environ(), asProgram+"=1"), s.environ...)
		if out, err := run.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", command, err, out)
		}
	}
	after := testdb.Text(t, s.url, `SELECT concat((SELECT count(*) - 3 FROM institutions), ' ', (SELECT count(*) - 2 FROM personal_docs), ' ', (SELECT count(*) - 1 FROM pols))`)
	if after != before {
		t.Errorf("there were %s and are %s", before, after)
	}
	if status, out := here(t, "", s.environ, "deleted"); status != 0 || out != "0 records can be put back\n" {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestDeletedSaysWhoAndWhoseItWas(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `INSERT INTO pols (id, book, data) VALUES ('mistake', $1, '{}')`, other)
	p := start(t, append(s.environ, "THALAMUS_ACCESS_ROLES=../../etc/roles.cfg"), "serve")
	if code, reply := ask(t, "DELETE", "http://"+p.address+"/pols/"+other+"/mistake", admin, "freedom", ""); code != 204 {
		t.Fatalf("%d %s", code, reply)
	}
	testdb.Exec(t, s.url, `INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	testdb.Exec(t, s.url, `DELETE FROM dus WHERE id = 'u'`)
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"deleted --person " + strings.ToLower(other), 0, "  ARGBUE111FAV    page of FRAOTH001EUS        thalamus restore page mistake\n1 records"},
		{"deleted --person " + ana, 0, "0 records"}, {"deleted --since 2999-12-31", 0, "0 records"}, {"deleted --since 2001-01-01", 0, "2 records"},
		{"deleted --since today", 2, "--since takes a day like 2026-05-31, not today"}, {"deleted --person NOBODY", 1, "there is no person NOBODY"}, {"deleted x", 2, ""},
	} {
		t.Run(c.args, func(t *testing.T) {
			if status, out := here(t, "", s.environ, strings.Fields(c.args)...); status != c.status || !strings.Contains(out, c.want) {
				t.Errorf("%s: status %d: %s", c.args, status, out)
			}
		})
	}
}
