// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// risks tells in sentences what may lose a commit that was acknowledged. That there is a
// standby may be seen without rights, but not whether it is synchronous: so the setting is asked for.
const risks = `SELECT sentence FROM (VALUES
	(1, current_setting('fsync') = 'off', 'fsync is off: a crash of the machine can destroy the database'),
	(2, current_setting('full_page_writes') = 'off', 'full_page_writes is off: a crash of the machine can destroy the database'),
	(3, current_setting('synchronous_commit') = 'off', 'synchronous_commit is off: a crash of PostgreSQL loses what it acknowledged just before'),
	(4, current_setting('synchronous_standby_names') = '' AND EXISTS (SELECT FROM pg_stat_replication WHERE application_name <> 'pg_basebackup'),
		'a standby is attached, but synchronous_standby_names is empty: a failover loses what was acknowledged just before'),
	(5, current_setting('synchronous_standby_names') <> '' AND current_setting('synchronous_commit') = 'local',
		'synchronous_commit is local: no standby is waited for, and a failover loses what was acknowledged just before')
) AS risk (place, is_there, sentence) WHERE is_there ORDER BY place`

// DurabilityRisks tells what in the settings of PostgreSQL may lose records that were acknowledged; none
// if nothing does.
func (db *DB) DurabilityRisks(ctx context.Context) ([]string, error) {
	rows, _ := db.pool.Query(ctx, risks)
	sentences, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return sentences, classify(err)
}
