// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

func TestANewPersonHasTheKeysThatWereSentAndIdAndRoles(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	a := h.Do(cameron, "POST", "/people/espnew111per", `{"id":"SOMEBODYELSE","name":"New","extra":{"n":1.50},"gone":null}`).Want(t, http.StatusCreated)
	if got := a.Header.Get("Location"); got != "/people/ESPNEW111PER" {
		t.Errorf("Location is %q", got)
	}
	want := map[string]any{"id": "ESPNEW111PER", "name": "New", "extra": map[string]any{"n": 1.5}, "gone": nil, "roles": []any{"end_user"}}
	if diff := cmp.Diff(any(want), decode(t, a.Text)); diff != "" {
		t.Errorf("the reply (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(any(want), decode(t, h.DB.Text(`SELECT data::text FROM people WHERE id = 'ESPNEW111PER'`))); diff != "" {
		t.Errorf("stored (-want +got)\n%s", diff)
	}
	if !strings.Contains(a.Text, "1.50") {
		t.Errorf("a digit was lost: %s", a.Text)
	}
	h.Do(cameron, "GET", a.Header.Get("Location"), "").Want(t, http.StatusOK)
}

func TestALocationOfAnOddIdLeadsThere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, id := range []string{"WITH SPACE", "50%25", "Q?A#B", "ÑU 😀", "A&B=C+D;E,F", `"\'`} {
		a := h.Do(cameron, "POST", "/people/"+url.PathEscape(id), "{}").Want(t, http.StatusCreated)
		found := h.Do(cameron, "GET", a.Header.Get("Location"), "").Want(t, http.StatusOK)
		if got := decode(t, found.Text).(map[string]any)["id"]; got != id {
			t.Errorf("%s is at %s: %v", id, a.Header.Get("Location"), got)
		}
	}
}

func TestAPersonSentAgainIsASuccess(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path, body = "/people/ESPAGA111INX", `{"name":"Again","password":"the same again","roles":["end_user"],"n":1}`
	created := h.Do(cameron, "POST", path, body).Want(t, http.StatusCreated)
	for _, again := range []string{
		body, `{"n":1.0,"password":"the same again","name":"Again"}`, `{"name":"Again","password":"the same again","roles":" end_user","n":1,"id":"ignored"}`,
	} {
		a := h.Do(cameron, "POST", path, again).Want(t, http.StatusOK)
		if a.Text != created.Text || a.Header.Get("Location") != created.Header.Get("Location") {
			t.Errorf("%s: %s at %q", again, a.Text, a.Header.Get("Location"))
		}
	}
	h.Do(cameron, "PATCH", path, `{"name":"Changed"}`).Want(t, http.StatusOK)
	if a := h.Do(cameron, "POST", path, body).Want(t, http.StatusOK); !strings.Contains(a.Text, "Changed") {
		t.Errorf("a repetition answers with %s, want what is stored now", a.Text)
	}
	h.Do(cameron, "POST", path, strings.Replace(body, "Again", "Changed", 1)).Want(t, http.StatusOK)
}

func TestAnotherPersonWithTheSameIdIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path = "/people/ESPAGA111INX"
	h.Do(cameron, "POST", path, `{"name":"Again","password":"the same again"}`).Want(t, http.StatusCreated)
	before := h.DB.Text(`SELECT data::text FROM people WHERE id = 'ESPAGA111INX'`)
	for _, body := range []string{
		`{"name":"Again","password":"another one"}`, `{"name":"again","password":"the same again"}`,
		`{"name":"Other","password":"the same again"}`, `{"name":"Again","password":"the same again","more":1}`, `{}`,
	} {
		a := h.Do(cameron, "POST", path, body).Want(t, http.StatusUnprocessableEntity)
		if a.Failure().Error != "User already exists" {
			t.Errorf("%s: %s", body, a.Text)
		}
	}
	if after := h.DB.Text(`SELECT data::text FROM people WHERE id = 'ESPAGA111INX'`); after != before {
		t.Errorf("stored is now %s", after)
	}
}

// A node repeats what it sent; it knows nothing of the password that somebody set.
func TestAPersonSentAgainKeepsThePasswordSetSince(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "POST", nodePerson, nodeQueue[0].body).Want(t, http.StatusCreated)
	h.Do(root, "PATCH", nodePerson, `{"password":"set by root"}`).Want(t, http.StatusOK)
	h.Do(cameron, "POST", nodePerson, nodeQueue[0].body).Want(t, http.StatusOK)
	h.Do([]string{"ESPNOD123HMI", "set by root"}, "GET", "/login", "").Want(t, http.StatusOK)
}

// A hash is compared as text: who has stolen one must not find out whose it is
// by trying passwords, nor the other way round.
func TestAHashSentAgainIsTheSameOnlyAsItIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hash, another := testhub.QuickHash(t, "one password"), testhub.QuickHash(t, "one password")
	h.Do(cameron, "POST", "/people/HASHED1", `{"password":"`+hash+`"}`).Want(t, http.StatusCreated)
	h.Do(cameron, "POST", "/people/HASHED1", `{"password":"`+hash+`"}`).Want(t, http.StatusOK)
	h.Do(cameron, "POST", "/people/HASHED1", `{"password":"`+another+`"}`).Want(t, http.StatusUnprocessableEntity)
	h.Do([]string{"HASHED1", "one password"}, "GET", "/login", "").Want(t, http.StatusOK)
	h.Do([]string{"HASHED1", hash}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
}

func TestPasswordsOfNewPeople(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	n := 0
	for value, status := range map[string]int{
		`"x"`: http.StatusCreated, `" "`: http.StatusUnprocessableEntity, `"` + strings.Repeat("p", 64) + `"`: http.StatusCreated, // as short and as common as it is
		`"` + strings.Repeat("ñ", 36) + `"`: http.StatusCreated, `"password"`: http.StatusCreated,
		`"` + strings.Repeat("ñ", 37) + `"`: http.StatusUnprocessableEntity, `"` + strings.Repeat("p", 65) + `"`: http.StatusUnprocessableEntity,
		`7`: http.StatusUnprocessableEntity, `["x"]`: http.StatusUnprocessableEntity, `{"x":1}`: http.StatusUnprocessableEntity, `false`: http.StatusUnprocessableEntity,
		`"$2b$04$tooshort"`: http.StatusCreated, // no hash, hence a password
	} {
		t.Run(value, func(t *testing.T) {
			n++
			id := fmt.Sprint("NEW", n)
			h.Do(cameron, "POST", "/people/"+id, `{"password":`+value+`}`).Want(t, status)
			if text, ok := decode(t, value).(string); ok && status == http.StatusCreated {
				h.Do([]string{id, text}, "GET", "/login", "").Want(t, http.StatusOK)
			}
		})
	}
}
