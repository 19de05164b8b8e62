// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

func TestABookIsOpenForAsLongAsIsConfigured(t *testing.T) {
	t.Parallel()
	at := newBook(t)
	for lasts, account := range map[time.Duration]string{2 * time.Minute: "SHORT", 3 * time.Hour: "LONG"} {
		db, err := store.New(store.Options{URL: at.URL, Emergency: lasts})
		must(t, err)
		t.Cleanup(db.Close)
		open, _, err := store.Emergencies(db.For(fed.Reader{Account: account})).Open(t.Context(), fed.Write{Account: account},
			store.Emergency{Person: "A", Purpose: "ETREAT", Reason: "a good reason"})
		must(t, err)
		if got := open.Until.Sub(open.Time); got < lasts-time.Second || got > lasts {
			t.Errorf("it is open for %v, want %v", got, lasts)
		}
	}
}

// Where the law wants silence a doctor is told of nothing, and yet sees nothing.
func TestNobodyIsToldOfWhatIsWithheldWhereTheLawWantsSilence(t *testing.T) {
	t.Parallel()
	at := newBook(t)
	at.Exec(`INSERT INTO pols (id, book, data) VALUES ('secret', 'A', '{"id": "secret"}')`)
	at.Exec(deniesAll, "A")
	for _, silent := range []bool{false, true} {
		db, err := store.New(store.Options{URL: at.URL, Silent: silent})
		must(t, err)
		t.Cleanup(db.Close)
		doctor := fed.Reader{Account: "DR"}
		told, err := db.Withholds(t.Context(), doctor, "A")
		must(t, err)
		_, err = db.For(doctor).Page(t.Context(), "A", "secret")
		if told == silent || fed.KindOf(err) != fed.NotFound {
			t.Errorf("silent %v: told %v, and the page is %v", silent, told, err)
		}
	}
}
