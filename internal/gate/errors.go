// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"thalamus/internal/fed"
)

// Failure is a kind of failure as clients see it. Programs go by the code: it stays the same
// for ever, and sentences do not.
type Failure struct {
	Status int    // of HTTP
	Code   string // words in small letters, with underscores between them
}

// failures has each kind.
var failures = map[fed.Kind]Failure{
	fed.Internal:        {http.StatusInternalServerError, "internal"},
	fed.Malformed:       {http.StatusBadRequest, "malformed"},
	fed.Unauthenticated: {http.StatusUnauthorized, "unauthenticated"},
	fed.Forbidden:       {http.StatusForbidden, "forbidden"},
	fed.NotFound:        {http.StatusNotFound, "not_found"},
	fed.BadMethod:       {http.StatusMethodNotAllowed, "method_not_allowed"},
	fed.Conflict:        {http.StatusConflict, "conflict"},
	fed.Gone:            {http.StatusGone, "gone"},
	fed.Stale:           {http.StatusPreconditionFailed, "precondition_failed"},
	fed.TooLarge:        {http.StatusRequestEntityTooLarge, "too_large"},
	fed.Unsupported:     {http.StatusUnsupportedMediaType, "unsupported"},
	fed.BadRange:        {http.StatusRequestedRangeNotSatisfiable, "bad_range"},
	fed.Invalid:         {http.StatusUnprocessableEntity, "invalid"},
	fed.TooMany:         {http.StatusTooManyRequests, "too_many_requests"},
	fed.Unavailable:     {http.StatusServiceUnavailable, "unavailable"},
	fed.NotAcceptable:   {http.StatusNotAcceptable, "not_acceptable"},
}

// FailureOf gives a kind of failure as clients see it.
func FailureOf(kind fed.Kind) Failure { return failures[kind] }

// errorBody is the body of an error.
type errorBody struct {
	Error   string `json:"error"` // a sentence
	Code    string `json:"code"`
	Request string `json:"request"` // as in X-Request-Id
}

const (
	challenge        = `Basic realm="GNU Health Federation", charset="UTF-8"`
	loginSentence    = "Log in with your federation account and its password (HTTP Basic)."
	internalSentence = "Something went wrong in this server. Its administrators find the cause under the request id."
)

// fail is the only place that answers with an error. The caller gets the sentence of a
// *fed.Error; the cause stays in the log. A reply that has begun is cut off, so that no
// client takes a part for the whole.
func (g *Gate) fail(w http.ResponseWriter, r *http.Request, err error) {
	ev := eventOf(r)
	err = ev.cause(err)
	ev.err = err

	if ev.status != 0 {
		panic(http.ErrAbortHandler)
	}

	kind, sentence, wait := describe(err)
	header := w.Header()
	for _, name := range []string{"Content-Length", "Content-Disposition", "Location", "Link"} {
		header.Del(name)
	}

	setRetryAfter(header, kind, wait)
	if ev.face == Pages {
		g.options.Portal.Fail(w, r, &ev.caller, err)
		return
	}

	setVersionOfError(header, err)
	if kind == fed.Unauthenticated {
		header.Set("WWW-Authenticate", challenge)
	}

	if ev.face == FHIR {
		replyOperationOutcome(w, kind, sentence)
		return
	}

	if isReading(r.Method) && ev.face != HTML {
		VaryByAccept(header)
	}

	if ev.face == HTML || wantsPage(r) {
		ev.replyErrorPage(w, kind, sentence)
		return
	}

	failure := failures[kind]
	body, _ := json.Marshal(errorBody{sentence, failure.Code, ev.caller.Request})
	Reply(w, failure.Status, JSONType, body)
}

// setRetryAfter says when to ask again, after a second at least, where that may help.
func setRetryAfter(header http.Header, kind fed.Kind, wait time.Duration) {
	if kind == fed.Unavailable || kind == fed.TooMany {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(max(wait, time.Second).Seconds()))))
	}
}

// cause gives the reason why a request was cancelled in place of the cancellation.
func (ev *event) cause(err error) error {
	cause := context.Cause(ev.Context)
	if cause != nil && errors.Is(err, context.Canceled) {
		return cause
	}
	return err
}

// describe gives the part of an error that a caller may know, and when to try again.
func describe(err error) (kind fed.Kind, sentence string, wait time.Duration) {
	var known *fed.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fed.Unavailable, "The request was given up.", 0
	case fed.KindOf(err) == fed.Unauthenticated: // the log has the reason
		return fed.Unauthenticated, loginSentence, 0
	case errors.As(err, &known) && known.Kind != fed.Internal:
		return known.Kind, known.Msg, known.Wait
	}

	return fed.Internal, internalSentence, 0
}
