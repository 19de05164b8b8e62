// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/testhub"
)

// A session ends with whatever its account loses, wherever that is changed, at once.
func TestASessionEndsWithWhatItRestsOn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"another password by SQL": `UPDATE people SET data = data || '{"password": "$2b$04$jZrHHDyuhTNJp5RwUvw9RuQQVbOn5x5RCNMFCT9IVE7tnAJvbxIDW"}' WHERE id = $1`,
		"no password":             `UPDATE people SET data = data - 'password' WHERE id = $1`,
		"inactive":                `UPDATE people SET data = data || '{"active": false}' WHERE id = $1`,
		"oddly inactive":          `UPDATE people SET data = data || '{"active": "no"}' WHERE id = $1`,
		"idle":                    `UPDATE thalamus_session SET seen = now() - interval '30 minutes' WHERE account = $1`,
		"long":                    `UPDATE thalamus_session SET begun = now() - interval '12 hours' WHERE account = $1`,
		"ended":                   `DELETE FROM thalamus_session WHERE account = $1`,
	} {
		h := quickHub(t)
		mine, others := h.SignIn(other), h.SignIn(root)
		mine.Get("/portal/").Want(t, http.StatusOK)
		h.DB.Exec(end, other[0])
		if a := mine.Get("/portal/"); a.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
		others.Get("/portal/").Want(t, http.StatusOK)
	}
}

// Roles count as they are now, and a session that is used goes on.
func TestASessionHasTheRolesOfNow(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(other)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": []}' WHERE id = $1`, other[0])
	b.Get("/portal/").Want(t, http.StatusForbidden)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user"]}' WHERE id = $1`, other[0])
	b.Get("/portal/").Want(t, http.StatusOK)
}

func TestASessionIsSeenOnceAMinute(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.WatchHealth()
	b := h.SignIn(ana)
	seen := func() string { return h.DB.Text(`SELECT seen::text FROM thalamus_session`) }
	h.DB.Exec(`UPDATE thalamus_session SET seen = now() - interval '50 seconds'`)
	before := seen()
	b.Get("/portal/").Want(t, http.StatusOK)
	if seen() != before {
		t.Error("a request within the minute was written down")
	}
	h.DB.Exec(`UPDATE thalamus_session SET seen = now() - interval '70 seconds'`)
	before = seen()
	b.Get("/portal/").Want(t, http.StatusOK)
	if seen() <= before {
		t.Error("a request after a minute was not written down")
	}
}

// A login that replaces a hash by a stronger one of the same password ends nothing, and a
// session begins with the hash that it leaves.
func TestAStrongerHashEndsNoSession(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.SignIn(ana)
	strict := testhub.Serve(t, h.DB, "../../etc/roles.cfg", func(o *testhub.Options) {
		o.Passwords.Cost = 5
		o.Verifier = verifier(t, h, 5)
	})
	after := strict.SignIn(ana)
	if cost := h.DB.Text(`SELECT substr(data ->> 'password', 5, 2) FROM people WHERE id = $1`, ana[0]); cost != "05" {
		t.Fatalf("the hash has the cost %s", cost)
	}
	before.Get("/portal/").Want(t, http.StatusOK)
	after.Get("/portal/").Want(t, http.StatusOK)
}

func verifier(t *testing.T, h *testhub.Hub, cost int) *auth.Verifier {
	t.Helper()
	accounts := auth.NewAccountCache(h.DB.Credentials)
	v, err := auth.NewVerifier(auth.Options{Accounts: accounts, Cost: cost, Workers: 1, Remember: time.Minute, Throttle: true, Upgrade: func(ctx context.Context, id, from, to string) error {
		err := h.DB.UpgradeHash(ctx, id, from, to)
		if err != nil {
			t.Error(err)
		}
		accounts.Changed(id)
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The two faces do not know each other's credentials.
func TestTheAPIIgnoresTheCookieAndThePortalBasic(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(root)
	for _, row := range h.Rows {
		if row.Endpoint == "" {
			continue
		}
		path := strings.NewReplacer("{person}", ana[0], "{", "", "}", "").Replace(row.Pattern)
		if a := h.DoWith(nil, row.Method, path, "", "Cookie", b.Cookie); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s %s with the cookie: status %d", row.Method, path, a.StatusCode)
		}
	}
	for _, row := range h.Pages {
		if row.Endpoint == "" {
			continue
		}
		path := strings.NewReplacer("{person}", ana[0], "{", "", "}", "").Replace(row.Pattern)
		a := h.DoWith(root, row.Method, path, "", "Sec-Fetch-Site", "same-origin").Want(t, http.StatusSeeOther)
		if !strings.HasPrefix(a.Lead(), "/portal/sign-in") || a.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s %s with Basic leads to %s; %v", row.Method, path, a.Lead(), a.Header)
		}
	}
}

// Nothing in the database makes a cookie, and no password is there.
func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	_, secret, _ := strings.Cut(b.Cookie, "=")
	row := h.DB.Text(`SELECT s::text || encode(key, 'base64') || encode(proof, 'escape') FROM thalamus_session AS s`)
	for _, text := range []string{secret, ana[1], "$2"} {
		if strings.Contains(row, text) {
			t.Errorf("the row of the session has %q: %s", text, row)
		}
	}
}

func TestABrokenCookieIsNone(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	whole := h.SignIn(ana).Cookie
	for _, cookie := range []string{"__Host-thalamus=", whole[:len(whole)-1], whole + "A", whole + strings.Repeat("A", 4000), whole[:20] + "*" + whole[21:], "x" + whole} {
		h.DoWith(nil, "GET", "/portal/", "", "Cookie", cookie).Want(t, http.StatusSeeOther)
	}
	h.DoWith(nil, "GET", "/portal/", "", "Cookie", whole).Want(t, http.StatusOK)
}

func hexOf(t *testing.T, secret string) string {
	t.Helper()
	plain, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(plain)
}
