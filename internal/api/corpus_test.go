// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// exchange is a recorded request to the Python server, and what this server
// must answer.
type exchange struct {
	Name          string
	Roles         string
	AfterPrevious bool   `json:"after_previous"` // on the same database, as it was left
	PreSQL        string `json:"pre_sql"`
	Request       struct {
		Method, Path  string
		Auth          []string
		Authorization string
		Headers       [][2]string
		Body          *string
		BodyB64       []byte `json:"body_b64"`
		Chunked       bool
	}
	Expect struct {
		Status      []int
		JSON        any
		AnyOrder    bool `json:"any_order"`
		Headers     map[string]string
		ErrorObject bool     `json:"error_object"`
		BodyEmpty   bool     `json:"body_empty"`
		NotInBody   []string `json:"not_in_body"`
		DB          []struct {
			SQL  string
			Rows []any
		}
	}
}

// stories splits the corpus where a case starts on fresh records.
func stories(t *testing.T) (all [][]exchange) {
	t.Helper()
	file, err := os.Open("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.AfterPrevious {
			all[len(all)-1] = append(all[len(all)-1], e)
		} else {
			all = append(all, []exchange{e})
		}
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	return all
}

// Stories that only read or are refused share a hub for each roles file, in their turn: what
// one of them changes all the same, the others see.
func TestCorpus(t *testing.T) {
	t.Parallel()
	harmless := map[string][][]exchange{}
	for _, story := range stories(t) {
		if !slices.ContainsFunc(story, exchange.changes) {
			harmless[story[0].Roles] = append(harmless[story[0].Roles], story)
			continue
		}
		t.Run(story[0].Name, func(t *testing.T) {
			t.Parallel()
			replay(t, hubFor(t, story), story)
		})
	}

	for roles, all := range harmless {
		t.Run("harmless "+roles, func(t *testing.T) {
			t.Parallel()
			h := quickHubWith(t, corpusRoles(roles))
			for _, story := range all {
				t.Run(story[0].Name, func(t *testing.T) { replay(t, h, story) })
			}
		})
	}
}

// changes reports whether an exchange may need or leave another database than the others.
func (e exchange) changes() bool {
	reads := slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, e.Request.Method)
	refused := slices.Min(e.Expect.Status) >= http.StatusBadRequest
	return e.PreSQL != "" || !reads && !refused || e.seesCost()
}

// hubFor starts a hub for a story, with cheap hashes where nobody looks at them.
func hubFor(t *testing.T, story []exchange) *hub {
	t.Helper()
	if slices.ContainsFunc(story, exchange.seesCost) {
		return hubWith(t, corpusRoles(story[0].Roles))
	}
	return quickHubWith(t, corpusRoles(story[0].Roles))
}

func corpusRoles(name string) string { return fmt.Sprintf("testdata/roles.%s.cfg", name) }

// seesCost reports whether an exchange has to do with hashes of the usual cost.
func (e exchange) seesCost() bool {
	const hash = "$12$"
	sent := e.Request.Body != nil && strings.Contains(*e.Request.Body, hash)
	return sent || strings.Contains(fmt.Sprint(e.Expect.DB), hash)
}

// replay sends what a story tells, and reports to the test t.
func replay(t *testing.T, h *hub, story []exchange) {
	t.Helper()
	mine := *h.Hub
	mine.T = t
	for _, e := range story {
		e.replay(&hub{&mine})
	}
}

func (e exchange) replay(h *hub) {
	h.T.Helper()
	if e.PreSQL != "" {
		h.DB.Exec(e.PreSQL)
	}
	a := h.Send(e.request(h))
	if !slices.Contains(e.Expect.Status, a.StatusCode) {
		h.T.Errorf("%s: status %d, want one of %v: %.300s", e.Name, a.StatusCode, e.Expect.Status, a.Text)
	}
	e.checkHeaders(h.T, a)
	e.checkBody(h.T, a)
	for _, check := range e.Expect.DB {
		got, want := normal(h.T, h.DB.Rows(check.SQL)), normal(h.T, check.Rows)
		if diff := cmp.Diff(want, got); diff != "" && (len(check.Rows) > 0 || got != nil) {
			h.T.Errorf("%s: %s (-want +got)\n%s", e.Name, check.SQL, diff)
		}
	}
}

func (e exchange) request(h *hub) *http.Request {
	h.T.Helper()
	body := string(e.Request.BodyB64)
	if e.Request.Body != nil {
		body = *e.Request.Body
	}
	r := h.Request(e.Request.Auth, e.Request.Method, e.Request.Path, body)
	if e.Request.Chunked {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), -1
	}
	if e.Request.Authorization != "" {
		r.Header.Set("Authorization", e.Request.Authorization)
	}
	for _, header := range e.Request.Headers {
		r.Header.Add(header[0], header[1])
	}
	return r
}

func (e exchange) checkHeaders(t testing.TB, a testhub.Answer) {
	t.Helper()
	for name, pattern := range e.Expect.Headers {
		if !regexp.MustCompile(`^(?s:` + pattern + `)$`).MatchString(a.Header.Get(name)) {
			t.Errorf("%s: header %s is %q, want %s", e.Name, name, a.Header.Get(name), pattern)
		}
	}
}

func (e exchange) checkBody(t testing.TB, a testhub.Answer) {
	t.Helper()
	for _, text := range e.Expect.NotInBody {
		if strings.Contains(a.Text, text) {
			t.Errorf("%s: the body holds %s", e.Name, text)
		}
	}
	if e.Expect.BodyEmpty && a.Text != "" {
		t.Errorf("%s: the body is %q", e.Name, a.Text)
	}
	var failure struct{ Error string }
	if e.Expect.ErrorObject && (json.Unmarshal([]byte(a.Text), &failure) != nil || failure.Error == "") {
		t.Errorf("%s: the body is no error object: %.300s", e.Name, a.Text)
	}
	if e.Expect.JSON == nil {
		return
	}
	got, want := decode(t, a.Text), e.Expect.JSON
	if e.Expect.AnyOrder {
		got, want = sorted(t, got), sorted(t, want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: body (-want +got)\n%s", e.Name, diff)
	}
}

func decode(t testing.TB, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	return value
}

// sorted puts the elements of an array in some fixed order.
func sorted(t testing.TB, value any) any {
	t.Helper()
	elements, ok := value.([]any)
	if !ok {
		t.Fatalf("not an array: %v", value)
	}
	slices.SortFunc(elements, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return elements
}

// normal makes rows comparable: values of JSON, with $2a$ and $2b$ alike.
func normal(t testing.TB, rows any) any {
	t.Helper()
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, strings.ReplaceAll(string(text), "$2a$", "$2b$"))
}
