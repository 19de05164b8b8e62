// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

func TestKeysAreCaseSensitiveAndTheLastWins(t *testing.T) {
	got := record.KeysOf(fed.Record(`{"Roles":1,"ro\u006ces":2,"roles":3,"active":null,"x":{"id":1}}`))
	if diff := cmp.Diff(record.Keys{Roles: []byte("3"), Active: []byte("null")}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEachKeyHasItsValue(t *testing.T) {
	got := record.KeysOf(fed.Record(`{"id":1,"book":2,"fedacct":3,"pol":4,"password":5,"roles":6,"active":7,"dob":8,
		"hash":9,"content_type":10,"filename":11,"extension":12,"person":13,"same":14,"account":15,"time":16}`))

	text := func(s string) []byte { return []byte(s) }
	want := record.Keys{
		ID: text("1"), Book: text("2"), FedAcct: text("3"), Pol: text("4"), Password: text("5"), Roles: text("6"), Active: text("7"), PersonOnly: text("8"),
		Hash: text("9"), ContentType: text("10"), FileName: text("11"), Extension: text("12"),
		LinkPerson: text("13"), LinkSame: text("14"), LinkAccount: text("15"), LinkAt: text("16"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestATextIsAJSONStringThatCanBeStored(t *testing.T) {
	for value, want := range map[string]string{`"a"`: "a", `""`: "", `"\u00e4\n"`: "\u00e4\n", `"a\\b"`: `a\b`} {
		t.Run(value, func(t *testing.T) {
			if got, ok := record.Text([]byte(value)); got != want || !ok || !record.Is([]byte(value), want) {
				t.Errorf("%s is read as %q, %t", value, got, ok)
			}
		})
	}
	for _, value := range []string{"", "null", "5", "true", `["a"]`, `{}`, `"a\u0000"`, "\"a\x00\"", `"`} {
		if got, ok := record.Text([]byte(value)); ok || record.Is([]byte(value), got) {
			t.Errorf("%s is read as %q", value, got)
		}
	}
}

func TestOnlyTrueAndFalseAreSo(t *testing.T) {
	for value, want := range map[string][2]bool{
		"true": {true, true}, "false": {false, true}, "": {}, "null": {}, "0": {}, `"true"`: {}, "[]": {},
	} {
		t.Run(value, func(t *testing.T) {
			if is, ok := record.Bool([]byte(value)); is != want[0] || ok != want[1] {
				t.Errorf("%s is read as %t, %t", value, is, ok)
			}
		})
	}
}
