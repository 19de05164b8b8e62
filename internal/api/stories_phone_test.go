// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// phoneMeasurements is what MyGNUHealth measures.
var phoneMeasurements = []string{
	`[{"bp":{"systolic":120,"diastolic":80}},{"hr":70}]`,
	`[{"bg":98}]`,
	`[{"osat":97}]`,
	`[{"wt":68.5,"bmi":24.1}]`,
	`[{"mood_energy":{"mood":2,"energy":1}}]`,
	`[{"sleep":{"sleeptime":"8","sleepquality":"good"}}]`,
	`[{"nutrition":{"calories":1800,"water":null}}]`,
	`[{"pa":{"aerobic":30,"anaerobic":0,"steps":4000}}]`,
	`null`,
}

// phonePage is the n-th page as the phone writes it: naive local time, much null.
func phonePage(book string, n int) (id, body string) {
	id = fmt.Sprintf("5f0c1d2e-0000-4000-8000-%012d", n)
	date := fmt.Sprintf("2024-05-01T10:11:%02d.123456", n%60)
	if n%2 == 0 {
		date = fmt.Sprintf("2024-05-01 10:%02d:00", n%60)
	}
	return id, fmt.Sprintf(`{"book":%[1]q,"author":"Ana Betz","author_acct":%[1]q,"page_date":%[2]q,"age":"38y 6m 27d",
		"domain":"medical","context":"self_monitoring","relevance":null,"privacy":false,"measurements":%[3]s,
		"genetic_info":null,"summary":null,"info":"medición nº %[4]d","node":"mygnuhealth","fsynced":false,"page":%[5]q,
		"creation_info":{"user":%[1]q,"timestamp":%[2]q,"node":"mygnuhealth"},"id":%[5]q}`,
		book, date, phoneMeasurements[n%len(phoneMeasurements)], n, id)
}

// losing is a network that loses one reply after the server has done its work.
type losing struct{ at, sent int }

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := testhub.Client.Transport.RoundTrip(r)
	if l.sent++; l.sent == l.at && err == nil {
		_ = reply.Body.Close()
		return nil, errors.New("the reply was lost")
	}
	return reply, err
}

// pushAll is the phone's synchronisation: page by page, and one that got no
// answer below 400 again with the next round.
func pushAll(h *hub, phone *http.Client, pages int) {
	h.T.Helper()
	synced := map[int]bool{}
	for round := 0; len(synced) < pages && round < 3; round++ {
		for n := range pages {
			if synced[n] {
				continue
			}
			id, body := phonePage(ana[0], n)
			reply, err := phone.Do(h.Request(ana, "POST", "/pols/"+ana[0]+"/"+id, body))
			if err != nil {
				continue
			}
			synced[n] = reply.StatusCode < http.StatusBadRequest
			_ = reply.Body.Close()
			if !synced[n] {
				h.T.Errorf("page %d: status %d", n, reply.StatusCode)
			}
		}
	}
	if len(synced) != pages {
		h.T.Errorf("%d pages were synchronised, want %d", len(synced), pages)
	}
}

func TestAPhonePushesAHundredPagesOverALossyNetwork(t *testing.T) {
	t.Parallel()
	const pages = 100
	h := quickHub(t)
	h.DB.Exec(`DELETE FROM personal_docs; DELETE FROM pols`)
	h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)

	network := &losing{at: 42}
	pushAll(h, &http.Client{Transport: network}, pages)
	if network.sent != pages+1 {
		t.Errorf("%d requests for %d pages of which one was sent twice", network.sent, pages)
	}

	var book [][]map[string]any
	if err := json.Unmarshal([]byte(h.Do(ana, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK).Text), &book); err != nil {
		t.Fatal(err)
	}
	stored := map[any]map[string]any{}
	for _, page := range book {
		stored[page[0]["id"]] = page[0]
	}
	if len(book) != pages || len(stored) != pages {
		t.Errorf("the book has %d pages with %d ids, want %d", len(book), len(stored), pages)
	}
	for n := range pages {
		id, body := phonePage(ana[0], n)
		if diff := cmp.Diff(decode(t, body), any(stored[id])); diff != "" {
			t.Errorf("page %d (-sent +stored)\n%s", n, diff)
		}
	}
}
