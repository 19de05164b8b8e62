// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// hidden gives the hidden fields of the form that an answer shows: name, value, name, value...
func hidden(a testhub.Answer) (fields []string) {
	form := a.Text[strings.Index(a.Text, "<main"):strings.Index(a.Text, "</main>")]
	for _, found := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form, -1) {
		fields = append(fields, found[1], found[2])
	}
	return fields
}

// sendForm fills a form in that an answer shows, and sends it.
func sendForm(b testhub.Browser, shown testhub.Answer, typed ...string) testhub.Answer {
	return b.Post("/portal/new", slices.Concat(hidden(shown), []string{"date", "2026-05-01T10:11"}, typed)...)
}

// fill is sendForm of a new form.
func fill(b testhub.Browser, typed ...string) testhub.Answer {
	return sendForm(b, b.Get("/portal/new"), typed...)
}

// stored reads a page that a redirect leads to, over the API.
func stored(t *testing.T, h *testhub.Hub, book string, a testhub.Answer) map[string]any {
	t.Helper()
	a.Want(t, http.StatusSeeOther)
	id := a.Lead()[strings.LastIndex(a.Lead(), "/")+1:]
	return h.Do(root, http.MethodGet, "/pols/"+book+"/"+id, "").Want(t, http.StatusOK).Fields(t)
}

func wantJSON(t *testing.T, what string, got any, want string) {
	t.Helper()
	text, err := json.Marshal(got)
	if err != nil || string(text) != want {
		t.Errorf("%s is %s, want %s", what, text, want)
	}
}

// A page that is written here has the keys and the shapes of the phone's.
func TestANewPageIsWrittenAsPhonesWriteThem(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	a := fill(h.SignIn(ana), "kind", "self_monitoring", "summary", "Morning", "info", "line\r\nline", "blood_pressure_systolic", "120",
		"blood_pressure_diastolic", "80", "heart_rate", "70", "weight", "71,2", "glucose", "98", "saturation", "97", "temperature", "36,6", "breathing", "14",
		"mood_mood", "-1", "mood_energy", "2", "sleep_hours", "7,5", "sleep_quality", "good", "steps", "4000")
	page := stored(t, h, ana[0], a)
	info, _ := page["creation_info"].(map[string]any)
	if moment, _ := info["timestamp"].(string); !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$`).MatchString(moment) {
		t.Errorf("it was created at %q", moment)
	}
	delete(info, "timestamp")
	if date, _ := page["page_date"].(string); !regexp.MustCompile(`^2026-05-01T10:11:00[+-]\d\d:\d\d$`).MatchString(date) {
		t.Errorf("its date is %q", date)
	}
	for key, want := range map[string]string{
		"book": `"ESPGNU777ORG"`, "author": `"Ana Betz"`, "author_acct": `"ESPGNU777ORG"`, "domain": `"medical"`, "context": `"self_monitoring"`,
		"summary": `"Morning"`, "info": `"line\nline"`, "node": `"portal"`, "creation_info": `{"node":"portal","user":"ESPGNU777ORG"}`,
		"measurements": `[{"bp":{"diastolic":80,"systolic":120}},{"hr":70},{"wt":71.2},{"bg":98},{"osat":97},{"t":36.6},{"rr":14},` +
			`{"mood_energy":{"energy":2,"mood":-1}},{"sleep":{"sleepquality":"good","sleeptime":"7.5"}},{"pa":{"steps":4000}}]`,
	} {
		wantJSON(t, key, page[key], want)
	}
}

// Nothing typed is nothing stored, and the least that makes a page is a word or a value.
func TestANewPageSaysSomething(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	empty := fill(b, "kind", "other", "info", " \r\n ").Want(t, http.StatusUnprocessableEntity)
	if !strings.Contains(empty.Text, "Write something, or fill in a measurement.") {
		t.Errorf("the form says: %s", empty.Text)
	}
	page := stored(t, h, ana[0], fill(b, "kind", "nothing of this", "weight", "71"))
	wantJSON(t, "domain", page["domain"], `"other"`)
	for _, key := range []string{"context", "summary", "info"} {
		wantJSON(t, key, page[key], "null")
	}
	page = stored(t, h, ana[0], fill(b, "info", "word"))
	wantJSON(t, "measurements", page["measurements"], "null")
}

// A form that is sent twice makes one page; another content in it makes another, if it is sent again.
func TestAFormThatIsSentTwiceMakesOnePage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	shown := b.Get("/portal/new")
	first := sendForm(b, shown, "info", "once").Want(t, http.StatusSeeOther)
	again := sendForm(b, shown, "info", "once").Want(t, http.StatusSeeOther)
	if first.Lead() != again.Lead() {
		t.Errorf("%s, and then %s", first.Lead(), again.Lead())
	}

	changed := sendForm(b, shown, "info", "another").Want(t, http.StatusConflict)
	if !strings.Contains(changed.Text, `href="`+first.Lead()+`"`) || !strings.Contains(changed.Text, "another</textarea>") {
		t.Errorf("it does not lead to the page, or forgets what was typed: %s", changed.Text)
	}
	second := sendForm(b, changed, "info", "another")
	wantJSON(t, "info", stored(t, h, ana[0], second)["info"], `"another"`)
	if second.Lead() == first.Lead() {
		t.Error("it is the same page")
	}
}

// An id that the hub cannot have made is replaced: a forged form names no page of others.
func TestAFormHasAnIDOfTheHub(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, id := range []string{"", "x", testhub.BirthPage, "019AC451-6B7C-7D8E-8F90-123456789ABC", "urn:uuid:019ac451-6b7c-7d8e-8f90-123456789abc"} {
		a := b.Post("/portal/new", "id", id, "date", "2026-05-01T10:11", "info", "x")
		page := stored(t, h, ana[0], a)
		if got, _ := page["id"].(string); got == id || got[14] != '7' {
			t.Errorf("%q becomes %s", id, got)
		}
	}
}

// What is wrong is told beside the field, and what was typed is kept.
func TestAWrongFieldIsToldBesideIt(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, c := range []struct{ name, value, problem string }{
		{"weight", "a lot", "no number"}, {"weight", "71.2 kg", "no number"}, {"blood_pressure_diastolic", "1e3", "no number"},
		{"date", "yesterday", "no date"}, {"date", "", "no date"}, {"date", "2026-02-30T10:00", "no date"},
	} {
		fields := []string{"kind", "social", "info", "kept\n\"<b>", c.name, c.value}
		if c.name != "date" {
			fields = append(fields, "date", "2026-05-01T10:11")
		}
		a := b.Post("/portal/new", fields...).Want(t, http.StatusUnprocessableEntity)
		wrong := regexp.MustCompile(`<p class="wrong" id="` + c.name + `-wrong">[^\n]*` + c.problem).FindString(a.Text)
		input := regexp.MustCompile(`<input id="` + c.name + `"[^>]* value="` + regexp.QuoteMeta(c.value) + `"[^>]* aria-invalid="true"`).FindString(a.Text)
		if wrong == "" || input == "" || !strings.Contains(a.Text, "kept\n&#34;&lt;b&gt;</textarea>") || !strings.Contains(a.Text, `<option value="social" selected>`) {
			t.Errorf("%s %q: %s", c.name, c.value, a.Text)
		}
	}
	if pages := h.DB.Text(`SELECT count(*)::text FROM pols WHERE data ->> 'node' = 'portal'`); pages != "0" {
		t.Errorf("%s pages were stored", pages)
	}
}

// Of a pair, half of which is no number, nobody is asked for the other half.
func TestAWrongHalfIsToldAsWrong(t *testing.T) {
	t.Parallel()
	b := quickHub(t).SignIn(ana)
	a := fill(b, "blood_pressure_systolic", "120", "blood_pressure_diastolic", "8o").Want(t, http.StatusUnprocessableEntity)
	if !regexp.MustCompile(`<p class="wrong" id="blood_pressure_diastolic-wrong">[^\n]*no number`).MatchString(a.Text) {
		t.Errorf("the form says %s", a.Text)
	}
}

// A value that is hardly possible is asked about once, and then stored as it is.
func TestADoubtfulValueIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, c := range []struct{ name, value, question string }{
		{"weight", "712", "very high"}, {"temperature", "3", "very low"}, {"steps", "4,123", "decimal comma"}, {"date", "2090-05-01T10:11", "in the future"},
		{"sleep_hours", "25", "very high"},
	} {
		typed := []string{"info", "x", c.name, c.value, "date", "2026-05-01T10:11"}
		if c.name == "date" {
			typed = typed[:4]
		}
		asked := b.Post("/portal/new", typed...).Want(t, http.StatusUnprocessableEntity)
		if !regexp.MustCompile(`<p class="wrong" id="` + c.name + `-wrong">[^\n]*` + c.question).MatchString(asked.Text) {
			t.Errorf("%s %s: %s", c.name, c.value, asked.Text)
		}
		b.Post("/portal/new", append(hidden(asked), typed...)...).Want(t, http.StatusSeeOther)
	}

	pair := fill(b, "blood_pressure_systolic", "80", "blood_pressure_diastolic", "120").Want(t, http.StatusUnprocessableEntity)
	other := sendForm(b, pair, "blood_pressure_systolic", "80", "blood_pressure_diastolic", "130").Want(t, http.StatusUnprocessableEntity)
	sendForm(b, other, "blood_pressure_systolic", "80", "blood_pressure_diastolic", "130").Want(t, http.StatusSeeOther)

	half := fill(b, "blood_pressure_systolic", "120").Want(t, http.StatusUnprocessableEntity)
	page := stored(t, h, ana[0], sendForm(b, half, "blood_pressure_systolic", "120"))
	wantJSON(t, "measurements", page["measurements"], `[{"bp":{"systolic":120}}]`)
}

// Whoever writes into a book, the page is in that book, and says who wrote it.
func TestANewPageIsWrittenByThoseWhoseRolesReachTheBook(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	reader := h.Enrol("READER", "reads")
	h.SetPolicy(policyWith(t, `{"role": "reads", "permissions": {"GET": ["login", "page"], "global": "True"}}`))
	for _, c := range []struct {
		account []string
		path    string
		show    int
		send    int
		book    string
	}{
		{nobody, "/portal/new", 303, 303, ""}, {ana, "/portal/new", 200, 303, ana[0]}, {ana, "/portal/people/" + ana[0] + "/new", 200, 303, ana[0]},
		{ana, "/portal/people/" + other[0] + "/new", 403, 403, ""}, {testhub.Cameron, "/portal/people/" + ana[0] + "/new", 200, 303, ana[0]},
		{testhub.Cameron, "/portal/people/" + testhub.Small(ana) + "/new", 200, 303, ana[0]},
		{root, "/portal/people/" + other[0] + "/new", 200, 303, other[0]}, {root, "/portal/people/NOBODY/new", 404, 404, ""},
		{reader, "/portal/people/" + ana[0] + "/new", 403, 403, ""}, {reader, "/portal/new", 403, 403, ""},
	} {
		b := h.SignIn(c.account)
		b.Get(c.path).Want(t, c.show)
		a := b.Post(c.path, "date", "2026-05-01T10:11", "info", "x").Want(t, c.send)
		if c.book == "" {
			continue
		}
		page := stored(t, h, c.book, a)
		wantJSON(t, "author_acct", page["author_acct"], `"`+c.account[0]+`"`)
	}
	if pages := h.DB.Text(`SELECT count(*)::text FROM pols WHERE data ->> 'node' = 'portal'`); pages != "5" {
		t.Errorf("%s pages were stored", pages)
	}
}

// Somebody who only adds a weight, on a phone, need not scroll past the texts.
func TestANewPageAsksForMeasurementsBeforeTexts(t *testing.T) {
	t.Parallel()
	form := quickHub(t).SignIn(ana).Get("/portal/new").Want(t, http.StatusOK).Text
	at := -1
	for _, part := range []string{`name="date"`, `id="vitals"`, `name="weight"`, `name="summary"`, `name="info"`, "<button>Save"} {
		next := strings.Index(form, part)
		if next <= at {
			t.Errorf("%s is at %d, behind %d", part, next, at)
		}
		at = next
	}
}
