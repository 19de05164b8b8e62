// SPDX-License-Identifier: GPL-3.0-or-later

package testbrowser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// Canary is a server that nobody must ask, except a script that runs.
type Canary struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	heard chan struct{} // gets a value for the first question
}

// NewCanary starts one.
func NewCanary(t testing.TB) *Canary {
	t.Helper()
	c := &Canary{heard: make(chan struct{}, 1)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked = append(c.asked, r.URL.String())
		select {
		case c.heard <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// Script sets a title and asks the canary; it has no quotes, slashes or spaces.
func (c *Canary) Script() string {
	var codes []string
	for _, r := range "document.title='ran';window.ran=1;new Image().src='" + c.URL + "/ran?'+encodeURIComponent(location.href);alert('ran')" {
		codes = append(codes, strconv.Itoa(int(r)))
	}
	return "eval(String.fromCharCode(" + strings.Join(codes, ",") + "))"
}

// WantQuiet fails the test if a script of the page shown has run.
func (b Tab) WantQuiet(where string) {
	b.T.Helper()
	if Eval[bool](b, `window.ran !== undefined || document.title === "ran"`) {
		b.T.Errorf("a script ran: %s", where)
	}
}

// WantUnasked fails the test if a script has asked the canary.
func (c *Canary) WantUnasked(t testing.TB) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) > 0 {
		t.Errorf("scripts asked: %v", c.asked)
	}
}

// WouldHear makes sure that the canary hears of a script that does run.
func (c *Canary) WouldHear(b Tab) {
	b.T.Helper()
	plain := ServePage(b.T, `<!DOCTYPE html><script>window.alert=function(){};`+c.Script()+`</script>`)
	b.Check(chromedp.Do(b, chromedp.Navigate(plain.URL)))
	if !Eval[bool](b, `window.ran === 1 && document.title === "ran"`) {
		b.T.Error("the script does not run anywhere")
	}
	select {
	case <-c.heard:
	case <-b.Done():
		b.T.Error("the canary does not hear of scripts that run")
	}
}

// ServePage serves an HTML page on an origin of its own.
func ServePage(t testing.TB, text string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server
}
