// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Request makes a request; body may be "".
func (h *Hub) Request(account []string, method, path, body string) *http.Request {
	h.T.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}

	r, err := http.NewRequestWithContext(h.T.Context(), method, h.URL+path, reader)
	if err != nil {
		h.T.Fatal(err)
	}
	if account != nil {
		r.SetBasicAuth(account[0], account[1])
	}
	return r
}

// Do sends a request and reads the reply.
func (h *Hub) Do(account []string, method, path, body string) Answer {
	h.T.Helper()
	return h.Send(h.Request(account, method, path, body))
}

// DoWith is Do with headers: name, value, name, value...
func (h *Hub) DoWith(account []string, method, path, body string, headers ...string) Answer {
	h.T.Helper()
	r := h.Request(account, method, path, body)
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Add(pair[0], pair[1])
	}

	return h.Send(r)
}

// Client follows no redirect, and waits two minutes for a reply. Replies that are not as the
// hub's description says fail its test.
var Client = &http.Client{
	Timeout:       2 * time.Minute,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     judge{&http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}},
}

// Send sends a request and reads the reply.
func (h *Hub) Send(r *http.Request) Answer {
	h.T.Helper()
	a, err := Try(r)
	if err != nil {
		h.T.Fatal(err)
	}
	return a
}

// Try is Send for requests that may fail.
func Try(r *http.Request) (Answer, error) {
	reply, err := Client.Do(r)
	if err != nil {
		return Answer{Response: &http.Response{Request: r}}, err
	}
	defer reply.Body.Close()

	body, err := io.ReadAll(reply.Body)
	return Answer{reply, string(body)}, err
}

// Noise gives size bytes that do not compress, always the same ones.
func Noise(size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{1}), size)
}

// UploadChunked uploads raw bytes without telling their size before.
func (h *Hub) UploadChunked(account []string, path string, body io.Reader) Answer {
	h.T.Helper()
	r := h.Request(account, http.MethodPost, path, "")
	r.Body, r.ContentLength = io.NopCloser(body), -1
	return h.Send(r)
}
