// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const accident = `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`

const (
	anaEmergency = "/people/ESPGNU777ORG/emergency"
	anaBirth     = "/pols/ESPGNU777ORG/119b352e-8e4f-4847-9f05-53462cf94f10"
)

// The opening is a grant in time: whatever program the account uses reads the book, and nobody else.
func TestADoctorOpensABookInAnEmergency(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	second := h.Enrol("SECONDDOC", "health_professional")
	h.say("*", "*", "deny")
	h.Do(cameron, "GET", anaBirth, "").WantError(t, http.StatusNotFound)

	first := h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)
	if again := h.Do(cameron, "POST", anaEmergency, `{"purpose": "ETREAT", "reason": "another reason"}`).Want(t, http.StatusOK); again.Text != first.Text {
		t.Errorf("%s, then %s", first.Text, again.Text)
	}
	h.Do(cameron, "GET", anaBirth, "").Want(t, http.StatusOK)
	h.Do(second, "GET", anaBirth, "").WantError(t, http.StatusNotFound)

	h.DB.Exec(`UPDATE thalamus_emergencies SET until = now()`)
	h.Do(cameron, "GET", anaBirth, "").WantError(t, http.StatusNotFound)
	h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)
}

func TestTheOpeningOfABookLastsHalfAnHour(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)
	if lasts := h.DB.Text(`SELECT (until - date_trunc('milliseconds', time) BETWEEN interval '29 min 59 s' AND interval '30 min 1 s')::text FROM thalamus_emergencies`); lasts != "true" {
		t.Errorf("it does not")
	}
}

func TestWhoMayNotOpenABook(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.say("*", "*", "deny")
	for _, c := range []struct {
		account    []string
		path, body string
		status     int
	}{
		{nobody, anaEmergency, accident, http.StatusUnauthorized},
		{other, anaEmergency, accident, http.StatusForbidden},
		{ana, anaEmergency, accident, http.StatusForbidden},
		{root, anaEmergency, accident, http.StatusForbidden},
		{cameron, "/people/" + cameron[0] + "/emergency", accident, http.StatusUnprocessableEntity},
		{cameron, "/people/NOBODY/emergency", accident, http.StatusNotFound},
		{cameron, anaEmergency, `{"purpose": "TREAT", "reason": "unconscious after an accident"}`, http.StatusUnprocessableEntity},
		{cameron, anaEmergency, `{"reason": "unconscious after an accident"}`, http.StatusUnprocessableEntity},
		{cameron, anaEmergency, `{"purpose": "ETREAT"}`, http.StatusUnprocessableEntity},
		{cameron, anaEmergency, `{"purpose": "ETREAT", "reason": "too short"}`, http.StatusUnprocessableEntity},
		{cameron, anaEmergency, `{"purpose": "ETREAT", "reason": "         x         "}`, http.StatusUnprocessableEntity},
		{cameron, anaEmergency, `{"purpose": "ETREAT", "reason": "` + strings.Repeat("x", 501) + `"}`, http.StatusUnprocessableEntity},
	} {
		h.Do(c.account, "POST", c.path, c.body).WantError(t, c.status)
	}
	if opened := h.DB.Text(`SELECT count(*)::text FROM thalamus_emergencies`); opened != "0" {
		t.Errorf("%s were opened", opened)
	}
}

// She sees who it was, and why; the officer closes the case; nobody else sees it, and nobody takes it away.
func TestAnOpeningIsSeenByThePatientAndClosedByTheOfficer(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	id, _ := h.Do(cameron, "POST", anaEmergency, accident).Fields(t)["id"].(string)
	path := "/emergencies/" + id

	for _, c := range []struct {
		account []string
		query   string
		want    int
	}{{ana, "", 1}, {other, "", 0}, {cameron, "", 0}, {root, "", 1}, {root, "?reviewed=false", 1}, {root, "?reviewed=true", 0}} {
		if got := h.Do(c.account, "GET", "/emergencies"+c.query, "").Items(t); len(got) != c.want || c.want == 1 && !strings.Contains(got[0], "after an accident") {
			t.Errorf("%s sees %s", c.account, got)
		}
	}
	for _, account := range [][]string{ana, cameron, other} {
		h.Do(account, "PATCH", path, `{"finding": "nothing"}`).WantError(t, http.StatusForbidden)
		h.Do(account, "DELETE", path, "").WantError(t, http.StatusMethodNotAllowed)
	}
	h.Do(root, "PATCH", path, `{}`).WantError(t, http.StatusUnprocessableEntity)
	h.Do(root, "PATCH", "/emergencies/none", `{"finding": "x"}`).WantError(t, http.StatusNotFound)
	closed := h.Do(root, "PATCH", path, `{"finding": "She was in the emergency room."}`).Want(t, http.StatusOK).Fields(t)
	if closed["reviewer"] != root[0] || closed["reviewed"] == nil || closed["reason"] != "unconscious after an accident" {
		t.Errorf("it is %v", closed)
	}
	if left := h.Do(root, "GET", "/emergencies?reviewed=false", "").Items(t); len(left) != 0 {
		t.Errorf("left: %s", left)
	}
}

// recorder is an access record that may fail.
type recorder struct {
	strings.Builder
	fails bool
}

func (r *recorder) Write(line []byte) (int, error) {
	if r.fails {
		return 0, errors.New("the disk is full")
	}
	return r.Builder.Write(line)
}

func (*recorder) Broken() bool  { return false }
func (*recorder) Indexed() bool { return false }

func TestNothingOpensWithoutItsLineInTheAccessRecord(t *testing.T) {
	t.Parallel()
	record := &recorder{fails: true}
	h := quickHub(t, func(o *testhub.Options) { o.Record = record })
	h.Do(cameron, "POST", anaEmergency, accident).WantError(t, http.StatusServiceUnavailable)
	if opened := h.DB.Text(`SELECT count(*)::text FROM thalamus_emergencies`); opened != "0" {
		t.Errorf("%s were opened", opened)
	}

	record.fails = false
	h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)
	if line := record.String(); !strings.Contains(line, `"method":"POST","endpoint":"emergency","person":"ESPGNU777ORG"`) || strings.Contains(line, "accident") {
		t.Errorf("the record has %s", line)
	}
}
