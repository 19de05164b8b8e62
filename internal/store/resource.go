// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "thalamus/internal/fed"

// shown is what of a record's data everybody may see who may see the record, as SQL.
func shown(i fed.ResourceInfo) string {
	if i.Secret == "" {
		return `data`
	}
	return `data - '` + i.Secret + `'`
}

// notFound is said of a record that is not there.
func notFound(i fed.ResourceInfo) string { return i.Noun + " not found" }

// orNull is a column, or what stands for one that a table does not have.
func orNull(column, null string) string {
	if column == "" {
		return null
	}
	return column
}

// tables are those of all resources.
func tables() (names []string) {
	for _, i := range fed.Resources() {
		names = append(names, i.Table)
	}
	return names
}
