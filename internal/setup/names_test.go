// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"testing"
	"time"

	"thalamus/internal/tlscert"
)

func TestASelfSignedCertificateIsKeptWhileItLastsAndHasAllNames(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)
	public, private, err := tlscert.SelfSign([]string{"hub.example.org", "192.0.2.7", "2001:db8::7"}, now, lifetime)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := file(t, string(public)), file(t, string(private))
	end := now.Add(lifetime - time.Hour)
	for _, c := range []struct {
		names []string
		at    time.Time
		want  bool
	}{
		{[]string{"hub.example.org", "192.0.2.7"}, now, true},
		{[]string{"HUB.example.org", "2001:db8:0::7"}, now, true},
		{[]string{"hub.example.org", "192.0.2.8"}, now, false},
		{[]string{"other.example.org"}, now, false},
		{nil, end.Add(-renewal - time.Second), true},
		{nil, end.Add(-renewal), false},
	} {
		if got := isValid(cert, key, c.names, c.at); got != c.want {
			t.Errorf("for %v at %v: %v", c.names, c.at, got)
		}
	}
	if isValid(cert, file(t, "no key"), nil, now) {
		t.Error("without its key it lasts")
	}
	if end.Sub(now) > 825*24*time.Hour {
		t.Error("some systems take none that lasts so long")
	}
}
