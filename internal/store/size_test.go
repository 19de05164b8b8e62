// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// limited opens the database with limits of a record.
func limited(t *testing.T, db *testdb.DB, bytes int64, elements int) *store.DB {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: 2, MaxRecord: bytes, MaxElements: elements})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}

func TestARecordGrowsToTheLimitAndNoFurther(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	small := limited(t, db, 99, 5)
	db.Exec(`UPDATE people SET data = '{}' WHERE id = 'A'`)
	full := `{"n": "` + strings.Repeat("ñ", 45) + `x"}` // 99 bytes without the blank, 54 characters
	stored, err := small.ChangePerson(t.Context(), nobody, "A", patchOf(full))
	wantRecord(t, stored, err, full)
	_, err = small.ChangePerson(t.Context(), nobody, "A", patchOf(`{"n": "`+strings.Repeat("ñ", 46)+`"}`))
	wantKind(t, err, fed.TooLarge)
	_, err = small.ChangePerson(t.Context(), nobody, "A", patchOf(`{"m": 1}`))
	wantKind(t, err, fed.TooLarge)
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'A'`), nil, full)
}

// Else a record would be taken that nobody could change afterwards.
func TestAPatchMeasuresARecordAsItIsMeasuredOnItsWayIn(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, text := range []string{
		`{"a": [1, 2, {"b": [], "c": {}}], "d e": "f  g, h: i"}`, `{"q": "\"  \\\" , \\", "r": " "}`, `{"\u00f1\ud83d\ude00": "\u0001\u001f\n\/\u007f", "":"" }`,
		`{"n": [1e3, -1.50e-2, 0.001e5, -0, -0.0, 1E20, 1e-20, 123456789.5e3, 0e9, true, null]}`,
		`{"long": "` + strings.Repeat(`\\ \"ñ `, 5000) + `", "n": [` + strings.Repeat("1, ", 5000) + `1]}`,
	} {
		size := sizeOf(t, text)
		for limit, refused := range map[int64]bool{size: false, size - 1: true} {
			db.Exec(`UPDATE people SET data = '{}' WHERE id = 'A'`)
			_, err := limited(t, db, limit, 10_000).ChangePerson(t.Context(), nobody, "A", patchOf(text))
			if got := fed.KindOf(err) == fed.TooLarge; got != refused {
				t.Errorf("%.60s of %d bytes with a limit of %d: %v", text, size, limit, err)
			}
		}
	}
}

// sizeOf is the least limit with which a record is read.
func sizeOf(t *testing.T, text string) (size int64) {
	t.Helper()
	for step := int64(1 << 20); step > 0; step /= 2 {
		_, err := record.Read([]byte(text), record.Limits{Bytes: size + step - 1, Elements: 10_000})
		if fed.KindOf(err) == fed.TooLarge {
			size += step
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return size
}

// Others may have stored it. It may be closed, made smaller, or changed in its size's bounds.
func TestARecordOverTheLimitsMayChangeButNotGrow(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	const large = `{"a": "0123456789012345678901234567890123456789", "b": [1, 2, 3, 4, 5, 6], "active": true}`
	for name, of := range map[string]struct {
		small *store.DB
		kind  fed.Kind
	}{
		"bytes": {limited(t, db, 50, 100), fed.TooLarge}, "elements": {limited(t, db, 1000, 4), fed.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			for patch, fits := range map[string]bool{
				`{}`: true, `{"b": [6, 5, 4, 3, 2, 1]}`: true, `{"a": "0"}`: true, `{"b": null}`: true, `{"active": null, "c": 1}`: false, `{"active": false}`: true,
				`{"roles": ["a", "b"]}`: true, `{"b": [1, 2, 3, 4, 5, 6, 7]}`: false, `{"c": 1}`: false, `{"b": [], "c": [1, 2]}`: true,
			} {
				db.Exec(`UPDATE people SET data = $1 WHERE id = 'A'`, large)
				change := patchOf(patch)
				change.Administers = true
				_, err := of.small.ChangePerson(t.Context(), nobody, "A", change)
				if fits != (err == nil) || !fits && fed.KindOf(err) != of.kind {
					t.Errorf("%s over the limit of %s: %v", patch, name, err)
				}
			}
		})
	}
}
