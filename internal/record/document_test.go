// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"crypto/sha512"
	"encoding/hex"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

func TestADocumentRepeatsItsPersonAndItsPage(t *testing.T) {
	d := record.Document{ID: "d", Page: "p", Persons: []string{"ANA", "ana"}}
	for data, want := range map[string]string{
		`{}`: "", `{"fedacct":"ANA","pol":"p"}`: "", `{"fedacct":"ana"}`: "", `{"fedacct":"Ana"}`: "fedacct", `{"fedacct":null}`: "fedacct",
		`{"fedacct":["ANA"]}`: "fedacct", `{"pol":"P"}`: "pol", `{"pol":null}`: "pol", `{"pol":5,"fedacct":"BEN"}`: "fedacct",
	} {
		if got := d.Contradicted(record.KeysOf(fed.Record(data))); got != want {
			t.Errorf("%s contradicts in %q, want %q", data, got, want)
		}
	}
	var filled record.Filled
	d.Fill(&filled)
	if got := string(filled.Record()); got != `{"id":"d","fedacct":"ANA","pol":"p"}` {
		t.Errorf("filled in is %s", got)
	}
}

func TestTheHashOfADocumentIsFilledInOrRepeated(t *testing.T) {
	sum := sha512.Sum512([]byte("bytes"))
	right := hex.EncodeToString(sum[:])
	for data, want := range map[string]string{
		`{}`: `{"hash":"` + right + `"}`, `{"hash":null}`: `{"hash":"` + right + `"}`,
		`{"hash":"` + right + `"}`: `{}`, `{"hash":"` + strings.ToUpper(right) + `"}`: `{}`,
		`{"hash":"` + right[1:] + `"}`: "", `{"hash":""}`: "", `{"hash":5}`: "", `{"hash":["` + right + `"]}`: "",
	} {
		var filled record.Filled
		ok := record.FillHash(record.KeysOf(fed.Record(data)), sum[:], &filled)
		if ok != (want != "") || ok && string(filled.Record()) != want {
			t.Errorf("%s: %t, filled in is %s", data, ok, filled.Record())
		}
	}
}
