// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// brokenRecorder is a record that cannot be written.
type brokenRecorder struct{ lines int }

func (l *brokenRecorder) Write([]byte) (int, error) {
	l.lines++
	return 0, errors.New("the disk is full")
}

func (*brokenRecorder) Broken() bool { return false }

func (*brokenRecorder) Indexed() bool { return false }

// memoryRecorder is a record in memory.
type memoryRecorder struct{ strings.Builder }

func (*memoryRecorder) Broken() bool { return false }

func (*memoryRecorder) Indexed() bool { return false }

// A stream begins with its first flush, which must not go round the record.
func TestNothingIsFlushedBeforeTheAccessRecordIsWritten(t *testing.T) {
	t.Parallel()
	policy, _, err := access.Parse([]byte(`[]`))
	if err != nil {
		t.Fatal(err)
	}

	record := &brokenRecorder{}
	g := New(Options{Policy: policy, Record: record, Log: slog.New(slog.DiscardHandler)}, nil)
	reply := httptest.NewRecorder()
	g.withEvent(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.startAccessRecord(&Row{Method: http.MethodGet, Endpoint: access.Changes}, &eventOf(r).caller)
		if err := http.NewResponseController(w).Flush(); err == nil || reply.Flushed {
			t.Errorf("flushed: %v", err)
		}

		if _, err := w.Write([]byte("a change")); err == nil {
			t.Error("written")
		}
	})).ServeHTTP(reply, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/changes", nil))

	if reply.Code != http.StatusServiceUnavailable || record.lines != 1 {
		t.Errorf("status %d after %d tries: %s", reply.Code, record.lines, reply.Body)
	}
}

// The person of a filter is in the query; nothing else of it is recorded.
func TestTheAccessRecordNamesThePersonOfAFilter(t *testing.T) {
	t.Parallel()
	policy, _, err := access.Parse([]byte(`[{"role":"own","permissions":{"GET":["changes"]}},
		{"role":"all","permissions":{"GET":["changes"],"global":"True"}}]`))
	if err != nil {
		t.Fatal(err)
	}

	kept := &memoryRecorder{}
	g := New(Options{Policy: policy, Record: kept, Log: slog.New(slog.DiscardHandler)}, nil)
	for query, want := range map[string]string{
		"?since=s3cret":          `"roles":["own","all"],"method":"GET","endpoint":"changes","status":200`,
		"?person=ME&since=s3":    `"roles":["own","all"],"method":"GET","endpoint":"changes","person":"ME","status":200`,
		"?person=OTHER&since=s3": `"roles":["all"],"method":"GET","endpoint":"changes","person":"OTHER","status":200`,
	} {
		t.Run(query, func(t *testing.T) {
			g.withEvent(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				c := &eventOf(r).caller
				c.Account = fed.Account{ID: "ME", Roles: []string{"own", "all"}}
				if err := g.authorise(&Row{Method: http.MethodGet, Endpoint: access.Changes, Subject: OfFilter}, nil, r, c); err != nil {
					t.Error(err)
				}

				c.MayShow(http.StatusOK, access.Changes)
				line := kept.String()
				kept.Reset()

				if !strings.Contains(line, want) || strings.Contains(line, "s3") {
					t.Errorf("%s: %s", query, line)
				}
			})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/changes"+query, nil))
		})
	}
}
