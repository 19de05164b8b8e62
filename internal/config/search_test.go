// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"strings"
	"testing"
)

func TestSecretsAreNeverSearchedBy(t *testing.T) {
	for fields, want := range map[string]string{
		`"gender", "password"`: `search.fields: "password" must never be searched by`,
		`"roles"`:              `search.fields: "roles" must never be searched by`,
		`"limit"`:              `search.fields: "limit" has a meaning of its own in queries; leave it out`,
		`""`:                   `search.fields: has an empty name`,
		``:                     ``,
		`"gender", "du"`:       ``,
	} {
		t.Run(fields, func(t *testing.T) {
			if got := faultsOf(t, "[search]\nfields = ["+fields+"]", minimalEnviron...); !strings.HasSuffix(got, want) || (want == "") != (got == "") {
				t.Errorf("%s: got %q", fields, got)
			}
		})
	}
}
