// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

func TestSettingsThatMayLoseRecordsAreTold(t *testing.T) {
	t.Parallel()
	url := startSafe(t, testdir.New(t))
	watching := testdb.Connect(t, url)
	for _, c := range []struct{ setting, value, told string }{
		{"fsync", "on", ""},
		{"fsync", "off", "fsync"},
		{"full_page_writes", "off", "full_page_writes"},
		{"synchronous_commit", "off", "synchronous_commit is off"},
		{"synchronous_commit", "local", ""},
	} {
		t.Run(c.setting, func(t *testing.T) {
			testdb.Exec(t, url, `ALTER SYSTEM SET `+c.setting+` = `+c.value)
			testdb.Exec(t, url, `SELECT pg_reload_conf()`)
			awaitTrue(t, watching, `SELECT current_setting('`+c.setting+`') = '`+c.value+`'`)
			wantRisk(t, url, c.told)
			testdb.Exec(t, url, `ALTER SYSTEM RESET `+c.setting)
			testdb.Exec(t, url, `SELECT pg_reload_conf()`)
			awaitTrue(t, watching, `SELECT current_setting('`+c.setting+`') = reset_val FROM pg_settings WHERE name = '`+c.setting+`'`)
		})
	}
}

// A commit does not wait for a standby that nobody has named.
func TestAStandbyThatNobodyWaitsForIsTold(t *testing.T) {
	t.Parallel()
	dir := testdir.New(t)
	primary := testdb.At(t, startSafe(t, dir))
	startCluster(t, testdb.Copy(t, primary.URL, dir, "--write-recovery-conf"))
	watching := testdb.Connect(t, primary.URL)
	awaitTrue(t, watching, `SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name <> 'pg_basebackup')`)
	wantRisk(t, primary.URL, "synchronous_standby_names is empty")

	primary.Exec(`ALTER SYSTEM SET synchronous_standby_names = '*'`)
	primary.Exec(`SELECT pg_reload_conf()`)
	awaitTrue(t, watching, `SELECT current_setting('synchronous_standby_names') = '*'`)
	wantRisk(t, primary.URL, "")

	primary.Exec(`ALTER SYSTEM SET synchronous_commit = local`)
	primary.Exec(`SELECT pg_reload_conf()`)
	awaitTrue(t, watching, `SELECT current_setting('synchronous_commit') = 'local'`)
	wantRisk(t, primary.URL, "synchronous_commit is local")
}

// wantRisk expects one sentence with these words, or none.
func wantRisk(t *testing.T, url, words string) {
	t.Helper()
	told, err := testdb.At(t, url).DurabilityRisks(t.Context())
	must(t, err)
	if words == "" && len(told) > 0 || words != "" && (len(told) != 1 || !strings.Contains(told[0], words)) {
		t.Errorf("%q: told %q", words, told)
	}
}
