// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
)

// measureFHIR compares what FHIR clients read with the same in the hub's own form, from one server: a
// person, and a book of ten thousand pages.
func measureFHIR(ctx context.Context, b *bench) error {
	db, err := b.filled(ctx, "fhir")
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, fillPatient)
	if err != nil {
		return fmt.Errorf("fill the book: %w", err)
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
		{"FHIR/Book", func(int) request { return get("/fhir/Observation?patient=" + patient) }, func(int) request { return get("/pols/" + patient) }},
	} {
		err := b.twoForms(ctx, s, pair.name, pair.fhir, pair.native)
		if err != nil {
			return err
		}
	}
	return nil
}

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

	_, peak := memoryOf(s.cmd.Process)
	b.line(name+"/Memory", 1, metric{peak, "peak-MB"})
	return nil
}
