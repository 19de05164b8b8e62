// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// The one in the fixture who has pages and a document.
const (
	ana     = "ESPGNU777ORG"
	birth   = "119b352e-8e4f-4847-9f05-53462cf94f10"
	picture = "8789981f-4e31-48d5-8eb8-1774dac8b8f6"
)

func TestARestoreGoesFromPersonToDocument(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	bytesOf := func() string {
		return testdb.Text(t, s.url, `SELECT concat(fedacct, ' ', pol, ' ', md5(document), ' ', data) FROM personal_docs WHERE id = $1`, picture)
	}
	before := bytesOf()
	for _, deletion := range []string{
		`DELETE FROM personal_docs WHERE fedacct = $1`, `DELETE FROM pols WHERE book = $1`, `DELETE FROM people WHERE id = $1`,
	} {
		testdb.Exec(t, s.url, deletion, ana)
	}
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"document " + picture, 1, "thalamus: there is no person " + ana + " or no page " + birth + "; restore that first\n"},
		{"page " + birth, 1, "thalamus: there is no person " + ana + "; restore that first\n"},
		{"person " + strings.ToLower(ana), 0, "restored person " + ana + " as version 3\n" +
			"It has no password; to give it one: thalamus account password " + ana + "\n" +
			"If it was disabled it still is; --enable lets it log in.\n"},
		{"page " + birth, 0, "restored page " + birth + " as version 3\n"},
		{"document " + picture, 0, "restored document " + picture + " as version 3\n"},
		{"document " + picture, 1, "thalamus: document " + picture + " exists; nothing was changed\n"},
		{"unit none", 1, "thalamus: unit none was never there\n"}, {"institution none", 1, ""},
		{"book " + ana, 2, ""}, {"page", 2, ""}, {"page " + birth + " --page x", 2, ""}, {"document " + picture + " --pages x", 2, ""},
	} {
		t.Run(c.args, func(t *testing.T) {
			status, out := here(t, "", s.environ, append([]string{"restore"}, strings.Fields(c.args)...)...)
			if status != c.status || c.want != "" && out != c.want {
				t.Errorf("%s: status %d: %s", c.args, status, out)
			}
		})
	}
	if after := bytesOf(); after != before {
		t.Errorf("the document was %s and is %s", before, after)
	}
	if status, out := here(t, "correct horse\n", s.environ, "account", "password", ana); status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
	if code, _ := ask(t, "GET", "http://"+start(t, s.environ, "serve").address+"/login", ana, "correct horse", ""); code != 200 {
		t.Errorf("the restored account gets %d", code)
	}
}

func TestADocumentIsPutBackIntoThePageThatIsTold(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('old', $1, $2, '{}')`, ana, birth)
	testdb.Exec(t, s.url, `DELETE FROM personal_docs WHERE id = 'old'`)
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"document old", 1, "--page PAGE"}, {"document old --page none", 1, "no page none; restore that first"}, {"document old --page " + birth, 0, "restored document old"},
	} {
		t.Run(c.args, func(t *testing.T) {
			status, out := here(t, "", s.environ, append([]string{"restore"}, strings.Fields(c.args)...)...)
			if status != c.status || !strings.Contains(out, c.want) {
				t.Errorf("%s: status %d: %s", c.args, status, out)
			}
		})
	}
}

func TestARestoreNamesItsConfigurationInWhatIsToBeDoneNext(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `INSERT INTO people (id, data) VALUES ('GO NE', '{"id": "GO NE"}')`)
	testdb.Exec(t, s.url, `DELETE FROM people WHERE id = 'GO NE'`)
	file := writeFile(t, "")
	status, out := here(t, "", s.environ, "restore", "person", "GO NE", "--config", file)
	if want := "to give it one: thalamus account password 'GO NE' --config " + file + "\n"; status != 0 || !strings.Contains(out, want) {
		t.Errorf("status %d: %s", status, out)
	}
}
