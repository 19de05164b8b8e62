// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"time"

	"thalamus/internal/program"
)

// A patient has a large book, a page each eleven hours back from now, and scanned
// documents of this many bytes.
const (
	patient     = "ESPBEN000001"
	patientBook = 10_000
	scanSize    = 10 << 20
)

var fillPatient = fmt.Sprintf(`
INSERT INTO pols (id, book, data)
SELECT page, '%[1]s', replace(replace(replace('%[2]s', '%[3]s', '%[1]s'), '%[4]s', page), '%[5]s',
	to_char(now() AT TIME ZONE 'UTC' - n * interval '11 hours', 'YYYY-MM-DD"T"HH24:MI:SS'))::jsonb
FROM (SELECT n, gen_random_uuid()::text AS page FROM generate_series(1, %[6]d) AS n) AS numbered`,
	patient, pageText, noBook, noPage, noDate, patientBook)

// fillScans takes their number and their size. Their bytes are as good as random, as those
// of a JPEG: an archive cannot pack them.
const fillScans = `
INSERT INTO personal_docs (id, fedacct, pol, document, data)
SELECT id, book, page, bytes, jsonb_build_object('id', id, 'fedacct', book, 'pol', page, 'description', 'Scan')
FROM (SELECT gen_random_uuid()::text AS id, book, id AS page FROM pols WHERE book = '` + patient + `' LIMIT $1) AS scanned,
	(SELECT string_agg(sha256(int4send(n)), '' ORDER BY n) AS bytes FROM generate_series(1, $2::int / 32) AS n) AS scan`

// measurePortal measures the things that a patient waits for in her browser.
func measurePortal(ctx context.Context, b *bench) error {
	db, err := b.patientDatabase(ctx)
	if err != nil {
		return err
	}
	s, err := b.serve(ctx, b.thalamus, db.url)
	if err != nil {
		return err
	}
	for round := range b.count {
		err := b.firstLogins(ctx, s, 10+10*round)
		if err != nil {
			return err
		}
	}

	visit, err := s.signIn(ctx, patient)
	if err != nil {
		return err
	}
	err = b.screens(ctx, visit)
	if err != nil {
		return err
	}
	return b.download(ctx, visit)
}

func (b *bench) patientDatabase(ctx context.Context) (database, error) {
	db, err := b.filled(ctx, "portal")
	if err != nil {
		return db, err
	}
	_, err = db.Exec(ctx, fillPatient)
	if err != nil {
		return db, fmt.Errorf("fill the book: %w", err)
	}
	_, err = db.Exec(ctx, fillScans, b.scans, scanSize)
	if err != nil {
		return db, fmt.Errorf("fill in the documents: %w", err)
	}
	_, err = db.Exec(ctx, `VACUUM (ANALYZE)`)
	if err != nil {
		return db, fmt.Errorf("tidy up: %w", err)
	}
	return db, nil
}

// firstLogins times five accounts that log in with the form, and five with Basic.
func (b *bench) firstLogins(ctx context.Context, s *server, first int) error {
	byForm, byBasic := make([]time.Duration, 5), make([]time.Duration, 5)
	for i := range byForm {
		begun := time.Now()
		_, err := s.signIn(ctx, owner(first+i))
		if err != nil {
			return err
		}
		byForm[i] = time.Since(begun)

		byBasic[i], err = s.as(owner(first+5+i)).time(ctx, get("/login"))
		if err != nil {
			return err
		}
	}

	b.line("Portal/FirstLogin/by=form", len(byForm), times(byForm)...)
	b.line("Portal/FirstLogin/by=basic", len(byBasic), times(byBasic)...)
	return nil
}

// screens times the patient's screens.
func (b *bench) screens(ctx context.Context, visit *visit) error {
	for _, screen := range []struct{ name, path string }{
		{"Home", "/portal/"}, {"Book", "/portal/book"}, {"BookSearch", "/portal/book?q=breakfast"},
		{"Measurements/period=2y", "/portal/measurements?period=2y"}, {"Access", "/portal/access"},
	} {
		for range b.count {
			took := make([]time.Duration, b.searches/10)
			for i := range took {
				begun := time.Now()
				_, err := visit.open(ctx, screen.path)
				if err != nil {
					return err
				}
				took[i] = time.Since(begun)
			}
			b.line("Portal/"+screen.name, len(took), times(took)...)
		}
	}
	return nil
}

// download takes everything about the patient, once.
func (b *bench) download(ctx context.Context, visit *visit) error {
	begun := time.Now()
	size, err := visit.open(ctx, "/portal/download")
	if err != nil {
		return err
	}

	took := time.Since(begun)
	_, peak := program.Memory(visit.server.Process)
	b.line("Portal/Download", 1, perOp(took, 1), metric{float64(size) / 1e6 / took.Seconds(), "MB/s"}, metric{peak, "peak-MB"})
	return nil
}
