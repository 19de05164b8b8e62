// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"thalamus/internal/fed"
)

var noon = time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)

// wrongPage is a page that a node sends at every push.
var wrongPage = refusal{"NODE", "POST", "/pols/{person}/{page}", 422, "The id in the body is another one."}

func newRefusals() *refusals {
	return &refusals{counts: map[refusal]*refusalCount{}, repeated: map[Refused]uint64{}}
}

// push counts refusals, each a second after the one before, and gives the last time.
func push(r *refusals, what refusal, times int, from time.Time) time.Time {
	for range times {
		r.add(what, &Caller{Request: from.Format(time.TimeOnly)}, from)
		from = from.Add(time.Second)
	}
	return from.Add(-time.Second)
}

func TestARepeatedRefusalIsLoggedOnceAnHour(t *testing.T) {
	r := newRefusals()
	for _, step := range []struct {
		after time.Duration
		times int
		told  int // 0: nothing is told
	}{
		{0, minRepeats - 1, 0},
		{time.Minute, 1, minRepeats},
		{2 * time.Minute, 0, 0},
		{3 * time.Minute, 100, 0},
		{time.Minute + time.Hour - 1, 0, 0},
		{time.Minute + time.Hour, 0, minRepeats + 100},
		{3 * time.Hour, 0, 0}, // nothing more has come
		{4 * time.Hour, 1, minRepeats + 101},
		{70 * time.Hour, 1, minRepeats + 102},
		{150 * time.Hour, minRepeats - 1, 0}, // the old ones are forgotten
		{151 * time.Hour, 1, minRepeats},
	} {
		now := noon.Add(step.after)
		push(r, wrongPage, step.times, now)
		told := r.takeDue(now)
		if got := told[wrongPage]; got.count != step.told || len(told) > 1 || len(told) == 0 != (step.told == 0) {
			t.Errorf("after %v it is told %d times, want %d", step.after, got.count, step.told)
		}
	}
}

func TestEachRefusalIsLoggedAtItsOwnTime(t *testing.T) {
	const kinds = 20
	r := newRefusals()
	kind := func(i int) refusal { return refusal{account: fmt.Sprint(i)} }

	for i := range kinds {
		r.takeDue(push(r, kind(i), minRepeats, noon.Add(time.Duration(i)*time.Minute)))
	}

	if due := r.due.Load(); due != 0 {
		t.Errorf("all are told, and something is due at %d", due)
	}

	for i := range kinds {
		push(r, kind(kinds-1-i), 1, noon.Add(30*time.Minute))
	}

	push(r, wrongPage, minRepeats, noon.Add(40*time.Minute))
	for i := -20; i < 2*kinds; i++ { // all others are looked at, too
		told := r.takeDue(noon.Add(time.Hour + time.Duration(i)*time.Minute + 30*time.Second))
		_, first := told[wrongPage]
		_, own := told[kind(i)]
		if first != (i == -20) || own != (i >= 0 && i < kinds) || len(told) > 1 {
			t.Errorf("%d minutes after one: told %v", i, told)
		}
	}
}

func TestALoggedRefusalHasItsBeginningAndTheLastRequest(t *testing.T) {
	r := newRefusals()
	last := push(r, wrongPage, 5, noon)
	got := r.takeDue(last)[wrongPage]
	if got.since != noon || got.request != "12:00:04" {
		t.Errorf("got %+v", got)
	}
}

func TestRefusalsAreCountedApart(t *testing.T) {
	r := newRefusals()
	kinds := []refusal{wrongPage, wrongPage, wrongPage, wrongPage, wrongPage, wrongPage}
	kinds[1].account, kinds[2].method, kinds[3].route, kinds[4].status, kinds[5].reason = "OTHER", "PATCH", "/people/{person}", 409, "Too many keys."
	now := noon

	for i, kind := range kinds {
		now = push(r, kind, i, now)
	}

	told := r.takeDue(now)
	for i, kind := range kinds {
		want := i
		if i < minRepeats {
			want = 0
		}

		if got := told[kind].count; got != want {
			t.Errorf("%+v is told %d times, want %d", kind, got, want)
		}
	}
}

// An account that invents reasons must not keep the refusals of others out of the log.
func TestCountedRefusalsAreLimitedAndRepeatedOnesStay(t *testing.T) {
	r := newRefusals()
	push(r, wrongPage, minRepeats, noon)
	for i := range 10 * maxRefusals {
		what := wrongPage
		what.reason = fmt.Sprint(i)
		r.add(what, &Caller{}, noon)
	}

	if len(r.counts) != maxRefusals {
		t.Errorf("%d are counted, want %d", len(r.counts), maxRefusals)
	}

	if got := r.takeDue(noon.Add(time.Minute)); got[wrongPage].count != minRepeats || len(got) != 1 {
		t.Errorf("it is told of %v", got)
	}
}

func TestOnlyRefusalsOfKnownAccountsAreCounted(t *testing.T) {
	sentence := &fed.Error{Kind: fed.Invalid, Msg: "A sentence.", Err: errors.New("for the log")}
	for _, c := range []struct {
		account, method string
		status          int
		err             error
		want            string // reason; "": it is none
	}{
		{"ANA", "POST", 422, sentence, "A sentence."},
		{"ANA", "POST", 422, fmt.Errorf("wrapped: %w", sentence), "A sentence."},
		{"ANA", "POST", 422, errors.New("for the log"), "Unprocessable Entity"},
		{"ANA", "POST", 422, nil, "Unprocessable Entity"}, // a form that is shown again
		{"ANA", "PATCH", 404, sentence, "A sentence."},
		{"ANA", "GET", 404, sentence, ""},
		{"ANA", "HEAD", 404, sentence, ""},
		{"ANA", "GET", 403, sentence, "A sentence."},
		{"ANA", "GET", 400, sentence, "A sentence."},
		{"ANA", "GET", 399, sentence, ""},
		{"ANA", "GET", 304, nil, ""},
		{"ANA", "POST", 201, nil, ""},
		{"ANA", "POST", 499, sentence, "A sentence."},
		{"ANA", "POST", 500, sentence, ""},
		{"ANA", "POST", 503, sentence, ""},
		{"", "POST", 401, sentence, ""},
		{"", "POST", 405, sentence, ""},
		{"", "POST", 429, sentence, ""},
	} {
		t.Run(c.account, func(t *testing.T) {
			ev := &event{requestLog: requestLog{method: c.method, pattern: "/p", status: c.status, err: c.err}}
			ev.caller.Account.ID = c.account
			got, ok := refusalOf(ev)
			if want := (refusal{c.account, c.method, "/p", c.status, c.want}); ok != (c.want != "") || ok && got != want {
				t.Errorf("%s %s with %d: %+v, %t", c.account, c.method, c.status, got, ok)
			}
		})
	}
}
