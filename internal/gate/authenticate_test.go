// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"encoding/base64"
	"net/http"
	"testing"
)

// basic makes a header's value of bytes that need not be text.
func basic(credentials string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
}

func TestReadableCredentialsAreAccepted(t *testing.T) {
	t.Parallel()
	h := quickHub(t)

	good := basic("FRAOTH001EUS:otherpass1")[len("Basic "):]
	for _, header := range []string{
		"Basic " + good, "basic " + good, "BASIC " + good, "bAsIc " + good, "Basic  " + good, "basic \t   " + good,
		basic("PWCOLON001:a:b:c"), basic("fraoth001eus:otherpass1"), basic("Fraoth001EUS:otherpass1"), basic("ñandú001:nandupass"),
		basic("ÑANDÚ001:nandupass"), basic("\xd1AND\xda001:nandupass"), // UTF-8, Latin-1
	} {
		h.DoWith(nobody, "GET", "/login", "", "Authorization", header).Want(t, http.StatusOK)
	}
}

// unknown is headers that identify nobody.
var unknown = []string{
	"", " ", "Basic", "Basic ", "Basic =", "Basic !!!!", "Basic RlJBT1RIMDAxRVVTOm90aGVycGFzczE", "Basic RlJBT1RI MDAxRVVTOm90aGVycGFzczE=",
	"BasicRlJBT1RIMDAxRVVTOm90aGVycGFzczE=", "Bearer RlJBT1RIMDAxRVVTOm90aGVycGFzczE=", `Digest username="FRAOTH001EUS"`,
	"RlJBT1RIMDAxRVVTOm90aGVycGFzczE=", "FRAOTH001EUS:otherpass1", "Basic FRAOTH001EUS:otherpass1", "Negotiate", "null", "undefined",
	basic("FRAOTH001EUS"), basic(""), basic(":"), basic(":otherpass1"), basic("FRAOTH001EUS:"), basic("otherpass1:FRAOTH001EUS"),
	basic("FRAOTH001EUS:otherpass1 "), basic(" FRAOTH001EUS:otherpass1"), basic("FRAOTH001EUS :otherpass1"),
	basic("FRAOTH001EUS:otherpass1\x00"), basic("FRAOTH001EUS:otherpass1\x00otherpass1"), basic("FRAOTH001EUS\x00:otherpass1"), basic("\x00:\x00"),
	basic("FRAOTH001EUS:otherpass1\xff"), basic("\xff\xfe:\xff"), basic("FRAOTH001EUS%:otherpass1"), basic("FRAOTH001_US:otherpass1"),
	basic("NOBODY000XXX:otherpass1"), basic("INACTIVE001:inactivepass"), basic("INACTIVE001:wrong"),
	basic("NOPASS001:"), basic("NOPASS001:x"), basic("PWNULL001:"), basic("PWNULL001:null"), basic("PWEMPTY001:"), basic("PWPLAIN001:plaintext"),
	basic("EMPTYDATA1:"), basic("NULLDATA1:x"), basic("ARRDATA1:x"),
}

// A caller who is refused learns no reason: not whether the account exists, nor whether
// it is active.
func TestEveryUnauthenticatedRequestHasTheSameReply(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	first := h.Do(nobody, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	const challenge = `Basic realm="GNU Health Federation", charset="UTF-8"`

	for _, header := range unknown {
		a := h.DoWith(nobody, "GET", "/login", "", "Authorization", header).Want(t, http.StatusUnauthorized)
		if got := a.Header.Values("WWW-Authenticate"); len(got) != 1 || got[0] != challenge {
			t.Errorf("%q: WWW-Authenticate is %q", header, got)
		}

		if a.Comparable() != first.Comparable() {
			t.Errorf("%q is answered with %s, no credentials with %s", header, a.Text, first.Text)
		}

		for _, name := range []string{"X-Request-Id", "Date"} {
			a.Header.Set(name, first.Header.Get(name))
		}

		if len(a.Header) != len(first.Header) {
			t.Errorf("%q: headers %v, without credentials %v", header, a.Header, first.Header)
		}
	}
}

func TestEveryUnauthenticatedBrowserHasTheSamePage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	first := h.Do(nobody, "GET", "/password/"+other[0], "").Want(t, http.StatusUnauthorized)

	for _, account := range [][]string{{other[0], "wrong"}, {"NOBODY000XXX", "x"}, {"INACTIVE001", "inactivepass"}, {"NOPASS001", "x"}} {
		for _, person := range []string{other[0], "NOBODY000XXX", "INACTIVE001"} {
			if a := h.Do(account, "GET", "/password/"+person, "").Want(t, http.StatusUnauthorized); a.Comparable() != first.Comparable() {
				t.Errorf("%s sees %s", account[0], a.Text)
			}
		}
	}
}

// A status must not reveal to an account without the right which records exist.
func TestRefusalsDoNotTellWhatExists(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct {
		account []string
		status  int
	}{{nobody, http.StatusUnauthorized}, {other, http.StatusForbidden}} {
		for _, path := range []string{
			"/people/" + ana[0], "/people/NOBODY999", "/pols/" + ana[0], "/pols/NOBODY999", "/pols/" + ana[0] + "/" + birthPage, "/pols/" + ana[0] + "/none",
			"/personal_docs/" + ana[0], "/personal_docs/NOBODY999", "/password/" + ana[0], "/password/NOBODY999", "/domiciliary-units/DU1", "/domiciliary-units/none",
		} {
			h.Do(c.account, "GET", path, "").Want(t, c.status)
		}

		h.Do(c.account, "POST", "/people/"+ana[0], "{not even JSON").Want(t, c.status)
		h.Do(c.account, "PATCH", "/people/NOBODY999", "{not even JSON").Want(t, c.status)
	}
}

func TestADeactivatedAccountIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(other, "GET", "/login", "").Want(t, http.StatusOK)
	h.Do(root, "PATCH", "/people/"+other[0], `{"active":false}`).Want(t, http.StatusOK)
	h.Do(other, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.Do(root, "PATCH", "/people/"+other[0], `{"active":true}`).Want(t, http.StatusOK)
	h.Do(other, "GET", "/login", "").Want(t, http.StatusOK)
}

func TestARevokedRoleIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "GET", "/people", "").Want(t, http.StatusOK)
	h.Do(root, "PATCH", "/people/"+cameron[0], `{"roles":"end_user"}`).Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/people", "").Want(t, http.StatusForbidden)
}
