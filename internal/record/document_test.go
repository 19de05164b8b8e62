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
		t.Run(data, func(t *testing.T) {
			if got := d.Mismatch(record.KeysOf(fed.Record(data))); got != want {
				t.Errorf("%s mismatches in %q, want %q", data, got, want)
			}
		})
	}

	var o record.Overrides
	d.Fill(&o)
	if got := string(o.Record()); got != `{"id":"d","fedacct":"ANA","pol":"p"}` {
		t.Errorf("the overrides are %s", got)
	}
}

func TestTheHashOfADocumentIsSetOrRepeated(t *testing.T) {
	sum := sha512.Sum512([]byte("bytes"))
	right := hex.EncodeToString(sum[:])
	for data, want := range map[string]string{
		`{}`: `{"hash":"` + right + `"}`, `{"hash":null}`: `{"hash":"` + right + `"}`,
		`{"hash":"` + right + `"}`: `{}`, `{"hash":"` + strings.ToUpper(right) + `"}`: `{}`,
		`{"hash":"` + right[1:] + `"}`: "", `{"hash":""}`: "", `{"hash":5}`: "", `{"hash":["` + right + `"]}`: "",
	} {
		t.Run(data, func(t *testing.T) {
			var o record.Overrides
			ok := record.FillHash(record.KeysOf(fed.Record(data)), sum[:], &o)
			if ok != (want != "") || ok && string(o.Record()) != want {
				t.Errorf("%s: %t, the overrides are %s", data, ok, o.Record())
			}
		})
	}
}
