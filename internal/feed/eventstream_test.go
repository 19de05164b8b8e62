// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/feed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// publish publishes the changes of a hub, as the program does.
func publish(h *hub, wake <-chan struct{}) *hub {
	h.T.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { h.DB.FollowFeed(ctx, wake, h.Feed.Published, func(error) {}) })
	h.T.Cleanup(func() {
		h.Feed.EndSubscriptions()
		cancel()
		following.Wait()
	})

	return h
}

// liveHub is a small hub that publishes its changes.
func liveHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	wake := make(chan struct{}, 1)
	return publish(smallHub(t, append(change, func(o *testhub.Options) {
		o.Written = func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})...), wake)
}

// secondServer is another server on the same database.
func (h *hub) secondServer() *hub {
	h.T.Helper()
	return publish(serve(h.T, testdb.At(h.T, h.DB.URL), "../../etc/roles.cfg", testhub.Cheap), nil)
}

// eventReader reads a stream of server-sent events.
type eventReader struct {
	*http.Response
	t    testing.TB
	text *bufio.Reader
}

func (h *hub) events(account []string, query string, headers ...string) *eventReader {
	h.T.Helper()
	r := h.Request(account, "GET", "/changes?"+query, "")
	r.Header.Set("Accept", "text/event-stream")

	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}

	reply, err := testhub.Client.Do(r)
	if err != nil {
		h.T.Fatal(err)
	}

	h.T.Cleanup(func() { reply.Body.Close() })
	if reply.StatusCode != http.StatusOK || reply.Header.Get("Content-Type") != "text/event-stream" {
		h.T.Fatalf("status %d, %v", reply.StatusCode, reply.Header)
	}

	return &eventReader{reply, h.T, bufio.NewReader(reply.Body)}
}

// block reads up to the next empty line.
func (e *eventReader) block() (block string, err error) {
	for {
		line, err := e.text.ReadString('\n')
		if line == "\n" || err != nil {
			return block, err
		}
		block += line
	}
}

// next gives the next event; comments are left out.
func (e *eventReader) next() (c feedChange) {
	e.t.Helper()
	block, err := e.block()
	for err == nil && strings.HasPrefix(block, ":") {
		block, err = e.block()
	}

	id, data, ok := strings.Cut(strings.TrimPrefix(block, "id: "), "\ndata: ")
	if err != nil || !ok || json.Unmarshal([]byte(data), &c) != nil || c.Cursor != id {
		e.t.Fatalf("%q, %v", block, err)
	}

	return c
}

func (e *eventReader) want(kinds ...string) (last feedChange) {
	e.t.Helper()
	for _, kind := range kinds {
		last = e.next()
		if got := last.Operation + " " + last.Resource + " " + last.ID; got != kind {
			e.t.Errorf("got %s, want %s", got, kind)
		}
	}

	return last
}

// wantEnd reads to the end, which must be a good one.
func (e *eventReader) wantEnd() {
	e.t.Helper()
	if rest, err := io.ReadAll(e.text); err != nil || strings.Contains(string(rest), "data:") {
		e.t.Errorf("it ended with %q, %v", rest, err)
	}
}

// awaitSubscribers returns when n requests read the feed or wait for it.
func (h *hub) awaitSubscribers(n int) {
	h.T.Helper()
	testdb.Await(h.T, fmt.Sprintf("%d read the feed or wait for it", n), func() bool { return h.Feed.Subscribers() == n })
}

func TestLongPollsAndEventStreamsHaveTheChangesOfEveryWriter(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	second := h.secondServer()
	for name, write := range map[string]func(id string){
		"own":    func(id string) { h.Do(root, "POST", "/institutions/"+id, `{}`).Want(t, http.StatusCreated) },
		"psql":   func(id string) { h.DB.Exec(`INSERT INTO institutions VALUES ($1, '{}')`, id) },
		"second": func(id string) { second.Do(root, "POST", "/institutions/"+id, `{}`).Want(t, http.StatusCreated) },
	} {
		since := h.now(root)
		stream := h.events(ana, "since="+since)
		var page feedPage
		var waiting sync.WaitGroup
		waiting.Go(func() { page = h.changes(ana, "wait=60s&since="+since) })
		write(name)
		waiting.Wait()
		page.want(t, "create institution "+name)
		stream.want("create institution " + name)
	}
}

func TestASubscriberOfOtherChangesGoesOnWaiting(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	since := h.now(root)
	streams := []*eventReader{h.events(ana, "since="+since), h.events(root, "since="+since+"&resource=unit"), h.events(root, "since="+since+"&person="+other[0])}
	h.Do(cameron, "POST", "/pols/"+other[0]+"/hers", `{"id":"hers"}`).Want(t, http.StatusCreated)
	h.Do(cameron, "POST", "/domiciliary-units/u", `{}`).Want(t, http.StatusCreated)
	h.Do(cameron, "POST", "/pols/"+ana[0]+"/mine", `{"id":"mine"}`).Want(t, http.StatusCreated)
	streams[0].want("create page mine")
	streams[1].want("create unit u")
	streams[2].want("create page hers")

	if page := h.changes(other, "wait=10ms&resource=person&since="+h.now(root)); len(page.Changes) != 0 {
		t.Errorf("got %q", page.kinds())
	}
}

func TestAnEventStreamGoesOnFromItsCursor(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	first := h.events(root, "") // from the beginning
	person := first.want("create person "+ana[0], "create person "+other[0])
	first.Body.Close()
	again := h.events(root, "since=now", "Last-Event-ID", person.Cursor)
	again.want("create person "+cameron[0], "create person "+root[0])
	h.DB.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{"text": "two\nlines"}')`)

	if unit := again.want("create unit u"); string(unit.Data) != `{"text": "two\nlines"}` {
		t.Errorf("data %s", unit.Data)
	}

	bare := h.events(root, "data=none&since="+person.Cursor)
	if c := bare.next(); c.Data != nil {
		t.Errorf("data %s", c.Data)
	}

	if got := first.Header.Get("X-Request-Id"); got == "" || first.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", first.Header)
	}
}

func TestAnIdleEventStreamHasHeartbeats(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	feed.SetTimeouts(h.Feed, time.Millisecond, time.Minute)
	stream := h.events(root, "since=now")

	for range 3 {
		if block, err := stream.block(); block != ":\n" || err != nil {
			t.Errorf("got %q, %v", block, err)
		}
	}
}

// revocations take the right to read from Ana.
var revocations = map[string]func(h *hub){
	"disabled":         func(h *hub) { h.DB.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, ana[0]) },
	"deleted":          func(h *hub) { h.DB.Exec(`DELETE FROM people WHERE id = $1`, ana[0]) },
	"without roles":    func(h *hub) { h.DB.Exec(`UPDATE people SET data = data || '{"roles": []}' WHERE id = $1`, ana[0]) },
	"another password": func(h *hub) { h.DB.Exec(`UPDATE people SET data = data || '{"password": "x"}' WHERE id = $1`, ana[0]) },
	"another policy": func(h *hub) {
		policy, _, err := access.Parse([]byte(`[]`))
		if err != nil {
			h.T.Fatal(err)
		}
		h.SetPolicy(policy)
	},
}

func TestASubscriptionEndsWithTheRightToRead(t *testing.T) {
	t.Parallel()
	for name, end := range revocations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := liveHub(t)
			since := h.now(root)
			stream := h.events(ana, "resource=page&since="+since)
			var waited testhub.Answer
			var waiting sync.WaitGroup
			waiting.Go(func() { waited = h.Do(ana, "GET", "/changes?wait=60s&resource=page&since="+since, "") })
			h.awaitSubscribers(2)
			end(h)
			h.Feed.Recheck(ana[0]) // as the listener of account changes does
			stream.wantEnd()
			waiting.Wait()

			if waited.StatusCode != http.StatusUnauthorized && waited.StatusCode != http.StatusForbidden {
				t.Errorf("the long poll got %d %s", waited.StatusCode, waited.Text)
			}
		})
	}
}

// Nothing announces the change of the account here: the hub looks at the account before
// each delivery and at each heartbeat.
func TestNothingIsDeliveredToADisabledAccount(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	stream := h.events(ana, "resource=institution&since="+h.now(root))
	h.DB.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, ana[0])
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('i', '{}')`)
	stream.wantEnd()
	feed.SetTimeouts(h.Feed, time.Millisecond, time.Minute)
	stream = h.events(other, "resource=institution&since="+h.now(root))
	h.DB.Exec(`UPDATE people SET data = data || '{"password": "x"}' WHERE id = $1`, other[0])
	stream.wantEnd()
}

func TestAnEventStreamShowsNoMoreThanTheRolesOfNow(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	doctor := h.Enrol("DOCTOR", "health_professional")
	stream := h.events(doctor, "resource=page,institution&since="+h.now(root))
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user"]}' WHERE id = 'DOCTOR'`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', $1, '{}')`, ana[0])
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('i', '{}')`)
	stream.want("create institution i")
	about := h.Enrol("NURSE", "health_professional")
	stream = h.events(about, "person="+ana[0]+"&since="+h.now(root))
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user"]}' WHERE id = 'NURSE'`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('q', $1, '{}')`, ana[0])
	stream.wantEnd()
}

// Whoever acts for a person hears of that person's changes, as that person does, until then.
func TestAnEventStreamEndsWithTheRightToActForItsPerson(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	mother := h.Enrol("MOTHER", "end_user")
	h.Do(mother, "GET", "/changes?person="+ana[0], "").WantError(t, http.StatusForbidden)
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('1', $1, '*', 'account:MOTHER', 'act')`, ana[0])
	stream := h.events(mother, "resource=page&person="+ana[0]+"&since="+h.now(root))
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', $1, '{}'), ('q', $2, '{}')`, ana[0], other[0])
	stream.want("create page p")

	h.DB.Exec(`UPDATE thalamus_consents SET until = now()`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('r', $1, '{}')`, ana[0])
	stream.wantEnd()
}

func TestSubscriptionsEndWhenTheServerStops(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	stream := h.events(root, "since=now")
	var page feedPage
	var waiting sync.WaitGroup
	waiting.Go(func() { page = h.changes(root, "wait=60s&since=now") })
	h.awaitSubscribers(2)
	h.Config.RegisterOnShutdown(h.Feed.EndSubscriptions)

	if err := h.Config.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}

	stream.wantEnd()
	waiting.Wait()
	page.want(t)
}

// A client that takes nothing must not keep its events in the memory of the hub.
func TestAnEventStreamThatNobodyReadsIsCut(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	feed.SetTimeouts(h.Feed, time.Hour, 50*time.Millisecond)
	h.DB.Exec(`INSERT INTO dus (id, data) SELECT n, jsonb_build_object('d', repeat(md5(n::text), 20000)) FROM generate_series(1, 80) AS n`)

	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}

	defer conn.Close()

	r := h.Request(root, "GET", "/changes", "")
	fmt.Fprintf(conn, "GET /changes HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: %s\r\n\r\n", r.Header.Get("Authorization"))
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}

	h.Close() // waits for its end
	if log := h.Log.String(); strings.Count(log, "msg=request") != 1 || !strings.Contains(log, "status=200") || !strings.Contains(log, "timeout") {
		t.Errorf("the log has %s", log)
	}
}

func TestAClientThatLeavesIsNoSubscriber(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	ctx, leave := context.WithCancel(t.Context())
	r := h.Request(root, "GET", "/changes?since=now&wait=60s", "").WithContext(ctx)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if reply, err := testhub.Client.Do(r); !errors.Is(err, context.Canceled) { //nolint:bodyclose // there is no body
			t.Errorf("got %v, %v", reply, err)
		}
	})

	stream := h.events(root, "since=now")
	h.awaitSubscribers(2)
	leave()
	stream.Body.Close()
	waiting.Wait()
	h.awaitSubscribers(0)
	h.Feed.Published([]store.ChangeNotice{{Resource: "unit"}})
}

func TestAnEventStreamIsSentWhenTheClientPrefersIt(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	for accept, want := range map[string]string{
		"application/json, text/event-stream;q=0.5": "application/json", "text/event-stream;q=0": "application/json", "*/*": "application/json",
		"application/json;q=0.5, text/event-stream": "text/event-stream",
	} {
		t.Run(accept, func(t *testing.T) {
			r := h.Request(root, "GET", "/changes?since=now", "")
			r.Header.Set("Accept", accept)

			reply, err := testhub.Client.Do(r)
			if err != nil {
				t.Fatal(err)
			}

			if got := reply.Header.Get("Content-Type"); got != want {
				t.Errorf("%s: %s", accept, got)
			}

			_ = reply.Body.Close()
		})
	}
}
