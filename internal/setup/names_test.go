// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"strings"
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

func TestOnlyHostNamesAndAddressesAreNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63)
	for name, want := range map[string]bool{
		"hub": true, "hub.example.org": true, "HUB.Example.org": true, "h-1.example.org": true, "1.example.org": true, "xn--hb-xka.org": true,
		"192.0.2.7": true, "2001:db8::7": true, "127.0.0.1": true, "::1": true, "localhost": true,
		long + ".org": true, long + "." + long + "." + long + "." + long[:61]: true,

		"": false, "-": false, ".": false, "..": false, "hub.": false, ".hub": false, "hub..org": false, "-hub.org": false, "hub-.org": false,
		"two words": false, "hub,org": false, "my_hub": false, "hüb.org": false, "*.example.org": false, "https://hub": false, "hub:8443": false, "hub/": false, "ana@hub": false,
		"1": false, "192.0.2": false, "192.0.2.256": false, "1.2.3.4.5": false, "hub.0x7f": false, "0x": false,
		"0.0.0.0": false, "::": false, "255.255.255.255": false, "224.0.0.1": false, "ff02::1": false, "fe80::1%eth0": false, "[::1]": false, "192.0.2.0/24": false,
		long + "a.org": false, long + "." + long + "." + long + "." + long[:62]: false,
	} {
		t.Run(name, func(t *testing.T) {
			err := CheckName(name)
			if got := err == nil; got != want {
				t.Errorf("%q: %v", name, err)
			}
		})
	}
}
