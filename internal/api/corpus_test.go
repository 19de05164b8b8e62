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

// Stories that only read share a hub for each roles file, in their turn.
func TestCorpus(t *testing.T) {
	t.Parallel()
	reading := map[string][][]exchange{}
	for _, story := range stories(t) {
		if !slices.ContainsFunc(story, exchange.changes) {
			reading[story[0].Roles] = append(reading[story[0].Roles], story)
			continue
		}
		t.Run(story[0].Name, func(t *testing.T) {
			t.Parallel()
			replay(t, hubFor(t, story), story)
		})
	}

	for roles, all := range reading {
		t.Run("reading "+roles, func(t *testing.T) {
			t.Parallel()
			h := hubFor(t, all[0])
			for _, story := range all {
				t.Run(story[0].Name, func(t *testing.T) { replay(t, h, story) })
			}
		})
	}
}

// changes reports whether an exchange may leave another database than it found.
func (e exchange) changes() bool {
	return e.PreSQL != "" || !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, e.Request.Method)
}

// hubFor starts a hub for a story, with cheap hashes where nobody looks at them.
func hubFor(t *testing.T, story []exchange) *hub {
	t.Helper()
	roles := fmt.Sprintf("testdata/roles.%s.cfg", story[0].Roles)
	if slices.ContainsFunc(story, exchange.seesHashes) {
		return hubWith(t, roles)
	}
	return quickHubWith(t, roles)
}

// seesHashes reports whether the cost of a hash may matter.
func (e exchange) seesHashes() bool {
	const fixtures = "$2b$12$"
	sets := e.Request.Body != nil && strings.Contains(*e.Request.Body, "password")
	return sets || strings.Contains(fmt.Sprint(e.Expect.DB), fixtures)
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
