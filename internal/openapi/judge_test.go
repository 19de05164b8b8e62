// SPDX-License-Identifier: GPL-3.0-or-later

package openapi_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// listener hears of the faults that a test is told of.
type listener struct {
	testing.TB
	heard []string
}

func (l *listener) Helper() {}

func (l *listener) Errorf(format string, args ...any) {
	l.heard = append(l.heard, fmt.Sprintf(format, args...))
}

// The hubs of all tests hold their replies to the document. One whose document is of another hub
// fails its test.
func TestATestHubTellsOfRepliesThatAreNotAsDescribed(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t, func(o *testhub.Options) { o.SearchFields = []string{"gender"} })
	other := testhub.Quick(t)
	l := &listener{TB: t}
	h.T = l
	h.Do(testhub.Root, "GET", "/people?gender=f", "")
	if len(l.heard) > 0 {
		t.Errorf("as described: %q", l.heard)
	}

	h.Description = other.Description
	h.Do(testhub.Root, "GET", "/people?gender=f", "")
	if len(l.heard) != 1 || !strings.Contains(l.heard[0], "no parameter gender") {
		t.Errorf("with a parameter that is not described: %q", l.heard)
	}
}

// Of a long list the items at its beginning are judged, and of a longer object its status and its
// headers.
func TestLongRepliesAreJudgedByTheirBeginning(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	h.DB.Exec(`INSERT INTO dus (id, data) SELECT n, jsonb_build_object('d', repeat('x', 200000)) FROM generate_series(1, 8) AS n`)
	h.DB.Exec(`INSERT INTO dus (id, data) VALUES ('large', jsonb_build_object('d', repeat('x', 2000000)))`)
	for _, path := range []string{"/domiciliary-units", "/domiciliary-units/large", "/changes"} {
		if a := h.Do(testhub.Root, "GET", path, "").Want(t, 200); len(a.Text) < 1<<20 {
			t.Errorf("%s: %d bytes", path, len(a.Text))
		}
	}
}
