// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// creations create a record with the id "x" of every kind.
func creations(t *testing.T, db *testdb.DB) map[string]func(w fed.Write) (fed.Stored, bool, error) {
	t.Helper()
	return map[string]func(w fed.Write) (fed.Stored, bool, error){
		"people": func(w fed.Write) (fed.Stored, bool, error) {
			stored, created, err := db.CreatePerson(t.Context(), w, "x", fed.Record(`{"active": false}`), nothing)
			if err == nil && !created {
				there, err := db.RepeatedPerson(t.Context(), w, "x", fed.Record(`{"active": false}`), nothing)
				return there.Stored, false, err
			}
			return stored, created, err
		},
		"pols": func(w fed.Write) (fed.Stored, bool, error) {
			return db.CreatePage(t.Context(), w, "A", "x", nothing)
		},
		"personal_docs": func(w fed.Write) (fed.Stored, bool, error) {
			_, stored, created, err := db.CreateDocument(t.Context(), w, upload("x", true, []byte("bytes")))
			return stored, created, err
		},
		"dus": func(w fed.Write) (fed.Stored, bool, error) {
			return db.Registry(fed.Unit).Create(t.Context(), w, "x", nothing, nothing)
		},
		"institutions": func(w fed.Write) (fed.Stored, bool, error) {
			return db.Registry(fed.Institution).Create(t.Context(), w, "x", nothing, nothing)
		},
	}
}

func TestADeletedIdIsUsedAgainOnlyByWhoMay(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	again := fed.Write{Account: "DR", Request: "r2", Recreate: true}
	for table, create := range creations(t, db) {
		if stored, created, err := create(again); stored.Version != 1 || !created || err != nil {
			t.Errorf("%s: got version %d, created %v, %v", table, stored.Version, created, err)
		}
		db.Exec(`DELETE FROM ` + table + ` WHERE id = 'x'`)
		_, _, err := create(doctor)
		wantKind(t, err, fed.Gone)
		for _, w := range []fed.Write{again, doctor} { // the second is a replay
			if stored, created, err := create(w); stored.Version != 3 || created != w.Recreate || err != nil {
				t.Errorf("%s: got version %d, created %v, %v", table, stored.Version, created, err)
			}
		}
		wantText(t, db.Text(`SELECT version::text FROM `+table+` WHERE id = 'x'`), nil, "3")
		last := db.Text(`SELECT operation || account || request FROM thalamus_changes WHERE id = 'x' ORDER BY seq DESC LIMIT 1`)
		wantText(t, last, nil, "createDRr2")
	}
}

// The one who waits for a deletion that is under way finds that the id is gone.
func TestACreationDuringTheDeletionIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		w       fed.Write
		version int64
	}{"who may not": {doctor, 0}, "who may": {fed.Write{Request: "r", Recreate: true}, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newBook(t)
			end := db.Hold(`DELETE FROM pols WHERE id = '1'`)
			done := make(chan error)
			var stored fed.Stored
			go func() {
				var err error
				stored, _, err = db.CreatePage(t.Context(), c.w, "A", "1", fed.Record(pageOne))
				done <- err
			}()
			db.AwaitWaiting(1)
			end("COMMIT")
			err := <-done
			if gone := fed.KindOf(err) == fed.Gone; gone != (c.version == 0) || stored.Version != c.version {
				t.Errorf("got version %d, %v", stored.Version, err)
			}
		})
	}
}

// Another order of triggers would tell of a deletion first.
func TestAPageForNobodyIsNotFoundEvenIfItWasDeleted(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	must(t, db.DeletePage(t.Context(), nobody, "A", "1"))
	_, _, err := db.CreatePage(t.Context(), doctor, "nobody", "1", nothing)
	wantKind(t, err, fed.NotFound)
}

// An insertion that went on from a version which is no longer the last is tried
// again, once.
func TestACreationThatWasOvertakenIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`CREATE SEQUENCE attempts;
		CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			IF nextval('attempts') <> 2 THEN
				RAISE EXCEPTION 'as if' USING ERRCODE = '23505';
			END IF;
			RETURN NULL;
		END $$;
		CREATE TRIGGER overtake AFTER INSERT ON pols FOR EACH ROW EXECUTE FUNCTION overtake()`)
	if _, created, err := db.CreatePage(t.Context(), doctor, "A", "2", nothing); !created || err != nil {
		t.Errorf("created %v, %v", created, err)
	}
	_, _, err := db.CreatePage(t.Context(), doctor, "A", "3", nothing)
	wantKind(t, err, fed.Unavailable)
	wantText(t, db.Text(`SELECT last_value::text FROM attempts`), nil, "4")
}
