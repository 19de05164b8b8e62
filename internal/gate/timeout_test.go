// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// shortTimeout gives requests little patience; on a busy machine, good ones need some.
func shortTimeout(o *testhub.Options) { o.Timeout = 2 * time.Second }

// lockUnits lets nobody read the domiciliary units until the test ends, and gives a clock:
// it returns when a request that begins now has used up its patience.
func (h *hub) lockUnits() (awaitPatience func()) {
	h.T.Helper()
	h.Do(root, "GET", "/login", "").Want(h.T, http.StatusOK)
	h.DB.Hold(`LOCK TABLE dus IN ACCESS EXCLUSIVE MODE`)
	return func() {
		h.T.Helper()
		h.wantTimeout(h.Do(root, "GET", "/domiciliary-units/U", ""))
	}
}

func (h *hub) wantTimeout(a testhub.Answer) {
	h.T.Helper()
	a.Want(h.T, http.StatusServiceUnavailable)
	if a.Header.Get("Retry-After") == "" || !strings.Contains(a.Text, "could not be answered in time") {
		h.T.Errorf("%s %s: %s", a.Request.Method, a.Request.URL.Path, a.Text)
	}
}

func TestARequestOfEachKindTimesOut(t *testing.T) {
	t.Parallel()
	page, documents := "/pols/"+ana[0]+"/"+testhub.BirthPage, "/personal_docs/"+ana[0]
	document := documents + "/" + testhub.BirthPage
	for locked, requests := range map[string][]string{
		`people`: {"GET /login", "GET /people/" + ana[0], "GET /people", "PATCH /people/" + ana[0]},
		`pols, personal_docs, institutions, thalamus_changes`: {
			"GET " + page, "GET /pols/" + ana[0], "GET " + documents, "GET " + document + "/X", "GET /institutions", "GET /changes?wait=60s",
			"GET " + page + "/history", "POST /pols/" + ana[0] + "/NEW", "POST " + document, "DELETE " + page,
		},
	} {
		h := quickHub(t, shortTimeout)
		h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)
		h.DB.Hold(`LOCK TABLE ` + locked + ` IN ACCESS EXCLUSIVE MODE`)
		var asked sync.WaitGroup

		for _, request := range requests {
			asked.Go(func() {
				method, path, _ := strings.Cut(request, " ")
				h.wantTimeout(h.Do(root, method, path, `{"id": "NEW"}`))
			})
		}

		asked.Go(func() { h.wantTimeout(h.DoWith(root, "GET", "/changes", "", "Accept", "text/event-stream")) })
		asked.Wait()
	}
}

// Of the body the server has the first half, and has asked for more.
func TestTheTimeOfABodyIsNotTheRequestsTimeout(t *testing.T) {
	t.Parallel()
	h := quickHub(t, shortTimeout)
	awaitPatience := h.lockUnits()

	for path, body := range map[string]string{
		"/pols/" + ana[0] + "/NEW": `{"id": "NEW"}`,
		"/personal_docs/" + ana[0] + "/" + testhub.BirthPage + "?id=DOCUMENT": "a document",
	} {
		var sending sync.WaitGroup
		sending.Go(func() {
			half := len(body) / 2
			source, sink := io.Pipe()
			asked := make(chan struct{})
			trace := &httptrace.ClientTrace{Got100Continue: func() { close(asked) }}
			r := h.Request(root, "POST", path, body)
			r = r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
			r.Header.Set("Expect", "100-continue")
			r.Body, r.GetBody = source, nil
			sending.Go(func() {
				_, _ = io.WriteString(sink, body[:half])
				<-asked
				awaitPatience()
				_, _ = io.WriteString(sink, body[half:])
				_ = sink.Close()
			})

			h.Send(r).Want(t, http.StatusCreated)
		})

		sending.Wait()
	}
}

// The login has one of two turns, and keeps it until the test lets it go.
func TestTheTimeOfALoginQueueIsNotTheRequestsTimeout(t *testing.T) {
	t.Parallel()
	began, released := make(chan struct{}), make(chan struct{})
	h := quickHub(t, shortTimeout, func(o *testhub.Options) {
		verifier, err := auth.NewVerifier(auth.Options{
			Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: 5, Remember: time.Hour, Workers: 2, Pause: gate.Pause,
			Upgrade: func(_ context.Context, id, _, _ string) error {
				if id == ana[0] {
					close(began)
					<-released
				}
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}

		o.Verifier = verifier
	})

	awaitPatience := h.lockUnits()
	var login sync.WaitGroup
	login.Go(func() { h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK) })
	<-began
	awaitPatience()
	close(released)
	login.Wait()
}
