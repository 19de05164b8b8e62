// SPDX-License-Identifier: GPL-3.0-or-later

package deduplication

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestTheQueueIsFilledOnceADay(t *testing.T) {
	at, _ := time.Parse("15:04", "03:30")
	for now, want := range map[string]string{
		"2026-05-31T03:29:59": "2026-05-31T03:30:00", "2026-05-31T03:30:00": "2026-06-01T03:30:00", "2026-12-31T23:00:00": "2027-01-01T03:30:00", "2026-05-31T00:00:00": "2026-05-31T03:30:00",
	} {
		from, err := time.Parse("2006-01-02T15:04:05", now)
		if got := next(from, at).Format("2006-01-02T15:04:05"); got != want || err != nil {
			t.Errorf("after %s comes %s, want %s", now, got, want)
		}
	}
}

// One server at a time fills the queue, and the log says how it ended.
func TestTheLogTellsHowAFillingEnded(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT id, '{"name": "Wilhelmina", "lastname": "Quackenbush", "dob": "1985-10-04", "gender": "f"}' FROM unnest('{A,B}'::text[]) AS id`)
	var text bytes.Buffer
	d := Daily{DB: db.DB, Log: slog.New(slog.NewTextHandler(&text, nil))}
	d.fill(t.Context())
	if !strings.Contains(text.String(), "was filled") || !strings.Contains(text.String(), "pairs=1") {
		t.Errorf("the log has %s", text.String())
	}
	if got := db.Text(`SELECT string_agg(person || '=' || other, ' ') FROM thalamus_duplicates`); got != "A=B" {
		t.Errorf("the queue has %s", got)
	}
}

func TestWithoutATimeNothingIsFilled(t *testing.T) {
	t.Parallel()
	Daily{}.Start(t.Context()).Wait()
}
