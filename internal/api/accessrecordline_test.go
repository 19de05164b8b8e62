// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"thalamus/internal/auth"
	"thalamus/internal/testhub"
)

func TestTheRecordIsJSONWhateverTheIdsAre(t *testing.T) {
	t.Parallel()
	h, l := recordHub(t)
	for id, want := range map[string]string{
		"a\"b\\c":                        "a\"b\\c",
		"\x00\x1f\n\r\t\x7f\u0085":       "\x00\x1f\n\r\t\x7f\u0085",
		"\u2028\u2029é日😀":                "\u2028\u2029é日😀",
		"A\u200bB\u202e\u00ad\U000e0041": "A\u200bB\u202e\u00ad\U000e0041",
		"\xff\xfe\xed\xa0\x80":           strings.Repeat("\uFFFD", 5),
		strings.Repeat("é", 255):         strings.Repeat("é", 255),
		strings.Repeat("x", 12000):       strings.Repeat("x", 255) + "…",
	} {
		a := h.Do(root, "GET", "/people/"+url.PathEscape(id), "")
		lines := l.take()
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
	}
}

// Stored roles may be anything.
func TestManyAndLongRolesDoNotMakeALongLine(t *testing.T) {
	t.Parallel()
	h, l := recordHub(t)
	many := h.Enrol("MANY", strings.Split(strings.Repeat(strings.Repeat("r", 1000)+",", 1000), ",")...)
	h.Do(many, "GET", "/people", "").Want(t, http.StatusForbidden)
	lines := l.take()
	if len(lines) != 1 || len(lines[0]) > 5000 || !json.Valid([]byte(lines[0])) {
		t.Errorf("%.300q", lines)
	}
}

func TestNothingOfARequestsContentIsInTheRecord(t *testing.T) {
	t.Parallel()
	h, l := recordHub(t)
	whisperInForms(h)
	for _, account := range [][]string{root, other, {ana[0], secret}, {secret, secret}} {
		for _, path := range []string{"/people/" + ana[0], "/people", "/pols/" + ana[0], "/password/" + ana[0], "/institutions/" + secret, "/" + secret} {
			for _, query := range []string{"", "?" + secret, "?password=" + secret, "?person=" + secret} {
				h.Do(account, "GET", path+query, "")
				h.Do(account, "PUT", path+query, secret)
				for _, body := range secretBodies {
					h.Do(account, "POST", path+query, body)
					h.Do(account, "PATCH", path+query, body)
				}
			}
		}
	}
	text := strings.Join(l.take(), "")
	for _, s := range []string{secret, secretHash, "$2b$", "$2a$", root[1], other[1]} {
		if i := strings.Index(text, s); i >= 0 {
			t.Errorf("the record has %s: %.400s", s, text[max(0, i-200):])
		}
	}
	if !strings.Contains(text, `"PATCH"`) || !strings.Contains(text, `"status":403`) {
		t.Error("the record has no writes or no refusals")
	}
}

func TestTheRecordNamesTheAddressThatAProxyTells(t *testing.T) {
	t.Parallel()
	h, l := recordHub(t, func(o *testhub.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for sent, want := range map[string]string{"192.0.2.7": `"address":"192.0.2.7"`, `fe80::1%"},{"`: `"address":`} {
		h.DoWith(root, "GET", "/people/"+ana[0], "", "X-Forwarded-For", sent).Want(t, http.StatusOK)
		if lines := l.take(); len(lines) != 1 || !strings.Contains(lines[0], want) || !json.Valid([]byte(lines[0])) {
			t.Errorf("%s: %q", sent, lines)
		}
	}
}

func TestEachOfManyReadersHasALine(t *testing.T) {
	t.Parallel()
	h, l := recordHub(t)
	const readers, reads = 16, 20
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			for range reads {
				if a, err := testhub.Try(h.Request(ana, "GET", "/people/"+ana[0], "")); err != nil || a.StatusCode != http.StatusOK {
					t.Errorf("%v", err)
				}
			}
		})
	}
	all.Wait()
	lines := l.take()
	seen := map[string]bool{}
	for _, line := range lines {
		var e struct{ Request, Person string }
		if json.Unmarshal([]byte(line), &e) != nil || e.Person != ana[0] {
			t.Errorf("%q", line)
		}
		seen[e.Request] = true
	}
	if len(lines) != readers*reads || len(seen) != len(lines) {
		t.Errorf("%d lines of %d requests, want %d", len(lines), len(seen), readers*reads)
	}
}

func TestAPanicIsRecordedAsTheFaultItIs(t *testing.T) {
	t.Parallel()
	var err error
	h, l := recordHub(t, func(o *testhub.Options) {
		o.Verifier, err = auth.NewVerifier(auth.Options{Accounts: auth.NewAccounts(o.Store.Credentials), Cost: 4, Workers: 2})
		o.Store = nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a := h.Do(other, "GET", "/people/"+other[0], "").Want(t, http.StatusInternalServerError)
	if got := l.one(t, a); !strings.HasSuffix(got, " 500") {
		t.Errorf("got %s", got)
	}
}
