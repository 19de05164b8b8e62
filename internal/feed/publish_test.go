// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"log/slog"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

func TestATransactionThatStaysOpenIsInTheLog(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	end := db.Hold(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	defer end("ROLLBACK")
	var log strings.Builder
	f := New(Options{Store: db.DB, Log: slog.New(slog.NewTextHandler(&log, nil))})
	f.longOpen = 0
	f.findLongWriters(t.Context())
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "level=WARN") || !strings.Contains(text, "user=postgres") ||
		!strings.Contains(text, "pid=") || !strings.Contains(text, "since=2") {
		t.Errorf("the log has %q", text)
	}
}
