// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/access"
)

const diary = "/pols/ESPGNU777ORG/diary"

func (h *hub) keepDiary() {
	h.T.Helper()
	h.Do(ana, "POST", diary, `{"id": "diary", "privacy": true}`).Want(h.T, http.StatusCreated)
}

// setRoles replaces the roles file.
func (h *hub) setRoles(text string) {
	h.T.Helper()
	policy, _, err := access.Parse([]byte(text))
	if err != nil {
		h.T.Fatal(err)
	}
	h.SetPolicy(policy)
}

// pythonRoles are these two as the Python server knows them; health_professional may open books in the other.
const (
	pythonRoles = `[{"role": "health_professional", "permissions": {"GET": ["person", "book", "page"], "PATCH": ["page"], "global": "True"}},
		{"role": "end_user", "permissions": {"GET": ["page"], "PATCH": ["page"], "POST": ["page"], "global": "False"}}]`
	emergencyRoles = `[{"role": "health_professional", "permissions": {"GET": ["person", "book", "page"], "PATCH": ["page"], "POST": ["emergency"], "global": "True"}},
		{"role": "end_user", "permissions": {"GET": ["page"], "PATCH": ["page"], "POST": ["page"], "global": "False"}}]`
)

// As long as there is no way through, no page is hidden.
func TestAPrivatePageIsWithheldOnceARoleOpensBooks(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, hears := range []bool{false, true} {
		if hears {
			h.Hear()
		}
		h.setRoles(pythonRoles)
		h.Do(ana, "POST", diary, `{"id": "diary", "privacy": true}`)
		h.Do(cameron, "GET", diary, "").Want(t, http.StatusOK)
		h.Do(cameron, "PATCH", diary, `{"privacy": false}`).Want(t, http.StatusOK)
		h.Do(cameron, "PATCH", diary, `{"privacy": true}`).Want(t, http.StatusOK)

		h.setRoles(emergencyRoles)
		h.Do(cameron, "GET", diary, "").WantError(t, http.StatusNotFound)
		h.Do(cameron, "PATCH", diary, `{"privacy": false}`).WantError(t, http.StatusNotFound)
		h.Do(cameron, "GET", anaBirth, "").Want(t, http.StatusOK)
		h.Do(ana, "GET", diary, "").Want(t, http.StatusOK)
		if got := h.Do(cameron, "GET", "/pols/"+ana[0], "").Header.Get("Thalamus-Withheld"); got != "true" {
			t.Errorf("the book does not say that it is not whole")
		}

		h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)
		h.Do(cameron, "GET", diary, "").Want(t, http.StatusOK)
		h.DB.Exec(`UPDATE thalamus_emergencies SET until = now()`)
	}
}

// Whoever sees the page changes the rest of it; a node that repeats the page's privacy is not refused.
func TestTheOwnerAloneChangesThePrivacyOfAPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	author := h.Enrol("AUTHOR", "health_professional")
	h.Do(author, "POST", diary, `{"id": "diary", "privacy": true}`).Want(t, http.StatusCreated)
	plain := "/pols/" + ana[0] + "/plain"
	h.Do(author, "POST", plain, `{"id": "plain"}`).Want(t, http.StatusCreated)
	for _, c := range []struct {
		account    []string
		path, body string
		status     int
	}{
		{author, diary, `{"privacy": false}`, http.StatusForbidden}, {author, diary, `{"privacy": null}`, http.StatusForbidden},
		{author, diary, `{"privacy": "true"}`, http.StatusForbidden}, {author, diary, `{"privacy": true, "summary": "x"}`, http.StatusOK},
		{author, plain, `{"privacy": true}`, http.StatusForbidden}, {author, plain, `{"privacy": false}`, http.StatusOK}, {author, plain, `{"privacy": null, "summary": "x"}`, http.StatusOK},
		{root, plain, `{"privacy": true}`, http.StatusForbidden}, {root, diary, `{"privacy": false}`, http.StatusNotFound}, {other, plain, `{"privacy": true}`, http.StatusForbidden},
		{ana, diary, `{"privacy": false}`, http.StatusOK}, {ana, plain, `{"privacy": true}`, http.StatusOK},
	} {
		h.Do(c.account, "PATCH", c.path, c.body).Want(t, c.status)
	}
	h.Do(cameron, "GET", diary, "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", plain, "").WantError(t, http.StatusNotFound)
}

// A page that was private when it was deleted stays so; whose book has one is known whoever writes it, and before the reply.
func TestAPrivatePageIsGuardedHoweverItCame(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Hear()
	h.Do(cameron, "GET", anaBirth, "").Want(t, http.StatusOK)
	h.keepDiary()
	h.Do(cameron, "GET", diary, "").WantError(t, http.StatusNotFound)
	h.Do(root, "DELETE", diary, "").WantError(t, http.StatusNotFound)
	h.DB.Exec(`DELETE FROM pols WHERE id = 'diary'`)
	h.Do(cameron, "GET", diary+"/history", "").WantError(t, http.StatusNotFound)
	if left := h.Do(cameron, "GET", "/changes?resource=page&person="+ana[0], "").Want(t, http.StatusOK); strings.Contains(left.Text, "diary") {
		t.Errorf("the feed has %s", left.Text)
	}
}
