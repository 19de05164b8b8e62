// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"time"
)

// ErrGone says that the hub cannot go on from the cursor.
var ErrGone = errors.New("the hub cannot go on from this cursor")

var errSilent = fmt.Errorf("nothing came from the hub for %v", silence)

// stop is an error after which it makes no sense to try again.
type stop struct{ error }

func (s stop) Unwrap() error { return s.error }

// refusal is a reply without changes. A later try may have another one.
type refusal struct {
	sentence string
	after    time.Duration // 0: the hub did not say when
}

func (r refusal) Error() string { return r.sentence }

// NewClient makes a client for one hub. One request at a time needs no HTTP/2,
// and in HTTP/1.1 the end of a request that hangs is the end of its connection.
// It follows no redirect: the password is for this hub alone.
func NewClient(config *tls.Config) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = config
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)

	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask gives a reply with changes, or an error.
func (f *Follower) ask(ctx context.Context, patience time.Duration) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address(patience), nil)
	if err != nil {
		return nil, stop{err}
	}
	r.Header.Set("Accept", "application/json")
	r.SetBasicAuth(f.Account, f.Password)

	reply, err := f.Client.Do(r)
	if err != nil {
		return nil, unreached(because(ctx, errors.Unwrap(err))) // from url.Error, which repeats the address
	}
	err = check(reply)
	if err != nil {
		return nil, errors.Join(err, reply.Body.Close())
	}
	return reply, nil
}

// address is the feed from the cursor on.
func (f *Follower) address(patience time.Duration) string {
	feed, query := *f.Feed, f.Feed.Query()
	query.Set("limit", limit)
	cursor := f.Cursor.Cursor()
	if cursor != "" {
		query.Set("since", cursor)
	}
	if patience > 0 {
		query.Set("wait", patience.String())
	}

	feed.RawQuery = query.Encode()
	return feed.String()
}

// unreached tells an error that only a human being can mend from one that passes.
func unreached(err error) error {
	var untrusted *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert *net.OpError
	switch {
	case errors.As(err, &untrusted):
		return stop{fmt.Errorf("the hub's certificate is not trusted: %w", untrusted.Err)}
	case errors.Is(err, http.ErrSchemeMismatch):
		return stop{errors.New("there is no TLS at this address: is it the right port?")}
	case errors.As(err, &record), errors.As(err, &alert) && alert.Op == "remote error":
		return stop{fmt.Errorf("the hub and we do not agree on TLS: %w", err)}
	}
	return fmt.Errorf("reach the hub: %w", err)
}

// check is nil for a reply with changes.
func check(reply *http.Response) error {
	kind, _, _ := mime.ParseMediaType(reply.Header.Get("Content-Type"))
	isJSON := kind == "application/json"
	switch code := reply.StatusCode; {
	case code == http.StatusOK && isJSON:
		return nil
	case code == http.StatusOK:
		return refusal{sentence: fmt.Sprintf("the answer is not JSON but %q: what is it that answers at this address?", kind)}
	case code == http.StatusUnauthorized:
		return stop{errors.New("the hub does not know this account with this password (401)")}
	case code == http.StatusForbidden:
		return stop{fmt.Errorf("the account may not follow this: its role must grant GET changes (403)%s", said(reply))}
	case code == http.StatusGone:
		return stop{ErrGone}
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests, code >= 500:
		return refusal{fmt.Sprintf("the hub answered %d%s", code, said(reply)), retryAfter(reply.Header, time.Now())}
	case code >= 300 && code < 400:
		return stop{fmt.Errorf("the hub is elsewhere (%d): %q", code, reply.Header.Get("Location"))}
	default:
		return stop{fmt.Errorf("the hub answered %d%s", code, said(reply))}
	}
}

// said gives the sentence of the hub's error, if it is one.
func said(reply *http.Response) string {
	var body struct{ Error string }
	text, _ := io.ReadAll(io.LimitReader(reply.Body, 4<<10)) // half a text is no JSON
	if json.Unmarshal(text, &body) != nil || body.Error == "" {
		return ""
	}

	return ": " + strconv.Quote(body.Error)
}

// retryAfter reads seconds, or a date.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		date, err := http.ParseTime(text)
		if err != nil {
			return 0
		}
		return min(date.Sub(now), retryAfterMost)
	}

	return min(time.Duration(seconds)*time.Second, retryAfterMost)
}

// because names the cause of a cancelled request instead of its cancellation.
func because(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if cause != nil {
		return cause
	}
	return err
}
