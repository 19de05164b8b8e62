// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// reply gives a text and then an error; without one it says nothing any more.
func reply(r *http.Request, text string, then error) *http.Response {
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(&body{r.Context(), strings.NewReader(text), then}),
	}
}

type body struct {
	ctx  context.Context
	text *strings.Reader
	then error
}

func (b *body) Read(p []byte) (int, error) {
	switch {
	case b.ctx.Err() != nil:
		return 0, b.ctx.Err()
	case b.text.Len() > 0:
		return b.text.Read(p)
	case b.then != nil:
		return 0, b.then
	}
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

// These tests have a clock of their own, and no network.
func TestAHubThatSaysNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	all := feed(2)
	silences := map[string]func(*http.Request) (*http.Response, error){
		"before the reply": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"in the reply": func(r *http.Request) (*http.Response, error) {
			return reply(r, `{"changes":[`+all[0]+`,`, nil), nil
		},
	}
	for name, silence := range silences {
		h := serve(t, all)
		f := follow(t, h, "")
		asked := 0
		f.Client.Transport = transport(func(r *http.Request) (*http.Response, error) {
			if asked++; asked == 1 {
				return silence(r)
			}
			return nil, errors.New("enough")
		})
		synctest.Test(t, func(t *testing.T) {
			err := f.Run(t.Context())
			if err == nil || !errors.Is(f.failed[0], errSilent) && !strings.Contains(f.failed[0].Error(), errSilent.Error()) {
				t.Errorf("%s: %v, %v", name, err, f.failed)
			}
		})
	}
}

func TestATakerMayBeSlowerThanTheHub(t *testing.T) {
	t.Parallel()
	h := serve(t, feed(2000))
	f := follow(t, h, "")
	f.Client.Transport = transport(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("since") == "" {
			return reply(r, string(page(h.feed, 0, 2000)), io.EOF), nil
		}
		return reply(r, `{"changes":[],"next":"c2000"}`, io.EOF), nil
	})
	f.Out = writer(func(p []byte) (int, error) {
		time.Sleep(time.Hour)
		return f.out.Write(p)
	})
	synctest.Test(t, func(t *testing.T) {
		if err := f.Run(t.Context()); err != nil || len(f.failed) > 0 || f.out.String() != lines(h.feed) {
			t.Errorf("%v, %v", err, f.failed)
		}
	})
}

func TestWithoutAWaitTheHubIsNotPestered(t *testing.T) {
	t.Parallel()
	f := follow(t, serve(t, nil), "c1")
	f.Once = false
	asked := 0
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f.Client.Transport = transport(func(r *http.Request) (*http.Response, error) {
			if asked++; asked == 100 {
				cancel()
			}
			return reply(r, `{"changes":[],"next":"c1"}`, io.EOF), nil
		})
		if err := f.Run(ctx); err != nil || len(f.pauses) != 99 || f.pauses[0] != firstPause {
			t.Errorf("%v; %d pauses for %d requests", err, len(f.pauses), asked)
		}
	})
}
