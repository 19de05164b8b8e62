// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

const accident = `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`

// reasons gives "person purpose" of the lines since the last call, and "!" behind one that names this emergency.
func reasons(t *testing.T, l *testhub.AccessRecord, emergency string) (all []string) {
	t.Helper()
	for _, line := range l.Take() {
		var e struct {
			Person, Purpose, Emergency string
			Persons                    json.RawMessage
		}
		err := json.Unmarshal([]byte(line), &e)
		if err != nil {
			t.Fatal(err)
		}

		text := strings.Join(strings.Fields(e.Person+string(e.Persons)+" "+e.Purpose), " ")
		if e.Emergency != "" && e.Emergency == emergency {
			text += "!"
		}
		all = append(all, text)
	}
	return all
}

func TestAPurposeIsRecordedAndNothingMore(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	ask := func(account []string, path string, status int, want ...string) {
		t.Helper()
		h.DoWith(account, "GET", path, "", "Purpose-Of-Use", "TREAT").Want(t, status)
		if got := reasons(t, l, ""); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	ask(cameron, "/people/"+ana[0], 200, ana[0]+" TREAT")
	ask(cameron, "/people?limit=1", 200, `["ARGBUE111FAV"] TREAT`)
	ask(cameron, "/people/NOBODY", 404, "NOBODY TREAT")
	ask(other, "/people/"+ana[0], 403, ana[0]+" TREAT")
	ask(cameron, "/fhir/Patient/"+ana[0], 200, ana[0]+" TREAT")
	ask(nobody, "/people/"+ana[0], 401)
	ask(cameron, "/institutions", 200)

	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	if line := l.Take()[0]; strings.Contains(line, "purpose") || strings.Contains(line, "emergency") {
		t.Errorf("without a purpose: %s", line)
	}
}

func TestOnlyCodesOfPurposeOfUseArePurposes(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, wrong := range []string{"", "treat", "TREAT,ETREAT", "TREATMENT", "ADMIN", " ", "T"} {
		h.DoWith(cameron, "GET", "/people/"+ana[0], "", "Purpose-Of-Use", wrong).WantError(t, http.StatusUnprocessableEntity)
	}
	h.DoWith(cameron, "GET", "/people/"+ana[0], "", "Purpose-Of-Use", "TREAT", "Purpose-Of-Use", "TREAT").WantError(t, http.StatusUnprocessableEntity)
	h.DoWith(nobody, "GET", "/people/"+ana[0], "", "Purpose-Of-Use", "wrong").WantError(t, http.StatusUnauthorized)
	h.DoWith(other, "GET", "/people/"+ana[0], "", "Purpose-Of-Use", "wrong").WantError(t, http.StatusForbidden)
	for _, right := range []string{"TREAT", "ETREAT", "BTG", "PATRQT", "HRESCH", "BIORCH"} {
		h.DoWith(cameron, "GET", "/people/"+ana[0], "", "Purpose-Of-Use", right).Want(t, http.StatusOK)
	}
}

// Of nobody else, and by no other account. Persons of a list have lines of their own.
func TestEachLineAboutAnOpenBookCarriesTheEmergency(t *testing.T) {
	t.Parallel()
	for _, hears := range []bool{false, true} {
		h, l := testhub.Recorded(t)
		if hears {
			h.Hear()
		}
		second := h.Enrol("SECONDDOC", "health_professional")
		emergency, _ := h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated).Fields(t)["id"].(string)
		l.Take()
		const about, opened = "ESPGNU777ORG", "ESPGNU777ORG ETREAT!"
		ask := func(account []string, path string, want ...string) {
			t.Helper()
			h.Do(account, "GET", path, "")
			if got := reasons(t, l, emergency); !slices.Equal(got, want) {
				t.Errorf("hears %v: %s by %s: %q, want %q", hears, path, account[0], got, want)
			}
		}

		ask(cameron, "/people/"+about, opened)
		ask(cameron, "/pols/"+about, opened)
		if hears { // else nothing is asked for what is not given
			ask(cameron, "/pols/"+about+"/none", opened)
		}
		ask(cameron, "/fhir/Patient/"+about+"/$everything", opened, opened, opened)
		ask(cameron, "/changes?person="+about, opened)
		ask(cameron, "/people?q=betz", opened, "[]")
		ask(cameron, "/people", opened, `"all"`)
		ask(cameron, "/people/"+other[0], other[0])
		ask(cameron, "/people/"+cameron[0], cameron[0])
		ask(second, "/people/"+about, about)
		ask(second, "/people?q=betz", `["ESPGNU777ORG"]`)
		ask(ana, "/people/"+about, about)
		h.DoWith(cameron, "GET", "/people/"+about, "", "Purpose-Of-Use", "TREAT").Want(t, http.StatusOK)
		if got := reasons(t, l, emergency); !slices.Equal(got, []string{opened}) {
			t.Errorf("with another purpose: %q", got)
		}
		h.Do(cameron, "PATCH", "/pols/"+about+"/"+birthPage, `{"note": "seen"}`).Want(t, http.StatusOK)
		if got := reasons(t, l, emergency); !slices.Equal(got, []string{opened}) {
			t.Errorf("a write: %q", got)
		}

		h.DB.Exec(`UPDATE thalamus_emergencies SET until = now() - interval '2 min'`)
		testdb.Await(t, "its end is heard", func() bool {
			h.Do(cameron, "GET", "/people/"+about, "")
			return slices.Equal(reasons(t, l, emergency), []string{about})
		})
	}
}

// An opening made at one hub holds at the other at once, for an old client that names no purpose, and its lines say so: of a
// person about whom there are statements nobody waits for what is told.
func TestAnOpeningElsewhereIsInTheLinesAtOnce(t *testing.T) {
	t.Parallel()
	first := quickHub(t)
	l := &testhub.AccessRecord{}
	second := &hub{testhub.Serve(t, testdb.At(t, first.DB.URL), "../../etc/roles.cfg", testhub.Cheap, func(o *testhub.Options) { o.Record = l })}
	second.Hear()
	first.Do(ana, "POST", "/people/"+ana[0]+"/consents", `{"scope": "*", "who": "*", "effect": "deny"}`).Want(t, http.StatusCreated)
	page := "/pols/" + ana[0] + "/" + birthPage
	testdb.Await(t, "the statement is heard", func() bool { return second.Do(cameron, "GET", page, "").StatusCode == http.StatusNotFound })

	emergency, _ := first.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated).Fields(t)["id"].(string)
	l.Take()
	second.Do(cameron, "GET", page, "").Want(t, http.StatusOK)
	if got := reasons(t, l, emergency); !slices.Equal(got, []string{ana[0] + " ETREAT!"}) {
		t.Errorf("got %q", got)
	}
}
