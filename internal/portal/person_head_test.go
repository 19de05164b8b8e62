// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

// related adds two records of Gracia's: one that is known to be hers, and one that may be.
func related(t *testing.T, h *testhub.Hub) {
	t.Helper()
	register(h, "GRACIASAME", `{"name": "Gracia", "lastname": "Santana", "dob": "1991-03-08", "gender": "f"}`)
	register(h, "GRASIA452SAN", `{"name": "Grasia María", "lastname": "Santana Ojeda", "dob": "1991-08-03", "gender": "f"}`)
	learnNames(h)
	h.DB.Exec(`ANALYZE people`)
	h.Do(root, http.MethodPost, "/people/ESPGRA118SAN/links", `{"person": "GRACIASAME", "same": true}`).Want(t, http.StatusCreated)
}

const graciasHead = "/portal/people/ESPGRA118SAN"

// The head says who a person is, when there was the last contact, and which other records are, or may be, of the
// same person; the access record names those.
func TestThePersonsHeadSaysWhoItIs(t *testing.T) {
	t.Parallel()
	h, lines := ward(t)
	addPage(h, "ESPGRA118SAN", "older", `{"page_date": "2025-01-01T08:00:00", "domain": "medical", "node": "OLD"}`)
	addPage(h, "ESPGRA118SAN", "newest", `{"page_date": "2026-02-01T08:00:00", "domain": "medical", "context": "encounter", "node": "HOSPITAL"}`)
	b := h.SignIn(cameron)
	lines.Take()
	alone := b.Get(graciasHead).Want(t, http.StatusOK)
	if got, want := lines.One(t, alone), cameron[0]+" health_professional GET person ESPGRA118SAN   200"; got != want {
		t.Errorf("the record says %q, want %q", got, want)
	}
	wantText(t, alone, "<h1><bdi>Gracia María Santana Ojeda</bdi></h1>", "<bdi>ESPGRA118SAN</bdi>", `<time datetime="1991-03-08">8 March 1991</time> · Age: <bdi>`,
		"<dd>Female</dd>", "No death is known", `<a href="/portal/people/ESPGRA118SAN/page/newest"><time datetime="2026-02-01T08:00">1 February 2026, 08:00</time></a> · Medical · Visit · <bdi>HOSPITAL</bdi>`)
	for _, absent := range []string{"Other records", "Perhaps the same", "closed", "OLD"} {
		if strings.Contains(alone.Text, absent) {
			t.Errorf("the head of one who is alone has %q", absent)
		}
	}

	related(t, h)
	lines.Take()
	a := b.Get(graciasHead).Want(t, http.StatusOK)
	if got := lines.Persons(t); got != `["GRACIASAME","GRASIA452SAN"]` {
		t.Errorf("the record names %s", got)
	}
	same, matches, _ := strings.Cut(a.Text, "Perhaps the same person")
	for text, want := range map[string]string{same: `<a href="/portal/people/GRACIASAME"><bdi>Gracia Santana</bdi></a>`, matches: `<a href="/portal/people/GRASIA452SAN"><bdi>Grasia María Santana Ojeda</bdi></a>`} {
		if strings.Count(text, `<th scope="row">`) != 1 || !strings.Contains(text, want) {
			t.Errorf("there is not only %s in %s", want, text)
		}
	}
	wantText(t, a, `data-label="How well it fits">Very probably<`, "Other records of this person")
	wantText(t, b.Get("/portal/people/GRACIASAME"), `<a href="/portal/people/ESPGRA118SAN">`)
}

// The dead, closed accounts, and what is not known are told in words.
func TestThePersonsHeadTellsOfDeathAndOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	b := h.SignIn(cameron)
	register(h, "DIED", `{"name": "Old", "dob": "1950-06-01", "dod": "2020-05-31", "deceased": true, "gender": "unheard <of>"}`)
	dead := b.Get("/portal/people/DIED").Want(t, http.StatusOK)
	wantText(t, dead, "<strong>Died</strong> · ", "31 May 2020", "Age: <bdi>69</bdi>", "<dd><bdi>unheard &lt;of&gt;</bdi></dd>", "There is no page in the book yet")
	wantText(t, b.Get("/portal/people/ESPSAN200OJE"), "<bdi>1950</bdi></dd>")
	wantText(t, b.Get("/portal/people/MARHAD003"), "The account is closed", "<bdi>1991-07</bdi>")
	unknown := b.Get("/portal/people/EMPTYDATA1").Want(t, http.StatusOK)
	wantText(t, unknown, "<h1><bdi>EMPTYDATA1</bdi></h1>", "<dd>–</dd>")
	for _, nothing := range []string{"NOBODY", "NULLDATA1"} {
		b.Get("/portal/people/"+nothing).Want(t, http.StatusNotFound)
	}
}

// A child's age is told in days and months, and that of somebody not yet born not at all.
func TestAnAgeIsToldInTheUnitOfThatAge(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	b := h.SignIn(cameron)
	today := time.Now()
	for i, c := range []struct {
		born time.Time
		want string
	}{
		{today, "Age in days: <bdi>0</bdi>"}, {today.AddDate(0, 0, -20), "Age in days: <bdi>20</bdi>"}, {today.AddDate(0, -3, -5), "Age in months: <bdi>3</bdi>"},
		{today.AddDate(-2, 0, 20), "Age in months: <bdi>23</bdi>"}, {today.AddDate(-2, 0, -1), "Age: <bdi>2</bdi>"}, {today.AddDate(-36, 0, 20), "Age: <bdi>35</bdi>"},
		{today.AddDate(0, 0, 2), "</time></dd>"},
	} {
		id := "AGED" + string(rune('A'+i))
		register(h, id, `{"dob": "`+c.born.Format(time.DateOnly)+`T10:00:00"}`)
		a := b.Get("/portal/people/"+id).Want(t, http.StatusOK)
		if !strings.Contains(a.Text, c.want) {
			t.Errorf("born on %s: no %q in %s", c.born.Format(time.DateOnly), c.want, a.Text)
		}
	}
}

// Each part of the head, and each way on, is for those whose roles grant it.
func TestThePersonsHeadShowsWhatTheRolesGrant(t *testing.T) {
	t.Parallel()
	h, lines := ward(t)
	addPage(h, "ESPGRA118SAN", "visit", `{"page_date": "2026-02-01T08:00:00", "node": "HOSPITAL"}`)
	related(t, h)
	parts := map[string]string{
		"HOSPITAL": `"book"`, "Other records of this person": `"links"`, "Perhaps the same person": `"matches"`,
		`<a href="` + graciasHead + `/book">`: `"book"`, `<a href="` + graciasHead + `/measurements">`: `"book"`,
		`<a href="` + graciasHead + `/documents">`: `"personaldocs"`, `<a href="` + graciasHead + `/access">`: `"access"`,
	}
	reader := h.Enrol("READER", "reads")
	for _, granted := range []string{"", `"book"`, `"links"`, `"matches"`, `"personaldocs"`, `"access"`} {
		h.SetPolicy(policyWith(t, `{"role": "reads", "permissions": {"GET": ["login", "person"`+strings.TrimSuffix(", "+granted, ", ")+`], "global": "True"}}`))
		lines.Take()
		a := h.SignIn(reader).Get(graciasHead).Want(t, http.StatusOK)
		for part, needs := range parts {
			if shown := strings.Contains(a.Text, part); shown != (needs == granted) {
				t.Errorf("with %s there is %s: %t", granted, part, shown)
			}
		}
		if strings.Contains(a.Text, graciasHead+"/new") {
			t.Errorf("with %s it leads to a new page", granted)
		}
	}

	for _, c := range []struct {
		account []string
		ways    string
	}{{cameron, "/book /measurements /new /documents"}, {root, "/book /measurements /new /documents /access"}} {
		a := h.SignIn(c.account).Get(graciasHead+"/documents").Want(t, http.StatusOK)
		var ways []string
		for _, way := range strings.Fields("/book /measurements /new /documents /access") {
			if strings.Contains(a.Text, `<a href="`+graciasHead+way+`"`) {
				ways = append(ways, way)
			}
		}
		if got := strings.Join(ways, " "); got != c.ways || !strings.Contains(a.Text, graciasHead+`/documents" aria-current="page"`) {
			t.Errorf("%s is led to %s, want %s", c.account[0], got, c.ways)
		}
	}
	own := h.SignIn(ana).Get("/portal/people/"+ana[0]).Want(t, http.StatusOK)
	wantText(t, own, "<h1><bdi>Ana Betz</bdi></h1>", `<a href="/portal/people/`+ana[0]+`/access">`)
	if strings.Contains(h.SignIn(ana).Get("/portal/book").Text, `class="about"`) || strings.Contains(h.SignIn(ana).Get(graciasHead).Want(t, 403).Text, `class="about"`) {
		t.Error("her own book, or a refusal, has the ways to somebody's screens")
	}
}
