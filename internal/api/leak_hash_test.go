// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"thalamus/internal/testhub"
)

var hashes = regexp.MustCompile(`\$2[abxy]?\$|"password"|plaintext`)

// noHash fails the test if a reply holds what is stored as a password.
func noHash(t testing.TB, a testhub.Answer) {
	t.Helper()
	if found := hashes.FindString(a.Text + fmt.Sprint(a.Header)); found != "" {
		t.Errorf("%s %s shows %s: %.300s", a.Request.Method, a.Request.URL.Path, found, a.Text)
	}
}

func TestNoReadShowsAPassword(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"name":"changed"}'`) // keeps what they were created with
	noHash(t, h.Do(root, "GET", "/people", "").Want(t, http.StatusOK))
	for _, row := range h.DB.Rows(`SELECT id FROM people WHERE jsonb_typeof(data) = 'object'`) {
		path := "/people/" + url.PathEscape(row[0].(string))
		noHash(t, h.Do(root, "GET", path, "").Want(t, http.StatusOK))
		noHash(t, h.Do(root, "GET", path+"?password&version=1", "").Want(t, http.StatusOK))
	}
	noHash(t, h.Do(other, "GET", "/people/"+other[0], "").Want(t, http.StatusOK))
}

func TestNoWriteAnswersWithAPassword(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const hash = `"$2b$04$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"`
	bodies := []string{`{"password":"a good one"}`, `{"password":` + hash + `}`, `{"pass\u0077ord":` + hash + `}`, `{"password":null}`, `{"password":""}`, `{}`}
	for i, body := range bodies {
		path := fmt.Sprintf("/people/NEW%d", i)
		noHash(t, h.Do(root, "POST", path, body).Want(t, http.StatusCreated))
		noHash(t, h.Do(root, "POST", path, body).Want(t, http.StatusOK))
		noHash(t, h.Do(root, "PATCH", "/people/"+other[0], body).Want(t, http.StatusOK))
		noHash(t, h.Do(root, "PATCH", "/people/NULLDATA1", body).Want(t, http.StatusOK))
	}
	for _, body := range []string{
		`{"password":"$2b$31$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"}`, `{"password":[` + hash + `]}`, `{"password":` + hash, hash, `[` + hash + `]`,
		`{"password":` + hash + `,"roles":7}`, `{"password":` + hash + `,"id":5}`, `{"password":` + hash + `,"x":"\u0000"}`,
	} {
		for _, path := range []string{"/people/NEW", "/people/" + ana[0], "/people/ARRDATA1"} {
			noHash(t, h.Do(cameron, "POST", path, body))
			noHash(t, h.Do(root, "PATCH", path, body))
		}
	}
}
