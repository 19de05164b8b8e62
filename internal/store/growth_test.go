// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

func TestEveryWriteTellsWhatItAddsToTheDatabase(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	const row, most = 512, 1024 // about what each adds besides
	text := strings.Repeat("x", 100_000)
	large := `{"id": "L", "a": "` + text + `"}`
	page := store.DocumentKey{Person: "A", Page: "1", ID: "new"}
	for _, c := range []struct {
		name  string
		write func(ctx context.Context, w fed.Write) error
		want  int64
	}{
		{"a creation", func(ctx context.Context, w fed.Write) error {
			_, _, err := db.CreatePage(ctx, w, "A", "L", fed.Record(large))
			return err
		}, 100_000},
		{"the same again", func(ctx context.Context, w fed.Write) error {
			_, _, err := db.CreatePage(ctx, w, "A", "L", fed.Record(large))
			return err
		}, 0},
		{"a small patch of a large record", func(ctx context.Context, w fed.Write) error {
			_, err := db.ChangePage(ctx, w, "A", "L", fed.Record(`{"n": 1}`))
			return err
		}, 200_000},
		{"a patch that is refused", func(ctx context.Context, w fed.Write) error {
			w.Versions = []int64{77}
			_, err := db.ChangePage(ctx, w, "A", "L", fed.Record(`{"n": 2}`))
			wantKind(t, err, fed.Stale)
			return nil
		}, 0},
		{"a patch that makes it small", func(ctx context.Context, w fed.Write) error {
			_, err := db.ChangePage(ctx, w, "A", "L", fed.Record(`{"a": 1}`))
			return err
		}, 100_000},
		{"a small deletion", func(ctx context.Context, w fed.Write) error { return db.DeletePage(ctx, w, "A", "L") }, 0 + row},
		{"an upload", func(ctx context.Context, w fed.Write) error {
			_, _, _, err := db.CreateDocument(ctx, w, upload("new", true, []byte(text)))
			return err
		}, 100_000},
		{"the same upload", func(ctx context.Context, w fed.Write) error {
			_, _, _, err := db.CreateDocument(ctx, w, upload("new", true, []byte(text)))
			return err
		}, 0},
		{"a document's deletion", func(ctx context.Context, w fed.Write) error { return db.DeleteDocument(ctx, w, page) }, 100_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got int64
			if err := c.write(t.Context(), fed.Write{Grown: func(bytes int64) { got += bytes }}); err != nil {
				t.Errorf("%v", err)
			}
			if got < c.want || got > c.want+most || c.want == 0 && got != 0 {
				t.Errorf("%d bytes, want about %d", got, c.want)
			}
		})
	}
}
