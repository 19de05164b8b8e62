// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

func TestKeysAreFilledInBehindThoseOfTheRecord(t *testing.T) {
	var filled record.Filled
	if got := string(filled.Record()); got != `{}` {
		t.Errorf("nothing filled in is %s", got)
	}
	if got := string(filled.Into(fed.Record(`{"a":1 }`))); got != `{"a":1 }` {
		t.Errorf("nothing filled in gives %s", got)
	}
	filled.Set("id", "ÑA\"")
	filled.Set("roles", []string{"end_user"})
	for data, want := range map[string]string{
		`{}`:                  `{"id":"ÑA\"","roles":["end_user"]}`,
		"{\n}":                `{"id":"ÑA\"","roles":["end_user"]}`,
		"{\"id\":\"x\" \r\n}": `{"id":"x","id":"ÑA\"","roles":["end_user"]}`,
	} {
		if got := string(filled.Into(fed.Record(data))); got != want {
			t.Errorf("%q is filled to %s", data, got)
		}
	}
	if got := string(filled.Record()); got != `{"id":"ÑA\"","roles":["end_user"]}` {
		t.Errorf("as a record it is %s", got)
	}
}
