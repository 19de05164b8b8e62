// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

func TestPagesOfABookHaveTheirDates(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}')`)
	addPages(db, "A", map[string]string{"1": `{"page_date": "2026-05-20 08:00:00"}`, "2": `{}`, "3": `{"page_date": "2026-05-21"}`, "4": `null`})
	addPage(db, "B", "5", `{"page_date": "2026-05-22"}`)
	dates, err := db.For(fed.Operator).PageDates(t.Context(), "A", []string{"1", "2", "4", "5", "6"})
	must(t, err)
	if diff := cmp.Diff(map[string]string{"1": "2026-05-20 08:00:00", "2": ""}, dates); diff != "" {
		t.Error(diff)
	}
}
