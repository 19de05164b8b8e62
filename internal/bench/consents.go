// SPDX-License-Identifier: GPL-3.0-or-later

package main

import "context"

// guardOthers says something of a hundred persons whom no request is about.
const guardOthers = `INSERT INTO thalamus_consents (id, person, scope, who, effect)
	SELECT 'statement ' || n, 'OTHER' || n, '*', '*', 'deny' FROM generate_series(1, 100) AS n`

// measureConsents compares the server with itself where nobody says who may read a book.
func measureConsents(ctx context.Context, b *bench) error {
	guarded, err := b.filled(ctx, "with_statements", guardOthers)
	if err != nil {
		return err
	}
	open, err := b.filled(ctx, "without_statements")
	if err != nil {
		return err
	}

	with := side{"thalamus", func() (*server, error) { return b.serve(ctx, b.thalamus, guarded.url) }}
	without := side{"no-statements", func() (*server, error) { return b.serve(ctx, b.thalamus, open.url) }}
	err = b.inTurns(ctx, "Consents/Person", readPerson, with, without)
	if err != nil {
		return err
	}
	return b.inTurns(ctx, "Consents/Book", readBook, with, without)
}
