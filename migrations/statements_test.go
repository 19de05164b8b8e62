// SPDX-License-Identifier: GPL-3.0-or-later

package migrations

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAStatementEndsAtItsSemicolon(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string][]string{
		"":                              nil,
		" \n":                           nil,
		"SELECT 1":                      {"SELECT 1"},
		"SELECT 1;\n\nSELECT 2;\n":      {"SELECT 1;", "SELECT 2;"},
		"SELECT ';', 'it''s;'; B;":      {"SELECT ';', 'it''s;';", "B;"},
		`SELECT 1 AS ";"; B;`:           {`SELECT 1 AS ";";`, "B;"},
		"-- one; not two\nSELECT 1;":    {"-- one; not two\nSELECT 1;"},
		"SELECT 1; -- the end; of it":   {"SELECT 1;", "-- the end; of it"},
		"SELECT 1 - 1; SELECT 2;":       {"SELECT 1 - 1;", "SELECT 2;"},
		"DO $$ A; 'B; $$; C;":           {"DO $$ A; 'B; $$;", "C;"},
		"DO $f$ A; $$ B; $$ C; $f$; D;": {"DO $f$ A; $$ B; $$ C; $f$;", "D;"},
		"SELECT $1; SELECT $2;":         {"SELECT $1;", "SELECT $2;"},
		"SELECT 'never closed; DROP TABLE people; pols": {"SELECT 'never closed; DROP TABLE people; pols"},
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, statements(sql)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// PostgreSQL would take several statements at once, so that nobody would notice.
func TestTheStepsAreSplit(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		split := m.Statements("public")
		if strings.Join(strings.Fields(strings.Join(split, "\n")), " ") != strings.Join(strings.Fields(m.SQL), " ") {
			t.Errorf("something of %s is lost", m.Name)
		}
		if strings.Contains(m.SQL, "/*") {
			t.Errorf("%s has comments that are not looked for", m.Name)
		}
	}
	if got := len(all[1].Statements("public")); got != 3 {
		t.Errorf("%s has %d statements", all[1].Name, got)
	}
}
