// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package gate_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// longList is a hub whose list of institutions is longer than networks hold.
func longList(t *testing.T, change ...func(*testhub.Options)) *hub {
	t.Helper()
	h := quickHub(t, change...)
	h.WatchHealth()
	h.DB.Exec(`INSERT INTO institutions (id, data) SELECT 'bulk ' || n, jsonb_build_object('bulk', repeat('x', 100000)) FROM generate_series(1, 120) AS n`)
	return h
}

// slowly asks for the list over a connection that takes little, and reads nothing but
// the beginning of the reply.
func (h *hub) slowly(account []string) begunReply { return h.slowlyFrom(account, "/institutions") }

func (h *hub) slowlyFrom(account []string, path string) begunReply {
	h.T.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: smallBuffer}}
	h.T.Cleanup(client.CloseIdleConnections)
	return beginReply(h.T, client, h.Request(account, "GET", path, ""))
}

// begunReply is a reply of which only the beginning was read.
type begunReply struct {
	status, major int // and version of HTTP
	body          io.ReadCloser
}

func beginReply(t testing.TB, client *http.Client, r *http.Request) begunReply {
	t.Helper()
	reply, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = reply.Body.Close() })
	return begunReply{reply.StatusCode, reply.ProtoMajor, reply.Body}
}

// wantGoodService fails the test unless everything else is answered, with no statement
// of a list in its way.
func (h *hub) wantGoodService() {
	h.T.Helper()
	for range 4 {
		for _, path := range []string{"/people/" + ana[0], "/pols/" + ana[0], "/login", "/people", "/institutions?limit=1", "/health/ready"} {
			h.Do(root, "GET", path, "").Want(h.T, http.StatusOK)
		}
		h.Do(root, "PATCH", "/people/"+ana[0], `{"n": 1}`).Want(h.T, http.StatusOK)
	}

	testdb.Await(h.T, "no statement runs", func() bool {
		return h.DB.Text(`SELECT count(*)::text FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'thalamus' AND state <> 'idle'`) == "0"
	})
}

func TestSlowClientsLeaveMemoryAndConnectionsToOthers(t *testing.T) {
	t.Parallel()
	h := longList(t)
	var slow []begunReply

	for range 8 {
		slow = append(slow, h.slowly(root))
	}

	h.wantGoodService()
	for _, reply := range slow {
		wantInstitutions(t, reply)
	}
}

// wantInstitutions reads the rest of a list, of which each must come once.
func wantInstitutions(t *testing.T, reply begunReply) {
	t.Helper()
	body, err := io.ReadAll(reply.body)
	if err != nil || reply.status != http.StatusOK {
		t.Fatalf("status %d, then %v", reply.status, err)
	}

	var all [][]struct{ Bulk string }
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}

	count := 0
	for _, one := range all {
		if len(one[0].Bulk) == 100_000 {
			count++
		}
	}

	if count != 120 {
		t.Errorf("%d of 120 came", count)
	}
}

// All streams of one connection have a window of a few bytes.
func TestSlowHTTP2StreamsLeaveMemoryAndConnectionsToOthers(t *testing.T) {
	t.Parallel()
	h := longList(t)
	modern := httptest.NewUnstartedServer(h.Gate)
	modern.EnableHTTP2 = true
	modern.StartTLS()
	t.Cleanup(modern.Close)
	roots := modern.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs //nolint:forcetypeassert // httptest's
	client := &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		HTTP2: &http.HTTP2Config{MaxReceiveBufferPerStream: 1, MaxReceiveBufferPerConnection: 64 << 10},
	}}

	t.Cleanup(client.CloseIdleConnections)
	plain := h.URL
	h.URL = modern.URL

	for range 8 {
		if reply := beginReply(t, client, h.Request(root, "GET", "/institutions", "")); reply.major != 2 {
			t.Fatalf("it came over HTTP/%d", reply.major)
		}
	}

	h.URL = plain
	h.wantGoodService()
}

func TestTheLongListsOfAnAccountAreLimited(t *testing.T) {
	t.Parallel()
	h := longList(t)
	h.Enrol("SLOWREADER", "end_user")

	for _, c := range []struct {
		account []string
		most    int
	}{{[]string{"SLOWREADER", "enrolled with"}, 8}, {root, 32}} {
		var slow []begunReply
		for range c.most {
			reply := h.slowly(c.account)
			slow = append(slow, reply)
			if reply.status != http.StatusOK {
				t.Errorf("list %d of %d: %d", len(slow), c.most, reply.status)
			}
		}

		a := h.Do(c.account, "GET", "/institutions", "").Want(t, http.StatusServiceUnavailable)
		if a.Header.Get("Retry-After") == "" {
			t.Error("it does not say when to come again")
		}

		h.Do(c.account, "GET", "/institutions?limit=1", "").Want(t, http.StatusOK) // no long one
		for _, reply := range slow {
			_ = reply.body.Close()
		}

		for status := 0; status != http.StatusOK; {
			status = h.Do(c.account, "GET", "/institutions", "").StatusCode
		}
	}
}

func TestAListReleasesItsMemory(t *testing.T) {
	t.Parallel()
	h := longList(t)
	for _, path := range []string{"/institutions", "/institutions?limit=100", "/people", "/pols/" + ana[0], "/changes", "/people/" + ana[0] + "/history"} {
		h.Do(root, "GET", path, "").Want(t, http.StatusOK)
		h.Do(root, "HEAD", path, "").Want(t, http.StatusOK)
	}

	_ = h.slowly(root).body.Close()
	if err := gate.TakeMemory(t.Context(), h.Gate, root[0]); err != nil {
		t.Error(err)
	}
}

// Bytes count until a slow client has taken them.
func TestAListHoldsMemoryWhileItsClientIsSlow(t *testing.T) {
	t.Parallel()
	h := longList(t)
	slow := h.slowly(root)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()

	if err := gate.TakeMemory(ctx, h.Gate, root[0]); err == nil {
		t.Error("all memory of the account is free")
	}

	_ = slow.body.Close()
	if err := gate.TakeMemory(t.Context(), h.Gate, root[0]); err != nil {
		t.Error(err)
	}
}

func smallBuffer(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if tcp, ok := conn.(*net.TCPConn); ok {
		err = tcp.SetReadBuffer(128 << 10)
	}
	return conn, err
}

func TestAListThatHasBegunHasNoTimeout(t *testing.T) {
	t.Parallel()
	h := longList(t, shortTimeout)
	awaitPatience := h.lockUnits()
	reply := h.slowly(root)
	awaitPatience()
	wantInstitutions(t, reply)
}

func TestADocumentThatHasBegunHasNoTimeout(t *testing.T) {
	t.Parallel()
	const bytes = 20 << 20 // more than networks hold
	h := quickHub(t, shortTimeout)
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('LARGE', $1, $2, decode(repeat('61', $3), 'hex'), '{}')`,
		ana[0], testhub.BirthPage, bytes)

	awaitPatience := h.lockUnits()
	reply := h.slowlyFrom(root, "/personal_docs/"+ana[0]+"/"+testhub.BirthPage+"/LARGE")
	awaitPatience()

	if text, err := io.ReadAll(reply.body); err != nil || len(text) != bytes {
		t.Errorf("%d of %d bytes came: %v", len(text), bytes, err)
	}
}
