// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "fmt"

// rowKind says which rows a statement finds.
type rowKind int

const (
	pageRows      rowKind = iota // of books
	documentRows                 // of persons
	recordChanges                // changes c of one record, by the arguments of a HistoryQuery
	feedChanges                  // changes c of the feed, by the parameters of its statement
)

// visible is the condition of the rows that a reader may see, as SQL: it is decided here only,
// and before any LIMIT. Its text is the same for all readers, so that they can share a query:
// the gate has decided on their reach, and what they see of the past depends on that only.
// asker is the place of a View's asker in the statement; see there.
func visible(of rowKind, asker string) string {
	switch of {
	case recordChanges:
		return `(@global OR c.operation <> 'upgrade' AND ` + sinceDeletion + ` AND ` + sincePersonDeletion("@person") + `)` +
			` AND ` + unlessWithheld(asker, changeWithheld)
	case feedChanges:
		return `(c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND ` + sincePersonDeletion("$5") + `)` +
			` AND ` + unlessWithheld(asker, changeWithheld)
	case documentRows:
		return `CASE WHEN jsonb_typeof(data) = 'object' THEN ` + unlessWithheld(asker, documentWithheld) + ` ELSE false END`
	default:
		return `CASE WHEN jsonb_typeof(data) = 'object' THEN ` + unlessWithheld(asker, pageWithheld) + ` ELSE false END`
	}
}

// Whether rows are withheld, as SQL with a place for an asker.
const (
	pageWithheld     = `thalamus_withheld(%s, pols.book, pols.id)`
	documentWithheld = `thalamus_withheld(%s, personal_docs.fedacct, personal_docs.pol)`
	changeWithheld   = `thalamus_change_withheld(%s, c.person, c.resource, c.id)`
)

// unlessWithheld is true of rows that no statement of their person withholds from an asker.
func unlessWithheld(asker, withheld string) string {
	return `(` + asker + `::text[] IS NULL OR NOT ` + fmt.Sprintf(withheld, asker) + `)`
}

// sinceDeletion is true of what came after the last deletion of the record: all else was
// in a record that was deleted.
const sinceDeletion = `c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)`

// sincePersonDeletion is true of what came after the last deletion of the person: an id that
// was used before is somebody else's now. The new life begins with the creation: a TRUNCATE
// notes the removal of a person before that of the person's records.
func sincePersonDeletion(person string) string {
	return fmt.Sprintf(`c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = %s AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)`, person)
}
