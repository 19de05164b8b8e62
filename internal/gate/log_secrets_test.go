// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const (
	secret     = "s3cret.Value"
	secretHash = "$2b$04$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"
)

// sendSecrets sends the secret in every place of a request where somebody may put one.
func sendSecrets(h *testhub.Hub) {
	h.T.Helper()
	for _, account := range [][]string{root, {root[0], secret}, {secret, secret}} {
		for _, path := range []string{
			"/people/" + secret, "/people/" + ana[0] + "?password=" + secret, "/people?q=" + secret, "/" + secret,
			"/pols/" + secret + "/" + secret, "/personal_docs/" + secret + "/" + secret + "/" + secret, "/institutions/" + secret,
			"/password/" + secret, "/people/%00" + secret, "/people/%ff" + secret,
		} {
			h.Do(account, "GET", path, "")
			h.Do(account, "PUT", path, secret)
			h.Do(account, "DELETE", path, "")

			for _, body := range secretBodies {
				h.Do(account, "POST", path, body)
				h.Do(account, "PATCH", path, body)
			}
		}
	}

	headers := []string{"Cookie", secret, "User-Agent", secret, "Referer", secret, "X-Request-Id", secret, "X-Forwarded-For", secret,
		"Origin", "https://" + secret, "Content-Type", secret + "/" + secret, "Content-Encoding", secret, "Range", secret}
	for i := 0; i < len(headers); i += 2 {
		h.DoWith(root, "GET", "/people/"+ana[0], "", headers[i:i+2]...)
		h.DoWith(root, "POST", "/institutions/NEW", `{"a":"`+secret+`"}`, headers[i:i+2]...)
	}

	h.DoWith(nobody, "GET", "/login", "", "Authorization", "Bearer "+secret)
	h.DoWith(nobody, "GET", "/login", "", "Authorization", "Basic "+secret)
}

var secretBodies = []string{
	secret, `"` + secret + `"`, `{"a":"` + secret + `"}`, `{"a":"` + secret, `{"password":"` + secret + `"}`, `{"password":["` + secret + `"]}`,
	`{"password":"` + secretHash + `"}`, `{"roles":"` + secret + `"}`, `{"id":"` + secret + `"}`, `{"a":"\u0000` + secret + `"}`,
	strings.Repeat(`{"`+secret+`":`, 1001) + "1" + strings.Repeat("}", 1001),
}

// Forms have readers of their own, with errors of their own.
func sendSecretsInForms(h *testhub.Hub) {
	h.T.Helper()
	const urlencoded, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
	for _, form := range [][2]string{
		{urlencoded, "password=" + secret + "&pconfirm=" + secret}, {urlencoded, "password=" + secret + "&pconfirm=x"},
		{urlencoded, "password=" + secret + ";" + secret}, {urlencoded, "password=%" + secret},
		{multipart, secret}, {multipart, "--b\r\n" + secret + "\r\n--b--\r\n"}, {multipart, "--b\r\n" + secret + ": " + secret + "\r\n\r\n" + secret},
		{multipart, "--b\r\nContent-Disposition: form-data; name=" + secret + "\r\n\r\n" + secret + "\r\n--b--\r\n"},
		{multipart, "--b\r\nContent-Disposition: form-data; name=data\r\n\r\n" + secret + "\r\n--b--\r\n"},
		{multipart, "--b\r\n " + secret + "\r\n\r\nx\r\n--b--\r\n"}, {"multipart/form-data; " + secret, secret},
		{"multipart/form-data; boundary=" + secret, "--" + secret + "\r\n" + secret + "\r\n"},
	} {
		h.DoWith(root, "POST", "/password/"+ana[0], form[1], "Content-Type", form[0])
		h.DoWith(root, "POST", "/personal_docs/"+ana[0]+"/"+birthPage, form[1], "Content-Type", form[0])
	}
}

func TestNothingOfARequestsContentIsInTheLog(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	sendSecretsInForms(h.Hub)
	sendSecrets(h.Hub)
	h.checkLogKeeps(secret, secretHash)
}

func TestNothingOfARequestsContentIsInTheLogWhenTheDatabaseFails(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`ALTER TABLE people DROP COLUMN creation CASCADE; ALTER TABLE pols DROP COLUMN data CASCADE;
		ALTER TABLE personal_docs RENAME TO d; ALTER TABLE dus RENAME TO u; ALTER TABLE institutions ADD CHECK (data ->> 'a' IS NULL)`)

	sendSecrets(h.Hub)
	h.DB.Exec(`ALTER TABLE people RENAME TO p`)
	sendSecrets(h.Hub)
	h.checkLogKeeps(secret, secretHash)
}

func TestNothingOfARequestsContentIsInTheAccessRecord(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	sendSecretsInForms(h)

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

	text := strings.Join(l.Take(), "")
	for _, s := range []string{secret, secretHash, "$2b$", "$2a$", root[1], other[1]} {
		if i := strings.Index(text, s); i >= 0 {
			t.Errorf("the record has %s: %.400s", s, text[max(0, i-200):])
		}
	}

	if !strings.Contains(text, `"PATCH"`) || !strings.Contains(text, `"status":403`) {
		t.Error("the record has no writes or no refusals")
	}
}

// checkLogKeeps looks for secrets in the log, in all spellings.
func (h *hub) checkLogKeeps(secrets ...string) {
	h.T.Helper()
	h.Close()
	text := h.Log.String()

	for _, s := range secrets {
		for _, spelling := range []string{s, strings.ToUpper(s), url.QueryEscape(s), base64.StdEncoding.EncodeToString([]byte(root[0] + ":" + s))} {
			if i := strings.Index(text, spelling); i >= 0 {
				h.T.Errorf("the log has %s: %.400s", spelling, text[max(0, i-200):])
			}
		}
	}

	if !strings.Contains(text, http.MethodPatch) {
		h.T.Error("the log has no requests")
	}
}
