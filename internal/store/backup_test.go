// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// A base backup and the archive lead to the moment before a mistake, with all that was written
// between the backup and it, and the feed with them. The settings are those of the manual.
func TestTheArchiveLeadsToTheMomentBeforeAMistake(t *testing.T) {
	t.Parallel()
	dir, archive := testdir.New(t), testdir.New(t)
	if err := os.Chmod(archive, 0o777); err != nil {
		t.Fatal(err)
	}
	before := startCluster(t, dir)
	for name, value := range backupSettings(t, "archive_mode", "/var/backups/wal", archive) {
		testdb.Exec(t, before.URL("postgres"), `ALTER SYSTEM SET `+name+` = '`+strings.ReplaceAll(value, `'`, `''`)+`'`)
	}
	must(t, before.Stop())

	db := testdb.At(t, startCluster(t, dir).URL("postgres"))
	_, err := db.Migrate(t.Context())
	must(t, err)
	db.Exec(`INSERT INTO dus VALUES ('of the backup', '{}')`)
	copied := testdb.Copy(t, db.URL, dir)
	db.Exec(`INSERT INTO dus VALUES ('after it', '{}')`)
	wantText(t, feedLog(t, db.URL, 0), nil, "of the backup1 after it1")
	moment := db.Text(`SELECT clock_timestamp()::text`)
	db.Exec(`DELETE FROM dus`)
	archiveAll(t, db)

	recover := backupSettings(t, "recovery_target_time", "/var/backups/wal", archive)
	recover["recovery_target_time"] = moment
	recovered := startCluster(t, recovering(t, copied, recover)).URL("postgres")
	awaitTrue(t, testdb.Connect(t, recovered), `SELECT NOT pg_is_in_recovery()`)
	wantText(t, testdb.Text(t, recovered, `SELECT string_agg(id, ', ' ORDER BY id) FROM dus`), nil, "after it, of the backup")
	wantText(t, feedLog(t, recovered, 0), nil, "of the backup1 after it1")
}

// backupSettings gives the settings of that block of the manual's page Backups which has a name, with
// another directory for the one there.
func backupSettings(t *testing.T, name, there, here string) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../manual/backups.md")
	must(t, err)
	for _, block := range regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		if !strings.Contains(block[1], name) {
			continue
		}
		settings := map[string]string{}
		for line := range strings.Lines(strings.ReplaceAll(block[1], there, here)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
			settings[key] = strings.Trim(value, "'")
		}
		return settings
	}
	t.Fatalf("the manual has no %s", name)
	return nil
}

// archiveAll returns when all that was written is in the archive.
func archiveAll(t *testing.T, db *testdb.DB) {
	t.Helper()
	file := db.Text(`SELECT pg_walfile_name(pg_switch_wal())`)
	awaitTrue(t, testdb.Connect(t, db.URL), `SELECT last_archived_wal >= $1 FROM pg_stat_archiver`, file)
}

// recovering makes a copied cluster begin with a recovery.
func recovering(t *testing.T, dir string, settings map[string]string) string {
	t.Helper()
	text := ""
	for name, value := range settings {
		text += name + " = '" + value + "'\n"
	}
	must(t, os.WriteFile(filepath.Join(dir, "cluster/recovery.signal"), nil, 0o644))
	auto, err := os.OpenFile(filepath.Join(dir, "cluster/postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = auto.WriteString(text + "archive_mode = off\n")
	must(t, err)
	must(t, auto.Close())
	return dir
}
