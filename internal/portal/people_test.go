// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// register adds a person, and has the search know the names.
func register(h *testhub.Hub, id, record string) {
	h.T.Helper()
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ($1::text, jsonb_build_object('id', $1::text) || $2::jsonb)`, id, record)
}

// learnNames takes up the words of names, as the hub does soon.
func learnNames(h *testhub.Hub) {
	h.T.Helper()
	publish(h)
	for more := true; more; {
		var err error
		more, err = h.DB.LearnWords(h.T.Context())
		if err != nil {
			h.T.Fatal(err)
		}
	}
}

// ward is a hub with the people of a ward: namesakes, and names of several scripts and sorts.
func ward(t *testing.T) (*testhub.Hub, *testhub.AccessRecord) {
	t.Helper()
	h, lines := testhub.Recorded(t, func(o *testhub.Options) { o.SearchFields = []string{"gender", "profession", "blood"} })
	register(h, "KORMIN001", `{"name": "민준", "lastname": "김", "dob": "2001-02-03", "gender": "m"}`)
	register(h, "ESPGRA118SAN", `{"name": "Gracia María", "lastname": "Santana Ojeda", "dob": "1991-03-08", "gender": "f", "profession": "musician"}`)
	register(h, "ESPSAN200OJE", `{"name": "Luis", "lastname": "Santana Ruiz", "dob": "1950", "gender": "m", "deceased": true, "dod": "2020-05-06"}`)
	register(h, "MARHAD003", `{"name": "Hadda", "lastname": "O'Brien-Šimić", "dob": "1991-07", "active": false}`)
	learnNames(h)
	return h, lines
}

var foundRow = regexp.MustCompile(`(?s)<th scope="row">(.*?)</th>\n<td data-label="[^"]*"><bdi>([^<]*)</bdi>`)

// foundIDs are the ids of the persons of a list, in order.
func foundIDs(a testhub.Answer) (ids []string) {
	for _, found := range foundRow.FindAllStringSubmatch(a.Text, -1) {
		ids = append(ids, found[2])
	}
	return ids
}

func search(t *testing.T, b testhub.Browser, query ...string) testhub.Answer {
	t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		values.Add(query[i], query[i+1])
	}
	return b.Get("/portal/people?" + values.Encode())
}

func TestAPersonIsFoundHoweverTheNameIsWritten(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	b := h.SignIn(cameron)
	for _, c := range []struct{ text, id, fit string }{
		{"Anna Bets", ana[0], "Nearly the same"}, {"betz ana", ana[0], "All words fit"}, {"BETZ", ana[0], "All words fit"},
		{"김민준", "KORMIN001", "All words fit"}, {"민준 김", "KORMIN001", "All words fit"},
		{"Grasia Santana Ojeda", "ESPGRA118SAN", "Nearly the same"}, {"gracia maria santana", "ESPGRA118SAN", "All words fit"},
		{"Obrien Simic", "MARHAD003", "All words fit"}, {"Santana Ojeda Grazia", "ESPGRA118SAN", "Nearly the same"},
		{ana[0], ana[0], "This is the account"}, {testhub.Small(ana), ana[0], "This is the account"}, {"lowerid001", "lowerid001", "This is the account"},
	} {
		a := search(t, b, "q", c.text).Want(t, http.StatusOK)
		ids := foundIDs(a)
		if len(ids) == 0 || ids[0] != c.id {
			t.Errorf("%q finds %q, want %s first", c.text, ids, c.id)
		}
		fit := regexp.MustCompile(`data-label="How well it fits">([^<]*)<`).FindStringSubmatch(a.Text)
		if fit == nil || fit[1] != c.fit {
			t.Errorf("%q: the first fits %q, want %q", c.text, fit, c.fit)
		}
	}
	if ids := foundIDs(search(t, b, "q", "Santana Ojeda")); !slices.Equal(ids, []string{"ESPGRA118SAN", "ESPSAN200OJE"}) {
		t.Errorf("two surnames find %q", ids)
	}
}

// The search is the API's: the same persons in the same order, whatever narrows it.
func TestTheSearchOfThePortalIsThatOfTheAPI(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	b := h.SignIn(cameron)
	for _, query := range []string{
		"q=santana", "q=santana&deceased=true", "q=santana&deceased=false", "q=santana&gender=f", "q=santana&profession=musician", "q=santana&blood=0",
		"q=ana", "q=ana&dob=1985", "q=noactive&active=true", "q=o", "dob=1991", "dob=1991-03", "dob=1991-03-08", "dob=1984..1986", "dob=..1960", "dob=1991&active=false", "dob=1991&gender=f",
	} {
		var people [][]struct{ ID string }
		a := h.Do(cameron, http.MethodGet, "/people?limit=100&"+query, "").Want(t, http.StatusOK)
		if err := json.Unmarshal([]byte(a.Text), &people); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, one := range people {
			want = append(want, one[0].ID)
		}
		shown := b.Get("/portal/people?"+query).Want(t, http.StatusOK)
		if diff := cmp.Diff(want, foundIDs(shown)); diff != "" {
			t.Errorf("%s (-API +portal): %s", query, diff)
		}
		if empty := strings.Contains(shown.Text, "Nobody was found."); empty != (len(want) == 0) {
			t.Errorf("%s: it says that nobody was found: %t", query, empty)
		}
	}
}

// Of what cannot be searched for the form says why, and keeps what was typed; nothing typed is no search.
func TestASearchThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	h, lines := ward(t)
	b := h.SignIn(cameron)
	lines.Take()
	for _, c := range []struct{ name, value, problem string }{
		{"dob", "4.10.1985", "Write a day like"}, {"dob", "1990..1980", "Write a day like"}, {"deceased", "yes", "Choose one"}, {"active", "<b>", "Choose one"},
		{"q", strings.Repeat("a", 601), "too long"}, {"q", strings.Repeat("a ", 33) + "a", "cannot be searched for"}, {"q", "!?", "cannot be searched for"}, {"gender", "f", ""},
	} {
		typed := []string{c.name, c.value}
		if c.name == "deceased" || c.name == "active" {
			typed = append(typed, "q", "ana")
		}
		a := search(t, b, typed...).Want(t, http.StatusUnprocessableEntity)
		wrong := c.name
		if c.problem == "" {
			wrong, c.problem = "q", "Type a name"
		}
		if !regexp.MustCompile(`<p class="wrong" id="`+wrong+`-wrong">[^\n]*`+c.problem).MatchString(a.Text) || len(foundIDs(a)) > 0 {
			t.Errorf("%s %q: %s", c.name, c.value, a.Text)
		}
		if !strings.Contains(a.Text, `value="`+html.EscapeString(c.value)+`"`) {
			t.Errorf("%s %q is not kept: %s", c.name, c.value, a.Text)
		}
	}
	search(t, b, "q", "ana", "after", "nonsense").Want(t, http.StatusUnprocessableEntity)
	search(t, b, "dob", "1991", "after", "!").Want(t, http.StatusUnprocessableEntity)

	lines.Take()
	for _, empty := range []string{"", "?", "?q=&dob=&deceased=", "?q=%20&unknown=1"} {
		a := b.Get("/portal/people"+empty).Want(t, http.StatusOK)
		if strings.Contains(a.Text, "Nobody was found") || strings.Contains(a.Text, `class="wrong"`) || len(foundIDs(a)) > 0 {
			t.Errorf("%q: %s", empty, a.Text)
		}
		if named := lines.Persons(t); named != "[]" {
			t.Errorf("%q: the record names %s", empty, named)
		}
	}
}

// The list has 25 persons a page, keeps the search, and each page has its own persons in the access record.
func TestTheSearchIsShownInPages(t *testing.T) {
	t.Parallel()
	h, lines := ward(t)
	for n := range 110 {
		register(h, fmt.Sprintf("NAMESAKE%03d", n), `{"name": "Mario", "lastname": "López", "dob": "1977-01-01", "gender": "m"}`)
	}
	learnNames(h)
	b := h.SignIn(cameron)
	for query, pages := range map[string]int{"q=mario+lopes&gender=m": 4, "dob=1977": 5} {
		path, seen := "/portal/people?"+query, []string{}
		for page := 1; path != ""; page++ {
			lines.Take()
			a := b.Get(path).Want(t, http.StatusOK)
			ids := foundIDs(a)
			named, _ := json.Marshal(ids)
			if got := lines.Persons(t); got != string(named) {
				t.Errorf("%s: the record names %s, want %s", path, got, named)
			}
			if last := page == pages; len(ids) != 25 && !last || (nextOf(a) == "") != last {
				t.Fatalf("%s: page %d has %d persons, and then %q", query, page, len(ids), nextOf(a))
			}
			if cut := strings.Contains(a.Text, "Only the best <bdi>100</bdi> are shown"); cut != (page == 4 && pages == 4) {
				t.Errorf("%s: page %d says that it was cut: %t", query, page, cut)
			}
			if page > 1 && !strings.Contains(html.UnescapeString(a.Text), `rel="first" href="/portal/people?`+sorted(query)+`"`) {
				t.Errorf("%s: page %d does not lead to the first: %s", query, page, a.Text)
			}
			seen, path = append(seen, ids...), nextOf(a)
		}
		slices.Sort(seen)
		if whole := len(slices.Compact(slices.Clone(seen))); whole != len(seen) || whole != map[int]int{4: 100, 5: 110}[pages] {
			t.Errorf("%s: %d persons, %d of them different", query, len(seen), whole)
		}
	}
}

func sorted(query string) string {
	values, _ := url.ParseQuery(query)
	return values.Encode()
}

// nextOf is where a list goes on, "" if it does not.
func nextOf(a testhub.Answer) string {
	found := regexp.MustCompile(`rel="next" href="([^"]*)"`).FindStringSubmatch(a.Text)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// Those who may not list persons see neither the search nor a way to it.
func TestTheSearchIsForThoseWhoMayListPersons(t *testing.T) {
	t.Parallel()
	h, lines := ward(t)
	lister := h.Enrol("LISTER", "lists")
	h.SetPolicy(policyWith(t, `{"role": "lists", "permissions": {"GET": ["login", "people"], "global": "True"}}`))
	for _, c := range []struct {
		account        []string
		status, reader int // of the search, and of another's head
		own            int
	}{{nobody, 303, 303, 303}, {ana, 403, 403, 200}, {other, 403, 403, 200}, {cameron, 200, 200, 200}, {root, 200, 200, 200}, {lister, 200, 403, 403}} {
		b := h.SignIn(c.account)
		lines.Take()
		a := search(t, b, "q", "gracia").Want(t, c.status)
		if c.status == http.StatusForbidden && (strings.Contains(a.Text, "Gracia") || !strings.Contains(strings.Join(lines.Take(), ""), `"endpoint":"people","status":403`)) {
			t.Errorf("%v: the refusal is %s", c.account, a.Text)
		}
		b.Get("/portal/people/ESPGRA118SAN").Want(t, c.reader)
		if c.account == nil {
			continue
		}
		b.Get("/portal/people/"+c.account[0]).Want(t, c.own)
		home := b.Get("/portal/").Want(t, http.StatusOK)
		for _, way := range []string{`<a href="/portal/people">`, `role="search"`} {
			if shown := strings.Contains(home.Text, way); shown != (c.status == http.StatusOK) {
				t.Errorf("%v: the home page has %s: %t", c.account, way, shown)
			}
		}
		if leads := strings.Contains(a.Text, `href="/portal/people/ESPGRA118SAN"`); leads != (c.status == 200 && c.reader == 200) {
			t.Errorf("%v: the list leads to the person: %t", c.account, leads)
		}
	}
}
