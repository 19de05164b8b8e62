// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

// A header is credentials in UTF-8, or none, whatever it holds.
func FuzzBasicHeader(f *testing.F) {
	for _, seed := range []string{
		"", "Basic", "Basic ", "basic QTpi", "Basic QTpi", "Basic QQ==", "Basic Og==", "Basic !!", "Basic 0dpBOmI=", "Basic AEE6Yg==",
		"Basic QTpiOmM=", "Bearer QTpi", "Basic QTpi\x00", "Basic \xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/login", nil)
		r.Header.Set("Authorization", header)
		id, password, ok := credentials(r)
		if !utf8.ValidString(id) || !utf8.ValidString(password) || !ok && id+password != "" {
			t.Errorf("%q is read as %q, %q, %t", header, id, password, ok)
		}
	})
}

// Every client can send UTF-8.
func FuzzCredentials(f *testing.F) {
	f.Add("ESPGNU777ORG", "a:b")
	f.Add("ÑANDÚ001", "contraseña€")
	f.Add("", "\x00")
	f.Fuzz(func(t *testing.T, id, password string) {
		sent := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/login", nil)
		sent.SetBasicAuth(id, password)

		gotID, gotPassword, ok := credentials(sent)
		sendable := utf8.ValidString(id) && utf8.ValidString(password) && !strings.Contains(id, ":")
		if sendable && (!ok || gotID != id || gotPassword != password) {
			t.Errorf("%q, %q are read as %q, %q, %t", id, password, gotID, gotPassword, ok)
		}
	})
}
