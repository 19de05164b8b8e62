// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/program"
)

// A traveller has a book of a thousand pages besides the two that each has: the newest ones of the patient's, with
// several measurements, of which every tenth is of a hospital instead: a condition, one of thirty, a vaccine, a
// prescription or a laboratory's result. Some measurements are there only, and some not for years.
const (
	traveller     = "ESPBEN000002"
	fillTraveller = `
INSERT INTO pols (id, book, data)
SELECT page, '` + traveller + `', data || jsonb_build_object('id', page, 'book', '` + traveller + `') || CASE
	WHEN n % 10 = 9 THEN jsonb_build_object('page_type', 'medical', 'info', 'Control in a year. Advice about exercise and salt was given.') || (ARRAY[
		jsonb_build_object('medical_context', 'encounter', 'health_condition_code', 'I' || n / 10 % 30 + 10, 'health_condition_text', 'A condition of many words',
			'measurements', '{''bp'': {''systolic'': 128, ''diastolic'': 83}, ''t'': 36.7, ''rr'': 14, ''wt'': 73.6}'),
		'{"medical_context": "immunization", "summary": "Influenza vaccination", "procedure_code": "3E0234Z", "measurements": null}',
		'{"medical_context": "prescription", "summary": "Enalapril 10 mg", "measurements": null}',
		'{"medical_context": "lab", "summary": "Lipids", "measurements": null}'])[n / 10 % 4 + 1]
	WHEN n > 800 AND n % 7 = 0 THEN '{"measurements": [{"ht": 171}]}'
	ELSE jsonb_build_object('measurements', (ARRAY['[{"bp": {"systolic": 124, "diastolic": 79}}, {"hr": 68}]', '[{"bg": 98}]', '[{"wt": 71.20, "bmi": 25.8}]', '[{"osat": 98}]']::jsonb[])[n % 4 + 1])
END
FROM (SELECT gen_random_uuid()::text AS page, data, row_number() OVER (ORDER BY page_time DESC) AS n FROM pols WHERE book = '` + patient + `' ORDER BY page_time DESC LIMIT 1000) AS newest`
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
		clients      int
		fhir, native generator
	}{
		{"FHIR/Person", connections, func(n int) request { return get("/fhir/Patient/" + owner(n)) }, readPerson},
		{"FHIR/Summary", connections, always("/fhir/Patient/" + traveller + "/$summary"), always("/pols/" + traveller)},
		{"FHIR/Summary/clients=1", 1, always("/fhir/Patient/" + traveller + "/$summary"), always("/pols/" + traveller)},
		{"FHIR/SmallBook", connections, always("/fhir/Observation?patient=" + traveller), always("/pols/" + traveller)},
		{"FHIR/Book", connections, always("/fhir/Observation?patient=" + patient), always("/pols/" + patient)},
		{"FHIR/Everything", connections, always("/fhir/Patient/" + patient + "/$everything"), always("/pols/" + patient)},
	} {
		err := b.twoForms(ctx, s, pair.name, pair.clients, pair.fhir, pair.native)
		if err != nil {
			return err
		}
	}
	return nil
}

// always is the same request again and again.
func always(path string) generator { return func(int) request { return get(path) } }

// twoForms has so many clients load a server with the same in two forms, in turns.
func (b *bench) twoForms(ctx context.Context, s *server, name string, clients int, forms ...generator) error {
	sides := []side{{name: "fhir"}, {name: "native"}}
	for range b.count {
		samples := make([]sample, len(forms))
		for i, form := range forms {
			_, err := s.loadBy(ctx, clients, form, warmUp)
			if err != nil {
				return err
			}
			samples[i], err = s.loadBy(ctx, clients, form, b.time)
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
