// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"strings"
)

// checkLog makes sure that the log says nothing of what records and bodies hold.
func (w *fuzzWorld) checkLog() {
	log := w.Log.String()
	for _, secret := range []string{fuzzPassword, fuzzOtherPassword, "planted"} {
		if strings.Contains(log, secret) {
			w.T.Errorf("the log shows %q", secret)
		}
	}
	if hashText.MatchString(log) {
		w.T.Error("the log shows a hash")
	}
	if strings.Contains(log, "panic") {
		w.T.Errorf("something panicked: %s", log)
	}
}

// databaseRules find rows that must not be: each gives what is wrong, as text.
var databaseRules = map[string]string{
	"versions without gaps": `
		SELECT format('%s %s: %s', resource, id, array_agg(version ORDER BY version)) FROM thalamus_changes
		WHERE operation IN ('create', 'update', 'delete') AND part = 0 GROUP BY resource, id
		HAVING count(*) <> max(version) OR min(version) <> 1`,
	"what is created was not there, and what is changed was": `
		SELECT format('%s %s version %s: %s after %s', resource, id, version, operation, former) FROM (
			SELECT *, lag(operation, 1, 'delete') OVER (PARTITION BY resource, id ORDER BY version) AS former
			FROM thalamus_changes WHERE operation IN ('create', 'update', 'delete') AND part = 0) AS c
		WHERE (operation = 'create') <> (former = 'delete')`,
	"each change in the feed once": `
		SELECT format('%s %s version %s: %s times', resource, id, version, count(f.seq)) FROM thalamus_changes AS c
		LEFT JOIN thalamus_feed AS f USING (seq) WHERE operation IN ('create', 'update', 'delete') AND part = 0
		GROUP BY resource, id, version HAVING count(f.seq) <> 1`,
	"the feed in the order of versions": `
		SELECT format('%s %s: %s after %s', resource, id, version, former) FROM (
			SELECT c.*, lag(version) OVER (PARTITION BY resource, id ORDER BY position) AS former
			FROM thalamus_feed JOIN thalamus_changes AS c USING (seq)) AS c
		WHERE version <> former + 1`,
	"a record has the last version of its history": `
		WITH records AS (
			SELECT 'person' AS resource, id, version FROM people UNION ALL SELECT 'page', id, version FROM pols
			UNION ALL SELECT 'document', id, version FROM personal_docs UNION ALL SELECT 'unit', id, version FROM dus
			UNION ALL SELECT 'institution', id, version FROM institutions
		), last AS (
			SELECT DISTINCT ON (resource, id) resource, id, version, operation FROM thalamus_changes
			WHERE operation IN ('create', 'update', 'delete') AND part = 0 ORDER BY resource, id, version DESC
		)
		SELECT format('%s %s: %s, history %s %s', resource, id, records.version, last.operation, last.version)
		FROM records FULL JOIN last USING (resource, id)
		WHERE (records.id IS NULL) <> (last.operation = 'delete') OR records.version <> last.version`,
	"a document in its page's book": `
		SELECT d.id FROM personal_docs AS d JOIN pols AS p ON p.id = d.pol WHERE d.fedacct <> p.book`,
	"links of persons who are there": `
		SELECT format('%s %s', person, other) FROM thalamus_links
		WHERE person NOT IN (SELECT id FROM people) OR other NOT IN (SELECT id FROM people)`,
	"who is linked is the same, and nobody is both": `
		SELECT format('%s %s same %s: %s %s', person, other, same, a.linked, b.linked)
		FROM thalamus_links JOIN people AS a ON a.id = person JOIN people AS b ON b.id = other
		WHERE same <> (a.linked IS NOT DISTINCT FROM b.linked AND a.linked IS NOT NULL)`,
	"a cluster is named by the smallest of its several persons": `
		SELECT linked FROM people WHERE linked IS NOT NULL GROUP BY linked HAVING count(*) < 2 OR min(id COLLATE "C") <> linked`,
	"everybody of a cluster was linked with somebody": `
		SELECT id FROM people WHERE linked IS NOT NULL
			AND NOT EXISTS (SELECT FROM thalamus_links WHERE same AND people.id IN (person, other))`,
	"no password in the past": `
		SELECT id FROM thalamus_changes WHERE resource = 'person' AND before ? 'password'
		UNION ALL SELECT id FROM people WHERE creation ? 'password'`,
	"no password as it was typed": `
		SELECT id FROM people WHERE data ->> 'password' = ANY (ARRAY['` + fuzzPassword + `', '` + fuzzOtherPassword + `'])`,
}

// checkDatabase makes sure that the database contradicts itself in nothing.
func (w *fuzzWorld) checkDatabase() {
	if err := w.DB.Publish(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
	for rule, sql := range databaseRules {
		broken := w.text(`SELECT COALESCE(string_agg(wrong, ', '), '') FROM (` + sql + `) AS found (wrong)`)
		if broken != "" {
			w.T.Errorf("%s: not so for %s", rule, broken)
		}
	}
}
