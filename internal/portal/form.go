// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/gate"
)

// maxForm is a limit in bytes, far above what people type. A form of megabytes would be
// parsed into millions of fields.
const maxForm = 256 << 10

// readForm reads the fields of a form without files into r.PostForm.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return gate.UnreadableForm(err)
	}
	return nil
}
