// SPDX-License-Identifier: GPL-3.0-or-later

package audit_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"thalamus/internal/testhub"
)

func TestTheAccessRecordIsJSONWhateverTheIDsAre(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	for id, want := range map[string]string{
		"a\"b\\c":                        "a\"b\\c",
		"\x00\x1f\n\r\t\x7f\u0085":       "\x00\x1f\n\r\t\x7f\u0085",
		"\u2028\u2029é日😀":                "\u2028\u2029é日😀",
		"A\u200bB\u202e\u00ad\U000e0041": "A\u200bB\u202e\u00ad\U000e0041",
		"\xff\xfe\xed\xa0\x80":           strings.Repeat("\uFFFD", 5),
		strings.Repeat("é", 255):         strings.Repeat("é", 255),
		strings.Repeat("x", 12000):       strings.Repeat("x", 255) + "…",
	} {
		t.Run(id, func(t *testing.T) {
			a := h.Do(testhub.Root, "GET", "/people/"+url.PathEscape(id), "")
			lines := l.Take()
			if len(lines) != 1 {
				t.Fatalf("%.20q: %d lines", id, len(lines))
			}

			var e struct{ Person, Request string }
			if err := json.Unmarshal([]byte(lines[0]), &e); err != nil || e.Person != want || e.Request != a.Header.Get("X-Request-Id") {
				t.Errorf("%.20q: %v: %.300s", id, err, lines[0])
			}

			if strings.ContainsAny(strings.TrimSuffix(lines[0], "\n"), "\n\r\u0085\u2028\u2029\x00\u200b\u202e\u00ad\U000e0041") || !utf8.ValidString(lines[0]) {
				t.Errorf("%.20q: not one line: %q", id, lines[0])
			}
		})
	}
}

// Stored roles may be any number, and of any length.
func TestManyAndLongRolesDoNotMakeALongLine(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	many := h.Enrol("MANY", strings.Split(strings.Repeat(strings.Repeat("r", 1000)+",", 1000), ",")...)
	h.Do(many, "GET", "/people", "").Want(t, http.StatusForbidden)

	lines := l.Take()
	if len(lines) != 1 || len(lines[0]) > 5000 || !json.Valid([]byte(lines[0])) {
		t.Errorf("%.300q", lines)
	}
}

func TestTheAccessRecordNamesTheAddressThatAProxyForwards(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t, func(o *testhub.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for sent, want := range map[string]string{"192.0.2.7": `"address":"192.0.2.7"`, `fe80::1%"},{"`: `"address":`} {
		t.Run(sent, func(t *testing.T) {
			h.DoWith(testhub.Root, "GET", "/people/"+testhub.Ana[0], "", "X-Forwarded-For", sent).Want(t, http.StatusOK)
			if lines := l.Take(); len(lines) != 1 || !strings.Contains(lines[0], want) || !json.Valid([]byte(lines[0])) {
				t.Errorf("%s: %q", sent, lines)
			}
		})
	}
}

func TestEachOfManyConcurrentReadsHasALine(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	const readers, reads = 16, 20
	var all sync.WaitGroup

	for range readers {
		all.Go(func() {
			for range reads {
				if a, err := testhub.Try(h.Request(testhub.Ana, "GET", "/people/"+testhub.Ana[0], "")); err != nil || a.StatusCode != http.StatusOK {
					t.Errorf("%v", err)
				}
			}
		})
	}

	all.Wait()
	lines := l.Take()
	seen := map[string]bool{}

	for _, line := range lines {
		var e struct{ Request, Person string }
		if json.Unmarshal([]byte(line), &e) != nil || e.Person != testhub.Ana[0] {
			t.Errorf("%q", line)
		}
		seen[e.Request] = true
	}

	if len(lines) != readers*reads || len(seen) != len(lines) {
		t.Errorf("%d lines of %d requests, want %d", len(lines), len(seen), readers*reads)
	}
}
