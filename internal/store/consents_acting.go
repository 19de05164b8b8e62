// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "context"

// maxWards is how many persons are named for whom one account acts.
const maxWards = 50

// Wards gives the statements by which the reader acts for others now, the newest first.
func (c Consents) Wards(ctx context.Context) ([]Statement, error) {
	const q = `SELECT ` + statementColumns + ` FROM thalamus_consents
		WHERE effect = 'act' AND who = 'account:' || $1 AND ` + consentInForce + ` ORDER BY id DESC LIMIT $2`
	return statements(c.db.origin().pool.Query(ctx, q, c.reader.Account, maxWards))
}
