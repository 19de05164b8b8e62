// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

func TestOverridesComeBehindTheKeysOfTheRecord(t *testing.T) {
	var o record.Overrides
	if got := string(o.Record()); got != `{}` {
		t.Errorf("no override is %s", got)
	}

	if got := string(o.ApplyTo(fed.Record(`{"a":1 }`))); got != `{"a":1 }` {
		t.Errorf("no override gives %s", got)
	}

	o.Set("id", "ÑA\"")
	o.Set("roles", []string{"end_user"})
	for data, want := range map[string]string{
		`{}`:                  `{"id":"ÑA\"","roles":["end_user"]}`,
		"{\n}":                `{"id":"ÑA\"","roles":["end_user"]}`,
		"{\"id\":\"x\" \r\n}": `{"id":"x","id":"ÑA\"","roles":["end_user"]}`,
	} {
		t.Run(data, func(t *testing.T) {
			if got := string(o.ApplyTo(fed.Record(data))); got != want {
				t.Errorf("%q becomes %s", data, got)
			}
		})
	}

	if got := string(o.Record()); got != `{"id":"ÑA\"","roles":["end_user"]}` {
		t.Errorf("as a record it is %s", got)
	}
}
