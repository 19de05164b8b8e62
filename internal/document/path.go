// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// OfPath is the document of this id on the page of the path.
func OfPath(c *gate.Caller, id string) record.Document {
	return record.Document{ID: id, Page: c.Param("page"), Persons: []string{c.Subject, c.Spelled}}
}

// CheckPath refuses data that names another person or page than the path.
func CheckPath(sent record.Keys, document record.Document) error {
	if key := document.Mismatch(sent); key != "" {
		return gate.OtherThanPath(key)
	}
	return nil
}
