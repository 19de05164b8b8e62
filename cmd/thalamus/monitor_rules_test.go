// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/tlscert"
)

const (
	rulesFile     = "../../etc/prometheus/alerts.yml"
	ruleTestsFile = "../../etc/prometheus/alerts_test.yml"
	dashboardFile = "../../etc/grafana/thalamus.json"
	manualFile    = "../../internal/manual/metrics.md"
)

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// expressions of the dashboard, and of the rules with their texts.
func expressions(t *testing.T) (all []string) {
	t.Helper()
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal([]byte(readText(t, dashboardFile)), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			all = append(all, target.Expr)
		}
	}
	if len(all) < 30 {
		t.Errorf("the dashboard has %d expressions", len(all))
	}
	return append(all, readText(t, rulesFile))
}

// everything is a hub with all that can be shown: a replica, TLS, an access record in a file, requests, and
// refusals that repeat.
func everything(t *testing.T) monitored {
	t.Helper()
	primary, dir := migratedCluster(t), t.TempDir()
	s := siteAt(primary.Location())
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := tlscert.WriteSelfSigned(cert, key, []string{"127.0.0.1"}, 1<<50); err != nil {
		t.Fatal(err)
	}
	m := startMonitored(t, append(s.environ, "THALAMUS_DATABASE_READ_URL="+primary.Standby().Location(), "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key, "THALAMUS_ACCESS_RECORD="+filepath.Join(dir, "access"))...)
	for range 3 {
		if status, text := ask(t, "GET", "https://"+m.address+"/people", other, otherPwd, ""); status != 403 {
			t.Fatalf("/people is %d %s", status, text)
		}
	}
	return m
}

// names gives the metrics that a hub shows, once it has asked its database.
func (m monitored) names() (names []string) {
	m.t.Helper()
	line := regexp.MustCompile(`(?m)^([a-z_]+)[ {]`)
	testdb.Await(m.t, "a sample of the database, the lag of its replica, and a refusal", func() bool {
		names = nil
		_, text := ask(m.t, "GET", m.url+"/metrics", "", "", "")
		for _, found := range line.FindAllStringSubmatch(text, -1) {
			names = append(names, found[1])
		}
		return slices.Contains(names, "thalamus_database_bytes") && slices.Contains(names, "thalamus_http_refusals_repeated_total") &&
			slices.Contains(names, "thalamus_database_replica_lag_seconds")
	})
	return names
}

func TestEachMetricOfTheRulesAndOfTheDashboardIsShown(t *testing.T) {
	t.Parallel()
	shown := everything(t).names()
	name := regexp.MustCompile(`\b(thalamus|go|process)_[a-z_]+`)
	wanted := map[string]bool{}
	for _, expression := range expressions(t) {
		for _, found := range name.FindAllString(expression, -1) {
			wanted[found] = true
		}
	}
	for found := range wanted {
		if !slices.Contains(shown, found) {
			t.Errorf("no hub shows %s", found)
		}
	}
	for _, found := range shown { // a number that nobody sees is not worth its cost
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(found, "_bucket"), "_sum"), "_count")
		if strings.HasPrefix(found, "thalamus_") && !wanted[found] && !wanted[base+"_bucket"] {
			t.Errorf("neither rules nor dashboard have %s", found)
		}
	}
}

func TestEachMetricHasItsHelpAndALineOfTheManual(t *testing.T) {
	t.Parallel()
	m := everything(t)
	m.names()
	_, text := ask(t, "GET", m.url+"/metrics", "", "", "")
	help := regexp.MustCompile(`(?m)^# HELP (thalamus_\S+) (.*)\n# TYPE \S+ (\w+)$`).FindAllStringSubmatch(text, -1)
	if want := strings.Count(text, "# TYPE thalamus_"); len(help) != want {
		t.Errorf("%d of %d have help", len(help), want)
	}
	manual := readText(t, manualFile)
	for _, found := range help {
		name, says, kind := found[1], found[2], found[3]
		if strings.Count(manual, "`"+name+"`") != 1 {
			t.Errorf("the manual does not tell of %s", name)
		}
		if !strings.HasSuffix(says, ".") {
			t.Errorf("%s says %q", name, says)
		}
		if total := strings.HasSuffix(name, "_total"); total != (kind == "counter") {
			t.Errorf("%s is a %s", name, kind)
		}
	}
}

// promtool runs the tests of the rules: make alerts.
func TestEachAlertHasATestAndALineOfTheManual(t *testing.T) {
	t.Parallel()
	tests, manual := readText(t, ruleTestsFile), readText(t, manualFile)
	alerts := regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(readText(t, rulesFile), -1)
	if len(alerts) == 0 {
		t.Error("there are no alerts")
	}
	for _, found := range alerts {
		quiet := regexp.MustCompile(`alertname: ` + found[1] + `, eval_time: \w+, exp_alerts: \[\]`)
		wakes := regexp.MustCompile(`alertname: ` + found[1] + `\s+eval_time: \w+\s+exp_alerts:\s+- exp_labels`)
		if !quiet.MatchString(tests) || !wakes.MatchString(tests) {
			t.Errorf("no test shows that %s wakes somebody, and when not", found[1])
		}
		if n := strings.Count(manual, "| `"+found[1]+"` |"); n != 1 {
			t.Errorf("the manual has %s in %d lines", found[1], n)
		}
	}
}
