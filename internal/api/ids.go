// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// checkRepeated refuses, as Invalid, a key of the body whose value differs from the path's text.
func checkRepeated(key string, value []byte, text string) error {
	if !record.Repeats(value, text) {
		return gate.OtherThanPath(key)
	}
	return nil
}

// createdStatus gives the status of a creation and sets its Location. A repeated creation gets
// the Location, too, because the first reply may have been lost.
func createdStatus(w http.ResponseWriter, isNew bool, location string) int {
	w.Header().Set("Location", location)
	if !isNew {
		return http.StatusOK
	}
	return http.StatusCreated
}
