// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "fmt"

// What of the past is for global roles only: one rule for the feed and for histories,
// about a change c.

// presentLife is true of what came after the last deletion of the record: all else was
// in a record that was deleted.
const presentLife = `c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)`

// presentHolder is true of what came after the last deletion of the person: an id that
// was used before is somebody else's now. The new life begins with the creation; what a
// TRUNCATE removes of a person's is noted after the person.
func presentHolder(person string) string {
	return fmt.Sprintf(`c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = %s AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)`, person)
}
