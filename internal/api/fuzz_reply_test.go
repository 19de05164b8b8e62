// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"thalamus/internal/testhub"
)

// fuzzPatience is how long a request may take on a machine that does much else.
// A stream is left as soon as it is there.
const (
	fuzzPatience = 30 * time.Second
	fuzzStream   = 50 * time.Millisecond
)

// fuzzReply is a reply, or why there is none.
type fuzzReply struct {
	request fuzzRequest
	testhub.Answer
	err error
}

// send sends a request. One that takes too long has an error.
func (w *fuzzWorld) send(request fuzzRequest) fuzzReply {
	ctx, cancel := context.WithTimeout(w.T.Context(), fuzzPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, request.method, w.URL, strings.NewReader(request.body))
	if err != nil {
		return fuzzReply{request: request, err: err}
	}
	r.URL.Opaque = request.target // as it is, without Go's spelling
	for pair := range slices.Chunk(request.headers, 2) {
		r.Header.Add(pair[0], pair[1])
	}
	if request.session != "" {
		r.Header.Set("Cookie", request.session)
	} else if as := request.as; as.header != "" {
		r.Header.Set("Authorization", as.header)
	} else if as.id != "" {
		r.SetBasicAuth(as.id, as.password)
	}

	response, err := testhub.Client.Do(r)
	if err != nil {
		return fuzzReply{request: request, err: err}
	}
	defer response.Body.Close()
	stream := response.Header.Get("Content-Type") == "text/event-stream"
	if stream {
		time.AfterFunc(fuzzStream, cancel)
	}
	body, err := io.ReadAll(response.Body)
	if stream && errors.Is(err, context.Canceled) {
		err = nil
	}
	return fuzzReply{request, testhub.Answer{Response: response, Text: string(body)}, err}
}

// check holds a reply to what must be true of every one.
func (w *fuzzWorld) check(reply fuzzReply, alone bool) {
	if reply.err != nil {
		w.T.Fatalf("no reply to %v: %v", reply.request, reply.err)
	}
	status := reply.StatusCode
	wrong := func(rule string) {
		w.T.Errorf("%s: %v\nwas answered with %d %v %q", rule, reply.request, status, reply.Header, reply.Text)
	}
	busy := status == http.StatusServiceUnavailable && !alone // with others who change the same record
	if status >= http.StatusInternalServerError && !busy {
		wrong("this is a fault of the server")
	}
	if reply.Header.Get("X-Request-Id") == "" || reply.Header.Get("X-Content-Type-Options") != "nosniff" {
		wrong("a reply without X-Request-Id or nosniff")
	}
	needed := map[int]string{
		http.StatusUnauthorized: "WWW-Authenticate", http.StatusMethodNotAllowed: "Allow",
		http.StatusServiceUnavailable: "Retry-After", http.StatusTooManyRequests: "Retry-After",
	}[status]
	if needed == "WWW-Authenticate" && isOfPages(reply.request.target) { // a browser would ask by itself
		needed = ""
	}
	if needed != "" && reply.Header.Get(needed) == "" {
		wrong("a reply without " + needed)
	}
	if !wellFormed(reply) {
		wrong("this is no reply that a client can read")
	}
	for _, secret := range w.secretsIn(reply) {
		wrong("this shows " + secret)
	}
}

// wellFormed reports whether a body is what its type says, and that of an error says why.
func wellFormed(reply fuzzReply) bool {
	isError := reply.StatusCode >= http.StatusBadRequest
	switch kind, _, _ := strings.Cut(reply.Header.Get("Content-Type"), ";"); {
	case reply.request.method == http.MethodHead:
		return reply.Text == ""
	case kind == "application/json" && isError:
		var said struct{ Error string }
		return json.Unmarshal([]byte(reply.Text), &said) == nil && said.Error != ""
	case strings.HasSuffix(kind, "json"):
		return json.Valid([]byte(reply.Text))
	case isError:
		return kind == "text/html" && strings.Contains(strings.ToLower(reply.Text), "<!doctype html>")
	}
	return true
}

var (
	hashText = regexp.MustCompile(`\$2[aby]\$[0-9]{2}\$`)
	idsText  = regexp.MustCompile(`(?i)FUZZ(ED[0-9]{3}|NONE|ODD|INACTIVE|SMALL)`)
)

// secretsIn tells of what the caller must not see.
func (w *fuzzWorld) secretsIn(reply fuzzReply) (secrets []string) {
	var headers strings.Builder
	_ = reply.Header.Write(&headers)
	shown, caller := headers.String()+reply.Text, reply.request.as.id
	if hashText.MatchString(shown) {
		secrets = append(secrets, "a hash")
	}
	for _, password := range []string{fuzzPassword, fuzzOtherPassword} {
		if strings.Contains(shown, password) {
			secrets = append(secrets, "a password")
		}
	}
	if w.reachedBy[caller] || w.reachedBy[strings.ToUpper(caller)] {
		return secrets
	}
	for _, m := range w.markers {
		if strings.Contains(shown, m.text) && !m.signed && (m.owner == "" || m.owner != caller && m.owner != strings.ToUpper(caller)) {
			secrets = append(secrets, "what was planted in "+m.path)
		}
	}
	for _, id := range idsText.FindAllString(shown, -1) {
		if !strings.EqualFold(id, caller) && !containsFold(w.said+reply.request.target+reply.request.body, id) {
			secrets = append(secrets, "the id "+id)
		}
	}
	return secrets
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToUpper(text), strings.ToUpper(part))
}
