// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEveryChangeIsALineWithEveryByteAsItCame(t *testing.T) {
	t.Parallel()
	odd := []string{
		`{"cursor":"c1","data":{"n": 1.10, "big": 123456789012345678901234567890.000, "e":1e400, "u":"\u00e9é<>&","d":1,"d":2}}`,
		"{ \"cursor\" : \"c2\",\t\"data\":null}",
		"{\"cursor\":\"c3\",\"data\":{\"latin\":\"\xe9\"}}",
	}
	h := serve(t, append(odd, "{\n\"cursor\":\"c4\",\"data\":\"a\\nb\"}"))
	h.size = 3
	f := follow(t, h, "")
	if err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(odd)+"{ \"cursor\":\"c4\",\"data\":\"a\\nb\"}\n", f.out.String()); diff != "" {
		t.Error(diff)
	}
	want := []url.Values{
		{"limit": {"1000"}, "not_node": {"here&there"}},
		{"limit": {"1000"}, "not_node": {"here&there"}, "since": {"c3"}},
		{"limit": {"1000"}, "not_node": {"here&there"}, "since": {"c4"}},
	}
	if diff := cmp.Diff(want, h.requests()); diff != "" || f.stored(t) != "c4" {
		t.Errorf("cursor %q, requests %s", f.stored(t), diff)
	}
}

func TestAReplyThatIsCutAnywhereBringsOnlyWholeChanges(t *testing.T) {
	t.Parallel()
	all := feed(3)
	reply := page(all, 0, 3)
	for at := range len(reply) - 1 { // the last byte is a line end, and says nothing
		h := serve(t, all, cut(reply, at))
		f := follow(t, h, "")
		if err := f.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.out.String(); got != lines(all) || f.stored(t) != "c3" {
			t.Fatalf("cut at %d: cursor %q, printed %s", at, f.stored(t), got)
		}
		if second := h.requests()[1].Get("since"); second == "" && at > len(all[0])+13 {
			t.Errorf("cut at %d: the first change was asked for again", at)
		}
	}
}

func TestTheCursorMovesBehindTheLinesHandedOn(t *testing.T) {
	t.Parallel()
	h := serve(t, feed(2500))
	f := follow(t, h, "")
	f.Out = writer(func(p []byte) (int, error) {
		handed := strings.Count(f.out.String(), "\n")
		if at := f.stored(t); at != "" && !strings.Contains(f.out.String(), `"cursor":"`+at+`"`) {
			t.Errorf("the cursor is %s, and %d changes are handed on", at, handed)
		}
		return f.out.Write(p)
	})
	if err := f.Run(t.Context()); err != nil || f.out.String() != lines(h.feed) {
		t.Errorf("%v; %d changes", err, strings.Count(f.out.String(), "\n"))
	}
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestTheCursorStaysBeforeALineThatIsNotTaken(t *testing.T) {
	t.Parallel()
	h := serve(t, feed(5))
	h.size = 2
	f := follow(t, h, "")
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	f.Out = writer(func(p []byte) (int, error) {
		if len(h.requests()) == 2 {
			from.Close()
		}
		return to.Write(p)
	})
	if err := f.Run(t.Context()); !errors.Is(err, syscall.EPIPE) || f.stored(t) != "c2" || len(f.failed) > 0 {
		t.Errorf("%v, cursor %q, tried again after %v", err, f.stored(t), f.failed)
	}
}

func TestWithAFullDiskItStops(t *testing.T) {
	t.Parallel()
	h := serve(t, feed(5))
	f := follow(t, h, "")
	full(t, f.file)
	if err := f.Run(t.Context()); !errors.Is(err, syscall.ENOSPC) || len(h.requests()) != 1 || f.stored(t) != "" {
		t.Errorf("%v after %d requests, cursor %q", err, len(h.requests()), f.stored(t))
	}
	f.Cursor.Close()
	if _, err := OpenCursorFile(f.file); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("it begins all the same: %v", err)
	}
}

// full lets a disk be full for the successor of a file.
func full(t *testing.T, file string) {
	t.Helper()
	if err := os.Symlink("/dev/full", file+".new"); err != nil {
		t.Fatal(err)
	}
}

func TestARefusalForGoodEndsIt(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"401":      {answer(401, `{"error":"no"}`), "the hub does not know this account with this password (401)"},
		"403":      {answer(403, `{"error":"not \u001byours"}`), `the account may not follow this: its role must grant GET changes (403): "not \x1byours"`},
		"404":      {answer(404, `<html>`), "the hub answered 404"},
		"410":      {answer(410, `{"error":"gone"}`), ErrGone.Error()},
		"422":      {answer(422, `{"error":"since is not a cursor"}`), `the hub answered 422: "since is not a cursor"`},
		"redirect": {answer(302, ``, "Location", "/elsewhere"), `the hub is elsewhere (302): "/elsewhere"`},
	} {
		t.Run(name, func(t *testing.T) {
			h := serve(t, feed(2), one.answer)
			f := follow(t, h, "c1")
			err := f.Run(t.Context())
			if err == nil || err.Error() != one.want || len(h.requests()) != 1 || f.stored(t) != "c1" || f.out.Len() > 0 {
				t.Errorf("%s: %v; %d requests, cursor %q", name, err, len(h.requests()), f.stored(t))
			}
		})
	}
}

func TestAPassingFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	in := time.Now().Add(30 * time.Minute).UTC().Format(http.TimeFormat)
	all := feed(2)
	for name, one := range map[string]struct {
		answer      http.HandlerFunc
		want        string
		least, most time.Duration
	}{
		"503":           {answer(503, `{"error":"wait"}`), `the hub answered 503: "wait"`, firstPause / 2, firstPause},
		"408":           {answer(408, ``), `the hub answered 408`, firstPause / 2, firstPause},
		"429":           {answer(429, ``, "Retry-After", "77"), `the hub answered 429`, 77 * time.Second, 77 * time.Second},
		"date":          {answer(503, ``, "Retry-After", in), `the hub answered 503`, 28 * time.Minute, 30 * time.Minute},
		"past":          {answer(503, ``, "Retry-After", time.RFC1123), `the hub answered 503`, firstPause / 2, firstPause},
		"too long":      {answer(503, ``, "Retry-After", "2000000000"), `the hub answered 503`, time.Hour, time.Hour},
		"negative":      {answer(503, ``, "Retry-After", "-5"), `the hub answered 503`, firstPause / 2, firstPause},
		"HTML":          {answer(200, "<html>", "Content-Type", "text/html"), `the answer is not JSON but "text/html": what is it that answers at this address?`, firstPause / 2, firstPause},
		"not a page":    {answer(200, `[]`), "read the reply: it is not a page of the change feed", firstPause / 2, firstPause},
		"no JSON":       {answer(200, `<html>`), "read the reply: invalid character '<' looking for beginning of value", firstPause / 2, firstPause},
		"no next":       {answer(200, `{"changes":[]}`), "the reply does not say where to go on", firstPause / 2, firstPause},
		"odd next":      {answer(200, `{"changes":[],"next":"../x"}`), "the reply does not say where to go on", firstPause / 2, firstPause},
		"no cursor":     {answer(200, `{"changes":[{"id":1}],"next":"c9"}`), "read the reply: a change has no cursor", firstPause / 2, firstPause},
		"cut in a word": {cut(page(all, 1, 2), 40), "the reply was cut", firstPause / 2, firstPause},
	} {
		t.Run(name, func(t *testing.T) {
			h := serve(t, all, one.answer)
			f := follow(t, h, "c1")
			if err := f.Run(t.Context()); err != nil || f.out.String() != lines(all[1:]) {
				t.Errorf("%s: %v; printed %s", name, err, f.out.String())
			}
			if len(f.failed) != 1 || !strings.Contains(f.failed[0].Error(), one.want) || f.pauses[0] < one.least || f.pauses[0] > one.most {
				t.Errorf("%s: failures %q, pauses %v", name, f.failed, f.pauses)
			}
		})
	}
}

func TestPausesGrowAndBeginAgain(t *testing.T) {
	t.Parallel()
	ok := func(changes string, next string) http.HandlerFunc {
		return answer(200, `{"changes":[`+changes+`],"next":"`+next+`"}`)
	}
	no := answer(500, "")
	all := feed(3)
	h := serve(t, all, no, no, no, no, no, no, no, no, ok(all[0], "c1"), no, no, cut(page(all, 1, 3), len(all[1])+15), no)
	f := follow(t, h, "")
	if err := f.Run(t.Context()); err != nil || f.out.String() != lines(all) {
		t.Fatal(err, f.out.String())
	}
	for i, most := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 1, 2, 1, 2} {
		if pause := f.pauses[i]; pause < most*time.Second/2 || pause > most*time.Second {
			t.Errorf("pause %d is %v, want at most %d s and at least half of it", i, pause, most)
		}
	}
}

func TestAPageWithoutChangesIsTheEndOnlyWhereItStays(t *testing.T) {
	t.Parallel()
	empty := func(next string) http.HandlerFunc { return answer(200, `{"changes":[],"next":"`+next+`"}`) }
	all := feed(2)
	h := serve(t, all, empty("x"), empty("c0"), empty("c1"))
	f := follow(t, h, "")
	if err := f.Run(t.Context()); err != nil || f.out.String() != lines(all[1:]) || len(f.pauses) > 0 {
		t.Errorf("%v, pauses %v, printed %s", err, f.pauses, f.out.String())
	}
}

func TestOnceGivesUp(t *testing.T) {
	t.Parallel()
	h := serve(t, nil)
	f := follow(t, h, "c1")
	h.Close()
	if err := f.Run(t.Context()); !errors.Is(err, syscall.ECONNREFUSED) || len(f.pauses) != tries-1 {
		t.Errorf("%v after %d pauses", err, len(f.pauses))
	}
}

func TestItWaitsForChangesUntilItIsToldToEnd(t *testing.T) {
	t.Parallel()
	all := feed(3)
	ctx, cancel := context.WithCancel(t.Context())
	wake := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("wait") != "50s" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		answer(200, string(page(all, 2, 3)))(w, r)
	}
	last := func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	h := serve(t, all, answer(200, `{"changes":[],"next":"c2"}`), wake, last)
	f := follow(t, h, "now\n")
	f.Once = false
	if err := f.Run(ctx); err != nil || f.out.String() != lines(all[2:]) || f.stored(t) != "c3" || len(f.failed) > 0 {
		t.Errorf("%v, cursor %q, failures %q, printed %s", err, f.stored(t), f.failed, f.out.String())
	}
	if first := h.requests()[0]; first.Get("since") != "now" || first.Has("wait") {
		t.Errorf("the first request was %v", first)
	}
}

func TestToldToEndInTheMiddleOfAReplyItHandsOnTheWholeLines(t *testing.T) {
	t.Parallel()
	all := feed(2)
	ctx, cancel := context.WithCancel(t.Context())
	reply := page(all, 0, 2)
	h := serve(t, all, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(reply[:len(reply)-20])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	f := follow(t, h, "")
	f.Out = writer(func(p []byte) (int, error) { return f.out.Write(p) })
	f.Client.Transport = transport(func(r *http.Request) (*http.Response, error) {
		reply, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			reply.Body = &tripwire{reply.Body, len(all[0]) + 20, cancel}
		}
		return reply, err
	})
	if err := f.Run(ctx); err != nil || f.out.String() != lines(all[:1]) || f.stored(t) != "c1" {
		t.Errorf("%v, cursor %q, printed %s", err, f.stored(t), f.out.String())
	}
}

// tripwire is a body that calls a function when so many bytes were read.
type tripwire struct {
	io.ReadCloser
	left int
	trip func()
}

func (w *tripwire) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if w.left -= n; w.left <= 0 {
		w.trip()
	}
	return n, err
}

func TestAHubThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	h := serve(t, feed(1))
	secure, old := httptest.NewUnstartedServer(h), httptest.NewUnstartedServer(h)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	for _, server := range []*httptest.Server{secure, old} {
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
	}
	for address, want := range map[string]string{
		secure.URL: "the hub's certificate is not trusted",
		old.URL:    "the hub and we do not agree on TLS",
		strings.Replace(h.URL, "http:", "https:", 1): "there is no TLS at this address",
	} {
		t.Run(address, func(t *testing.T) {
			f := follow(t, h, "")
			feed, err := url.Parse(address + "/changes")
			if err != nil {
				t.Fatal(err)
			}
			f.Feed = feed
			if err := f.Run(t.Context()); err == nil || !strings.HasPrefix(err.Error(), want) || len(f.failed) > 0 {
				t.Errorf("want %s: %v", want, err)
			}
		})
	}
	if n := len(h.requests()); n > 0 {
		t.Errorf("the password was sent %d times", n)
	}
}

func TestAConnectionServesUntilAFailure(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		answers []http.HandlerFunc
		want    int
	}{
		"no failure": {nil, 1},
		"a failure":  {[]http.HandlerFunc{answer(503, "")}, 2}, // the hub's name may stand for another address by now
	} {
		h := serve(t, feed(50), one.answers...)
		h.size = 10
		f := follow(t, h, "")
		dials := 0
		transport := f.Client.Transport.(*http.Transport)
		dial := transport.DialContext
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			dials++
			return dial(ctx, network, address)
		}
		if err := f.Run(t.Context()); err != nil || dials != one.want || f.out.String() != lines(h.feed) {
			t.Errorf("%s: %v; %d connections for %d requests", name, err, dials, len(h.requests()))
		}
	}
}
