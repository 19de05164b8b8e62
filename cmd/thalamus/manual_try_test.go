// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/manual"
	"thalamus/internal/testdb"
)

// shellBlock finds the blocks of a page that are marked sh.
var shellBlock = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// said is what the programs of a page say, in this order.
var said = map[string][]string{
	"api-guide": {
		"true", `"lastname": "Betz"`, `"Hospital General GNU Solidario"`, `"vaccination-card.pdf"`, `"systolic": 124`, `"After breakfast."`,
		`"june"`, `"june-again"`, "Home monitoring, June", `"relevance": "important"`, `"summary": "Allergy to penicillin",`, `rel="next"`, `"self_monitoring"`, `"Gracia`,
		`"score":`, `"person":"ESPGRA452SAN","score":0.`, `"direct":true`, `"operation":"update"`, `"way":"asked"`,
	},
	"consent":       {`"who":"account:FRAOTH001EUS"`, `"ended":null`, `thalamus-withheld: true`, `"effect":"act"`, `"reason":"unconscious after an accident"`, `"reviewer":"ARGBUE111FAV"`},
	"search":        {`{"person":"ESPGRA118SAN","other":"ESPGRA452SAN","score":0.`},
	"resources":     {`"Blood count and glucose"`, `"d3b0c1de-report"`, `"Blood count and glucose"`},
	"change-feed":   {`"more":true`, `"changes":[]`, `"resource":"`, "CREATE TABLE", "INSERT 0"},
	"python-client": {"document ", "institution 3", "page 1", "person 2", "unit 2"},
	"fhir":          {`"CapabilityStatement"`, `"family":"Betz"`, `"resourceType":"Patient"`, `"8867-4"`, `"relation":"next"`, `"encounter-diagnosis"`},
	"fhir-export":   {"exported ", `{"resourceType":"Patient"`, "exported ", "institution 3\n", "unit 2\n"},
}

// The programs of a page are run one behind the other, as they stand there, but for the port
// and the place of the demo, beside its files in Python. psql's database hospital is an empty one.
func TestWhatTheManualSaysToTryWorks(t *testing.T) {
	t.Parallel()
	_, dir, base := greeted(t)
	hospital := testdb.Empty(t)
	for _, topic := range manual.Topics() {
		t.Run(topic.Name, func(t *testing.T) {
			script := `psql() { command "$PSQL" "${@/#hospital/"$HOSPITAL"}"; }` + "\n"
			for _, file := range pythonFiles(t, topic.Body) {
				script += "cat > " + file.name + " <<'PYTHON'\n" + file.text + "PYTHON\n"
			}
			for _, block := range shellBlock.FindAllStringSubmatch(topic.Body, -1) {
				script += block[1]
			}
			if want := strings.Count(topic.Body, "```sh\n"); strings.Count(script, "```") > 0 || want != len(shellBlock.FindAllString(topic.Body, -1)) {
				t.Fatalf("of %d programs not all are found: %s", want, script)
			}
			out := inShell(t, onDemo(script, dir, base), "PSQL="+testdb.Program(t, hospital, "psql"), "HOSPITAL="+hospital)
			wantEach(t, out, said[topic.Name]...)
		})
	}
}
