// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

// maxJudged is how many bytes of a reply are judged. Of a longer list it is the items that
// these bytes have; a longer object is only judged by its status and its headers.
const maxJudged = 256 << 10

// judge is a transport that holds every reply to the description of the hub that sent it.
type judge struct{ http.RoundTripper }

// hubs are those that run, by address.
var hubs sync.Map

// register lets the replies of a hub be judged until its test ends.
func (h *Hub) register() {
	address := h.Listener.Addr().String()
	hubs.Store(address, h)
	h.T.Cleanup(func() { hubs.Delete(address) })
}

// RoundTrip is http.RoundTripper's.
func (j judge) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := j.RoundTripper.RoundTrip(r)
	if err != nil {
		return reply, err
	}

	found, _ := hubs.Load(r.URL.Host)
	hub, ok := found.(*Hub)
	if !ok || isRefusedByGo(reply) {
		return reply, nil
	}

	reply.Body = &judgedBody{ReadCloser: reply.Body, hub: hub, exchange: Exchange{Request: r, Reply: reply}}
	return reply, nil
}

// isRefusedByGo reports whether net/http itself has answered a request that it could not read.
func isRefusedByGo(reply *http.Response) bool {
	return reply.StatusCode == http.StatusBadRequest && strings.HasPrefix(reply.Header.Get("Content-Type"), "text/plain")
}

// judgedBody is the body of a reply, which is judged when it has come to its end.
type judgedBody struct {
	io.ReadCloser
	hub      *Hub
	exchange Exchange
	begin    bytes.Buffer
	judged   bool
}

// Read is io.Reader's.
func (b *judgedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if room := maxJudged + 1 - b.begin.Len(); room > 0 {
		b.begin.Write(p[:min(n, room)])
	}
	if err == io.EOF && !b.judged {
		b.judged = true
		b.exchange.Body = b.begin.Bytes()
		b.hub.judge(b.exchange)
	}
	return n, err
}

// judge fails the hub's test if a reply is not as the description says.
func (h *Hub) judge(e Exchange) {
	h.T.Helper()
	e.Prefix = strings.TrimRight(cmp.Or(h.basePath, e.Header.Get("X-Forwarded-Prefix")), "/")
	if isOther(strings.TrimPrefix(pathOf(e.Request), e.Prefix)) {
		return
	}
	if len(e.Body) > maxJudged {
		e.Body = firstItems(e.Body)
		e.Cut = e.Body == nil
	}

	for _, fault := range h.contract().Faults(e) {
		h.T.Errorf("%s %s, %d, is not as described: %s", e.Method, e.URL, e.Reply.StatusCode, fault)
	}
}

// isOther reports whether a path is of pages for people or of FHIR, which has a description of
// its own.
func isOther(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first == "portal" || first == "docs" || first == "fhir"
}

// firstItems gives the items at the beginning of a list that was cut; nil if it is none.
func firstItems(cut []byte) []byte {
	items := []json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(cut))
	opening, err := decoder.Token()
	if err != nil || opening != json.Delim('[') {
		return nil
	}

	for {
		var item json.RawMessage
		if decoder.Decode(&item) != nil {
			break
		}
		items = append(items, item)
	}

	list, _ := json.Marshal(items)
	return list
}
