// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

// wire is a connection on which a client says exactly what it wants.
type wire struct {
	net.Conn
	t       testing.TB
	replies *bufio.Reader
}

// dial connects. A server that hangs fails the test after half a minute.
func (h *hub) dial() *wire {
	h.T.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(h.T.Context(), "tcp", h.Listener.Addr().String())
	if err != nil {
		h.T.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	h.T.Cleanup(func() { _ = conn.Close() })
	return &wire{conn, h.T, bufio.NewReader(conn)}
}

// head writes what comes before a body of root's.
func head(method, path string, headers ...any) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: hub\r\nAuthorization: Basic %s\r\n",
		method, path, base64.StdEncoding.EncodeToString([]byte(root[0]+":"+root[1])))
	for pair := range slices.Chunk(headers, 2) {
		fmt.Fprintf(&b, "%v: %v\r\n", pair[0], pair[1])
	}
	return b.String() + "\r\n"
}

// send sends everything, like a client that does not listen meanwhile.
func (w *wire) send(texts ...string) {
	w.t.Helper()
	if _, err := io.WriteString(w, strings.Join(texts, "")); err != nil {
		w.t.Errorf("the server hung up on a client that was still sending: %v", err)
	}
}

// halfClose ends what is sent, and goes on listening.
func (w *wire) halfClose() {
	w.t.Helper()
	if err := w.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		w.t.Fatal(err)
	}
}

// answer reads a whole reply. Without one the test ends.
func (w *wire) answer() testhub.Answer {
	w.t.Helper()
	reply, err := http.ReadResponse(w.replies, nil)
	if err != nil {
		w.t.Fatalf("no answer: %v", err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		w.t.Fatalf("half an answer: %v", err)
	}
	reply.Request = &http.Request{Method: "raw", URL: &url.URL{}}
	return testhub.Answer{Response: reply, Text: string(body)}
}

// stillWorks fails the test unless the next request on the connection is answered.
func (w *wire) stillWorks(after string) {
	w.t.Helper()
	w.send(head(http.MethodGet, "/login"))
	if a := w.answer(); a.StatusCode != http.StatusOK || a.Text != "true" {
		w.t.Errorf("after %s the next request gave %d %s", after, a.StatusCode, a.Text)
	}
}
