// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/gate"
	"thalamus/internal/portal"
	"thalamus/internal/testhub"
)

var (
	accessPart = regexp.MustCompile(`(?s)<h2><time datetime="[^"]+">(.*?)</time></h2>|<li>\n<p>(.*?</p>\n<p>.*?)</p>`)
	markup     = regexp.MustCompile(`<[^>]*>|\n`)
	clockTime  = regexp.MustCompile(`\d\d:\d\d · `)
)

// readers are the days and the accesses of a list, as people read them but for the time of day.
func readers(a testhub.Answer) (all []string) {
	for _, found := range accessPart.FindAllStringSubmatch(a.Text, -1) {
		text := strings.ReplaceAll(found[1]+found[2], "</p>\n<p>", ": ")
		all = append(all, clockTime.ReplaceAllString(markup.ReplaceAllString(text, ""), ""))
	}
	return all
}

func wantReaders(t *testing.T, a testhub.Answer, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, readers(a.Want(t, http.StatusOK))); diff != "" {
		t.Errorf("%s (-want +got): %s", a.Request.URL, diff)
	}
}

// redate puts the accesses to the times that a statement's expression gives.
func redate(h *testhub.Hub, time string) {
	h.DB.Exec(`SELECT thalamus_access_month(day) FROM unnest('{2026-04-01,2026-05-01,2026-06-01}'::timestamptz[]) AS day`)
	h.DB.Exec(`UPDATE thalamus_access SET time = ` + time)
}

// The list tells who has read what and in which role, below its day, the newest first. What was
// refused has a word for it.
func TestTheListOfReadersIsGroupedByDay(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	addPage(h, ana[0], "may", `{"page_date": "2026-05-20T09:00:00+02:00"}`)
	addPage(h, ana[0], "undated", `{}`)
	for _, c := range []struct {
		account      []string
		method, path string
		status       int
	}{
		{cameron, "GET", "/people/" + ana[0], 200}, {other, "GET", "/pols/" + ana[0], 403},
		{cameron, "GET", "/pols/" + ana[0] + "/may", 200}, {cameron, "GET", "/pols/" + ana[0] + "/undated", 200}, {cameron, "GET", "/pols/" + ana[0] + "/gone", 404},
		{cameron, "GET", "/personal_docs/" + ana[0] + "/may", 200}, {root, "GET", "/people", 200}, {cameron, "GET", "/people?q=betz", 200},
		{other, "PATCH", "/people/" + ana[0], 403}, {h.Enrol("STRANGER", "herbalist"), "GET", "/people/" + ana[0], 403},
		{h.Enrol("NOROLE"), "GET", "/people/" + ana[0], 403}, {root, "GET", "/changes?person=" + ana[0], 200},
	} {
		h.Do(c.account, c.method, c.path, "{}").Want(t, c.status)
	}
	copyLines()
	redate(h, `timestamptz '2026-05-31 22:30Z' + (seq - (SELECT min(seq) FROM thalamus_access)) / 3 * interval '30 minutes'`)

	const doctor = "Cameron Cordara, ITAPYT999HON · Health professional: "
	a := h.SignIn(ana).Get("/portal/access")
	wantReaders(t, a,
		"1 June 2026", "Admin Root, ARGBUE111FAV · Administrator: the feed of changes, as other programs follow it",
		"NOROLE · without a role: personal details · was refused", "STRANGER · herbalist: personal details · was refused",
		"31 May 2026",
		"Other Enduser, FRAOTH001EUS · Patient: personal details · wanted to write or change it · was refused",
		doctor+"a list of people", "Admin Root, ARGBUE111FAV · Administrator: a list of everybody",
		doctor+"documents of a page, page of 20 May 2026", doctor+"a page of the book · was shown nothing", doctor+"page without a date",
		doctor+"page of 20 May 2026", "Other Enduser, FRAOTH001EUS · Patient: book of life · was refused", doctor+"personal details",
	)
	wantText(t, a, `<a href="/portal/page/may">`, `<a href="/portal/page/undated">`, `<strong class="wrong">was refused</strong>`, `<details class="search">`, `<time datetime="2026-05-31T23:30Z">23:30</time>`)
}

// A list of readers is shown to the person and to auditors; only these are told the address, the
// request, and whose list had the person.
func TestTheListOfReadersIsForThePersonAndAuditors(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(root, "POST", "/people/"+other[0]+"/links", `{"person": "`+ana[0]+`", "same": false}`).Want(t, 201)
	h.Do(cameron, "GET", "/people/"+other[0]+"/links", "").Want(t, 200)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	copyLines()
	for _, c := range []struct {
		account []string
		path    string
		status  int
		audited bool
	}{
		{ana, "/portal/access", 200, false}, {ana, "/portal/people/" + testhub.Small(ana) + "/access", 200, false},
		{root, "/portal/people/" + testhub.Small(ana) + "/access", 200, true},
		{other, "/portal/people/" + ana[0] + "/access", 403, false}, {cameron, "/portal/people/" + ana[0] + "/access", 403, false},
		{nobody, "/portal/access", 303, false}, {nobody, "/portal/people/" + ana[0] + "/access", 303, false},
		{root, "/portal/people/NOBODY/access", 404, false}, {ana, "/portal/people/NOBODY/access", 403, false},
		{h.Enrol("DOCTOR", "health_professional"), "/portal/access", 403, false},
	} {
		a := h.SignIn(c.account).Get(c.path).Want(t, c.status)
		if listed := strings.Contains(a.Text, "somebody else’s records"); listed != (c.status == 200) {
			t.Errorf("%v at %s: %s", c.account, c.path, a.Text)
		}
		if named := strings.Count(a.Text, "In a list about <bdi>"+other[0]+"</bdi>") == 1 && strings.Count(a.Text, "In a list") == 1; named != c.audited {
			t.Errorf("%v at %s names whose list it was: %v", c.account, c.path, named)
		}
		for _, secret := range []string{"127.0.0.1", "request <bdi>", other[0]} {
			if strings.Contains(a.Text, "Address <bdi>"+secret) != (c.audited && secret == "127.0.0.1") || strings.Contains(a.Text, secret) && !c.audited && !slices.Contains(c.account, secret) {
				t.Errorf("%v at %s: %s", c.account, c.path, a.Text)
			}
		}
		if titled := strings.Contains(a.Text, "<h1>Who read about <bdi>Ana Betz</bdi></h1>"); titled != c.audited {
			t.Errorf("%v at %s: the title is wrong", c.account, c.path)
		}
	}
}

// A page's date is part of the page: an auditor who may not read it is not told.
func TestAnAuditorWithoutPagesSeesNoDates(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/pols/"+ana[0]+"/"+testhub.BirthPage, "").Want(t, 200)
	copyLines()
	h.SetPolicy(policy(t, `[{"role": "auditor", "permissions": {"GET": ["login", "access"], "global": "True"}}]`))
	b := h.SignIn(h.Enrol("AUDITOR", "auditor"))
	a := b.Get("/portal/people/" + ana[0] + "/access")
	wantReaders(t, a, readers(a)[0], "Cameron Cordara, ITAPYT999HON · Health professional: a page of the book")
	if strings.Contains(a.Text, testhub.BirthPage) {
		t.Errorf("the page is named: %s", a.Text)
	}
}

func TestOnesOwnVisitsAreHiddenUntilTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	b := h.SignIn(ana)
	h.Do(ana, "GET", "/pols/"+ana[0], "").Want(t, 200)
	copyLines()

	hidden := b.Get("/portal/access?from=2000-01-01")
	wantReaders(t, hidden)
	wantText(t, hidden, "Nobody has read anything on these days.", "Your own visits are not shown.", `<a href="/portal/access?from=2000-01-01&amp;own=1">Show them, too</a>`)
	wantText(t, b.Get("/portal/access"), "Nobody has read anything here yet.")

	shown := b.Get("/portal/access?from=2000-01-01&own=1")
	wantReaders(t, shown, readers(shown)[0], "Ana Betz, ESPGNU777ORG · Patient: book of life")
	wantText(t, h.SignIn(root).Get("/portal/people/"+ana[0]+"/access"), "The person’s own visits are not shown.")
	wantText(t, shown, "Your own visits are shown, too.", `<a href="/portal/access?from=2000-01-01">Hide them</a>`, `<input type="hidden" name="own" value="1">`, `<a href="/portal/access?own=1">All</a>`)
}

// Who read me in May? The first day and the last count both.
func TestTheListOfReadersIsNarrowedToSomeDays(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	for range 4 {
		h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	}
	copyLines()
	redate(h, `('{2026-04-30 23:59:59.9Z,2026-05-01 00:00Z,2026-05-31 23:59:59.9Z,2026-06-01 00:00Z}'::timestamptz[])[1 + seq - (SELECT min(seq) FROM thalamus_access)]`)

	b := h.SignIn(ana)
	const may = "from=2026-05-01&to=2026-05-31" // which has a link of its own for a year
	for query, want := range map[string][]string{
		may: {"31 May 2026", "1 May 2026"}, "from=2026-05-31": {"1 June 2026", "31 May 2026"},
		"to=2026-05-01": {"1 May 2026", "30 April 2026"}, "to=2026-04-29": nil, "from=&to=": {"1 June 2026", "31 May 2026", "1 May 2026", "30 April 2026"},
	} {
		a := b.Get("/portal/access?"+query).Want(t, http.StatusOK)
		got := slices.DeleteFunc(readers(a), func(line string) bool { return strings.Contains(line, ": ") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
		if open := strings.Contains(a.Text, `<details class="search" open>`); open != (query != "from=&to=") && query != may {
			t.Errorf("%s: the form is open: %v", query, open)
		}
	}

	for query, problem := range map[string]string{"from=May": "This is no day.", "from=2026-06-01&to=2026-05-01": "This day is before the first one."} {
		a := b.Get("/portal/access?"+query).Want(t, http.StatusUnprocessableEntity)
		if !strings.Contains(a.Text, problem) || !strings.Contains(a.Text, `<details class="search" open>`) || len(readers(a)) > 0 {
			t.Errorf("%s: %s", query, a.Text)
		}
	}
}

func TestTheListOfReadersComesInParts(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	for n := range 60 {
		h.Do(cameron, "GET", fmt.Sprintf("/pols/%s/gone", ana[0]), "").Want(t, 404)
		if n%20 == 0 {
			h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, 200)
		}
	}
	copyLines()
	redate(h, `timestamptz '2026-05-10 12:00Z'`)

	b := h.SignIn(ana)
	filters := "from=2026-05-01&own=1&to=2026-05-31"
	path, sizes := "/portal/access?"+filters, []int{}
	for path != "" && len(sizes) < 5 {
		a := b.Get(path).Want(t, http.StatusOK)
		sizes = append(sizes, len(readers(a))-1) // without the day
		if first := href(a, "first"); (first == "/portal/access?"+filters) != (len(sizes) > 1) {
			t.Errorf("part %d leads back to %q", len(sizes), first)
		}
		path = href(a, "next")
	}
	if diff := cmp.Diff([]int{25, 25, 13}, sizes); diff != "" {
		t.Error(diff)
	}
	for _, place := range []string{"x", "MS4", url.QueryEscape("/w==")} {
		b.Get("/portal/access?after="+place).Want(t, http.StatusUnprocessableEntity)
	}
}

// withoutPersons are pages of administrators that show nobody's record.
var withoutPersons = []string{"/portal/admin/refusals", "/portal/admin/followers", "/portal/admin/new-account"}

// Each page about a person that is read is in that person's list, in words: her own reading, too, and the lists of
// administrators that have her.
func TestEveryPageThatIsReadIsInTheListOfReaders(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.DB.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found, decided, account, time) VALUES
		($1, $2, 0.1, now(), NULL, NULL, NULL), ($3::varchar, $1, 0.1, now(), 'apart', $3, now())`, ana[0], other[0], root[0])
	h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated)
	b, auditor := h.SignIn(ana), h.SignIn(root)
	for _, row := range h.Pages {
		if row.Method != http.MethodGet || slices.Contains(aboutNobody, row.Endpoint) || slices.Contains(withoutPersons, row.Pattern) {
			continue
		}

		reader, who := b, "Ana Betz, ESPGNU777ORG · Patient: "
		if row.Subject != gate.OfCaller {
			reader, who = auditor, "Admin Root, ARGBUE111FAV · Administrator: "
		}
		copyLines()
		h.DB.Exec(`DELETE FROM thalamus_access`)
		reader.Get(pathOf(h, row))
		copyLines()

		list := readers(b.Get("/portal/access?own=1").Want(t, http.StatusOK))
		if len(list) < 2 || !strings.HasPrefix(list[1], who) || strings.HasPrefix(list[1], who+string(row.Endpoint)+" ·") || list[1] == who+string(row.Endpoint) {
			t.Errorf("%s: the list has %q", row.Pattern, list)
		}
	}
}

// An empty list would say that nobody has read anything.
func TestAHubThatKeepsNoIndexSaysSo(t *testing.T) {
	t.Parallel()
	unindexed, _ := testhub.Recorded(t)
	for _, h := range []*testhub.Hub{quickHub(t), unindexed} {
		a := h.SignIn(ana).Get("/portal/access").Want(t, http.StatusOK)
		wantText(t, a, "does not keep a list", "Ask its administrator", `<a href="#contact">`)
		if strings.Contains(a.Text, "Nobody") || strings.Contains(a.Text, "<details") {
			t.Errorf("it says %s", a.Text)
		}
		h.SignIn(other).Get("/portal/people/"+ana[0]+"/access").Want(t, http.StatusForbidden)
	}
}

// Every word of a full list is of the catalogue.
func TestTheListOfReadersIsTranslated(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/pols/"+ana[0]+"/"+testhub.BirthPage, "").Want(t, 200)
	h.Do(other, "PATCH", "/people/"+ana[0], "{}").Want(t, 403)
	copyLines()
	b := h.SignIn(root)
	a := h.DoWith(nil, "GET", "/portal/people/"+ana[0]+"/access", "", "Cookie", b.Cookie, "Accept-Language", portal.PseudoTag).Want(t, http.StatusOK)
	values := regexp.MustCompile(`<bdi[^>]*>[^<]*`)
	text := strings.ReplaceAll(strings.Join(readers(testhub.Answer{Response: a.Response, Text: values.ReplaceAllString(a.Text, "")}), " "), "lorem", "")
	if found := regexp.MustCompile(`\b[a-z]{3,}\b`).FindAllString(text, -1); len(found) > 0 {
		t.Errorf("it says in English: %q", found)
	}
}

// Every month that is offered has its accesses and no others, with or without one's own.
func TestAMonthOfReadersIsOneChoice(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	for range 2 {
		h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	}
	copyLines()
	h.DB.Exec(`SELECT thalamus_access_month(now() - interval '2 months'), thalamus_access_month(now() - interval '1 month')`)
	h.DB.Exec(`UPDATE thalamus_access SET time = date_trunc('month', now(), 'UTC') - interval '1 month' * (seq - (SELECT min(seq) FROM thalamus_access)) - interval '1 microsecond'`)

	b := h.SignIn(ana)
	a := b.Get("/portal/access?own=1").Want(t, http.StatusOK)
	_, months, _ := strings.Cut(a.Text, `<nav class="choices" aria-label="Months">`)
	months, _, _ = strings.Cut(months, "</nav>")
	months = strings.NewReplacer("<bdi>", "", "</bdi>", "").Replace(months)
	links := regexp.MustCompile(`<a href="([^"]+)"( aria-current="true")?>([^<]+)</a>`).FindAllStringSubmatch(months, -1)
	if len(links) != 13 || links[0][1] != "/portal/access?own=1" || links[0][2] == "" || links[0][3] != "All" {
		t.Fatalf("the months: %q", links)
	}

	thisMonth := time.Now().UTC().AddDate(0, 0, 1-time.Now().UTC().Day())
	for i, link := range links[1:] {
		month := thisMonth.AddDate(0, -i, 0)
		name := month.Format("Jan")
		if month.Year() != thisMonth.Year() {
			name = month.Format("Jan 2006")
		}
		if link[3] != name || link[2] != "" {
			t.Errorf("month %d is %s, want %s", i, link[3], name)
		}

		shown := b.Get(html.UnescapeString(link[1])).Want(t, http.StatusOK)
		want := 0
		if i == 1 || i == 2 {
			want = 1
		}
		if got := strings.Count(shown.Text, "Cameron Cordara"); got != want {
			t.Errorf("%s has %d accesses, want %d", name, got, want)
		}
		if !strings.Contains(shown.Text, `<a href="`+link[1]+`" aria-current="true">`) || strings.Contains(shown.Text, "<details class=\"search\" open") || !strings.Contains(shown.Text, `name="own" value="1"`) {
			t.Errorf("%s is not chosen: %s", name, shown.Text)
		}
	}
}
