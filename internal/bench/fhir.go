// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/program"
)

// A traveller has a book of a thousand pages, the newest ones of the patient's, besides those that each has.
const (
	traveller     = "ESPBEN000002"
	fillTraveller = `
INSERT INTO pols (id, book, data)
SELECT page, '` + traveller + `', data || jsonb_build_object('id', page, 'book', '` + traveller + `')
FROM (SELECT gen_random_uuid()::text AS page, data FROM pols WHERE book = '` + patient + `' ORDER BY page_time DESC LIMIT 1000) AS newest`
)

// measureFHIR compares what FHIR clients read with the same in the hub's own form, from one server: a
// person, a book of a thousand pages, its summary, a book of ten thousand, and everything of its owner. The memory of
// the larger book is to be that of the smaller one.
func measureFHIR(ctx context.Context, b *bench) error {
	db, err := b.filled(ctx, "fhir")
	if err != nil {
		return err
	}
	for _, fill := range []string{fillPatient, fillTraveller} {
		_, err = db.Exec(ctx, fill)
		if err != nil {
			return fmt.Errorf("fill the book: %w", err)
		}
	}
	_, err = db.Exec(ctx, `VACUUM (ANALYZE)`)
	if err != nil {
		return fmt.Errorf("tidy up: %w", err)
	}

	s, err := b.serve(ctx, b.thalamus, db.url)
	if err != nil {
		return err
	}
	for _, pair := range []struct {
		name         string
		fhir, native generator
	}{
		{"FHIR/Person", func(n int) request { return get("/fhir/Patient/" + owner(n)) }, readPerson},
		{"FHIR/Summary", always("/fhir/Patient/" + traveller + "/$summary"), always("/pols/" + traveller)},
		{"FHIR/SmallBook", always("/fhir/Observation?patient=" + traveller), always("/pols/" + traveller)},
		{"FHIR/Book", always("/fhir/Observation?patient=" + patient), always("/pols/" + patient)},
		{"FHIR/Everything", always("/fhir/Patient/" + patient + "/$everything"), always("/pols/" + patient)},
	} {
		err := b.twoForms(ctx, s, pair.name, pair.fhir, pair.native)
		if err != nil {
			return err
		}
	}
	return nil
}

// always is the same request again and again.
func always(path string) generator { return func(int) request { return get(path) } }

// twoForms loads a server with the same in two forms, in turns.
func (b *bench) twoForms(ctx context.Context, s *server, name string, forms ...generator) error {
	sides := []side{{name: "fhir"}, {name: "native"}}
	for range b.count {
		samples := make([]sample, len(forms))
		for i, form := range forms {
			_, err := s.load(ctx, form, warmUp)
			if err != nil {
				return err
			}
			samples[i], err = s.load(ctx, form, b.time)
			if err != nil {
				return err
			}
		}
		b.compare(name, sides, samples)
	}

	_, peak := program.Memory(s.Process)
	b.line(name+"/Memory", 1, metric{peak, "peak-MB"})
	return nil
}
