// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const editedID = "edited-page"

// newEditHub has a page of Ana's with what no form knows of.
func newEditHub(t *testing.T, measurements string) *testhub.Hub {
	t.Helper()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ($1::text, $2, jsonb_build_object('id', $1::text, 'page_date', '2026-05-01T10:11:12.123456', 'summary', 'short',
		'info', E'one\r\ntwo', 'unknown', '{"a": [1.50]}'::jsonb, 'measurements', $3::jsonb))`, editedID, ana[0], measurements)
	return h
}

// Fields of a form. What is chosen is chosen of nothing: no test has a mood.
var (
	shownArea  = regexp.MustCompile(`(?s)<textarea id="[^"]*" name="([^"]*)"[^>]*>\n(.*?)</textarea>`)
	shownInput = regexp.MustCompile(`<input id="[^"]*" name="([^"]*)" type="[^"]*" value="([^"]*)"`)
)

// shownFields are all fields of the form of an answer, as a browser would send them.
func shownFields(a testhub.Answer) (fields []string) {
	fields = hidden(a)
	for _, found := range shownInput.FindAllStringSubmatch(a.Text, -1) {
		fields = append(fields, found[1], found[2])
	}
	for _, found := range shownArea.FindAllStringSubmatch(a.Text, -1) {
		fields = append(fields, found[1], found[2])
	}
	return fields
}

// edit sends the form as it is shown, but for some fields.
func edit(b testhub.Browser, shown testhub.Answer, typed ...string) testhub.Answer {
	fields := shownFields(shown)
	for i := 0; i+1 < len(typed); i += 2 {
		at := 0
		for at < len(fields) && fields[at] != typed[i] {
			at += 2
		}
		if at < len(fields) {
			fields = slices.Delete(fields, at, at+2)
		}
	}
	return b.Post(editPath, append(fields, typed...)...)
}

const editPath = "/portal/page/" + editedID + "/edit"

func page(t *testing.T, h *testhub.Hub) map[string]any {
	t.Helper()
	return h.Do(root, http.MethodGet, "/pols/"+ana[0]+"/"+editedID, "").Want(t, http.StatusOK).Fields(t)
}

// Only what was changed is written; the rest stays, to the digit.
func TestACorrectionChangesOnlyWhatWasChanged(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `[{"wt": 71.20, "bmi": 24.1}, {"nutrition": {"x": 1}}, {"hr": 500}]`)
	b := h.SignIn(ana)
	edit(b, b.Get(editPath).Want(t, http.StatusOK)).Want(t, http.StatusSeeOther)
	if version := h.DB.Text(`SELECT version::text FROM pols WHERE id = $1`, editedID); version != "1" {
		t.Errorf("a form in which nothing was changed made version %s", version)
	}

	edit(b, b.Get(editPath), "weight", "72,5", "temperature", "36,6").Want(t, http.StatusSeeOther)
	changed := page(t, h)
	info, _ := changed["modification_info"].(map[string]any)
	wantJSON(t, "user", info["user"], `"`+ana[0]+`"`)
	for key, want := range map[string]string{
		"measurements": `[{"bmi":24.1,"wt":72.5},{"nutrition":{"x":1}},{"hr":500},{"t":36.6}]`, "info": `"one\r\ntwo"`,
		"page_date": `"2026-05-01T10:11:12.123456"`, "summary": `"short"`, "unknown": `{"a":[1.5]}`,
	} {
		wantJSON(t, key, changed[key], want)
	}
	patch := h.DB.Text(`SELECT string_agg(k, ' ' ORDER BY k) FROM pols, jsonb_object_keys(data) AS k WHERE id = $1`, editedID)
	if want := "id info measurements modification_info page_date summary unknown"; patch != want {
		t.Errorf("the page has %s, want %s", patch, want)
	}

	edit(b, b.Get(editPath), "summary", "", "info", "three\r\nfour", "date", "2026-05-02T09:00", "weight", "", "bmi", "").Want(t, http.StatusSeeOther)
	changed = page(t, h)
	for key, want := range map[string]string{
		"measurements": `[{"nutrition":{"x":1}},{"hr":500},{"t":36.6}]`, "info": `"three\nfour"`, "page_date": `"2026-05-02T09:00:00"`, "summary": "null",
	} {
		wantJSON(t, key, changed[key], want)
	}
}

// A date is corrected in the zone and to the precision that it is written in.
func TestACorrectedDateKeepsItsZone(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `null`)
	b := h.SignIn(ana)
	for _, c := range []struct{ stored, typed, want string }{
		{"2026-05-01T10:11:00+05:30", "2026-05-01T11:00", "2026-05-01T11:00:00+05:30"}, {"2026-05-01 10:11:00", "2026-05-01T11:00", "2026-05-01T11:00:00"},
		{"2026-05-01", "2026-05-03", "2026-05-03"}, {"2026-05-01T10:11:00Z", "2026-05-01T11:00", "2026-05-01T11:00:00+00:00"},
	} {
		h.DB.Exec(`UPDATE pols SET data = data || jsonb_build_object('page_date', $2::text) WHERE id = $1`, editedID, c.stored)
		edit(b, b.Get(editPath), "date", c.typed).Want(t, http.StatusSeeOther)
		wantJSON(t, c.stored, page(t, h)["page_date"], `"`+c.want+`"`)
	}
	h.DB.Exec(`UPDATE pols SET data = data || '{"page_date": "last week"}' WHERE id = $1`, editedID)
	shown := b.Get(editPath)
	if !strings.Contains(shown.Text, "last week") {
		t.Errorf("the date as it is stored is not told: %s", shown.Text)
	}
	edit(b, shown, "info", "x").Want(t, http.StatusSeeOther)
	wantJSON(t, "the date", page(t, h)["page_date"], `"last week"`)
}

// What somebody else has changed meanwhile is shown beside what was typed, and is not lost.
func TestACorrectionMeetsAnother(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `[{"hr": 70}]`)
	b := h.SignIn(ana)
	shown := b.Get(editPath)
	h.Do(testhub.Cameron, http.MethodPatch, "/pols/"+ana[0]+"/"+editedID, `{"info": "theirs", "measurements": [{"hr": 71}, {"wt": 80}]}`).Want(t, http.StatusOK)

	both := edit(b, shown, "info", "mine", "temperature", "36.6").Want(t, http.StatusConflict)
	if !strings.Contains(both.Text, "mine</textarea>") || !strings.Contains(both.Text, "Stored now: <bdi>theirs</bdi>") || strings.Count(both.Text, "Stored now:") != 2 {
		t.Errorf("the form has not both texts: %s", both.Text)
	}
	wantJSON(t, "info", page(t, h)["info"], `"theirs"`)

	edit(b, both).Want(t, http.StatusSeeOther)
	changed := page(t, h)
	wantJSON(t, "info", changed["info"], `"mine"`)
	wantJSON(t, "measurements", changed["measurements"], `[{"hr":71},{"wt":80},{"t":36.6}]`)
}

// Measurements that cannot be read are not replaced by what the form knows of them.
func TestMeasurementsThatCannotBeReadStay(t *testing.T) {
	t.Parallel()
	for _, measurements := range []string{`"{'bp': {'systolic': 1"`, `[{"hr": "high"}, {"wt": 71}]`} {
		h := newEditHub(t, measurements)
		b := h.SignIn(ana)
		shown := b.Get(editPath).Want(t, http.StatusOK)
		if !strings.Contains(shown.Text, "cannot be changed here") || strings.Contains(shown.Text, `name="weight"`) {
			t.Errorf("%s: %s", measurements, shown.Text)
		}
		edit(b, shown, "info", "x", "weight", "80").Want(t, http.StatusSeeOther)
		if same := h.DB.Text(`SELECT (data -> 'measurements' = $2::jsonb)::text FROM pols WHERE id = $1`, editedID, measurements); same != "true" {
			t.Errorf("%s was changed", measurements)
		}
	}
}

// A text of the hospitals' system becomes a list, with all that it had.
func TestAHospitalsMeasurementsAreCorrected(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `"{'bp': {'systolic': 132, 'diastolic': 84}, 't': 36.5, 'other': None, 'more': [1]}"`)
	b := h.SignIn(ana)
	edit(b, b.Get(editPath), "blood_pressure_systolic", "130").Want(t, http.StatusSeeOther)
	wantJSON(t, "measurements", page(t, h)["measurements"], `[{"bp":{"diastolic":84,"systolic":130},"more":[1],"other":null,"t":36.5}]`)
}

// A doubtful value is asked about when it is new, and a wrong one told.
func TestACorrectionIsDoubtedAsANewValue(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `[{"hr": 500}]`)
	b := h.SignIn(ana)
	edit(b, b.Get(editPath), "weight", "x").Want(t, http.StatusUnprocessableEntity)
	asked := edit(b, b.Get(editPath), "weight", "712").Want(t, http.StatusUnprocessableEntity)
	if !strings.Contains(asked.Text, `id="weight-wrong"`) || strings.Contains(asked.Text, `id="heart_rate-wrong"`) {
		t.Errorf("the form asks: %s", asked.Text)
	}
	edit(b, asked).Want(t, http.StatusSeeOther)
	wantJSON(t, "measurements", page(t, h)["measurements"], `[{"hr":500},{"wt":712}]`)
}

// A correction needs the grant PATCH, and no other than that and GET.
func TestACorrectionIsMadeByThoseWhoMayPatch(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `null`)
	reader, corrector := h.Enrol("READER", "reads"), h.Enrol("CORRECTOR", "corrects")
	h.SetPolicy(policyWith(t, `{"role": "reads", "permissions": {"GET": ["login", "page"], "POST": ["page"], "global": "True"}},
		{"role": "corrects", "permissions": {"GET": ["login", "page"], "PATCH": ["page"], "global": "True"}}`))
	const others = "/portal/people/ESPGNU777ORG/page/" + editedID + "/edit"
	for _, c := range []struct {
		account []string
		path    string
		show    int
		send    int
	}{
		{nobody, editPath, 303, 303}, {ana, editPath, 200, 303}, {ana, others, 200, 303}, {other, others, 403, 403}, {other, editPath, 404, 404},
		{testhub.Cameron, others, 200, 303}, {root, others, 200, 303}, {root, editPath, 404, 404}, {reader, others, 403, 403}, {corrector, others, 200, 303},
		{root, strings.Replace(others, editedID, "nothing", 1), 404, 404},
	} {
		b := h.SignIn(c.account)
		shown := b.Get(c.path).Want(t, c.show)
		text := strings.Join(c.account, " ") + c.path
		fields := []string{"info", text}
		if c.show == http.StatusOK {
			fields = append(hidden(shown), fields...)
		}
		b.Post(c.path, fields...).Want(t, c.send)
		if stored := page(t, h)["info"] == text; stored != (c.show == http.StatusOK) {
			t.Errorf("%v %s: stored is %t", c.account, c.path, stored)
		}
	}
}
