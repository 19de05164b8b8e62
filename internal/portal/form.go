// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"errors"
	"net/http"

	"thalamus/internal/fed"
)

// maxForm is a limit in bytes, far above what people type. A form of megabytes would be
// parsed into millions of fields.
const maxForm = 256 << 10

// readForm reads the fields of a form without files into r.PostForm.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	if err == nil {
		return nil
	}

	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fed.Errorf(fed.TooLarge, "The form is too large.")
	}
	return fed.Errorf(fed.Malformed, "The form cannot be read.") // err may quote it, and is not for the log
}
