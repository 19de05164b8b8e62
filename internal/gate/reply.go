// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"

	"thalamus/internal/web"
)

// ReplyPage sends HTML that may run nothing and be framed by nobody.
func ReplyPage(w http.ResponseWriter, status int, page []byte) {
	w.Header().Set("Content-Security-Policy", web.Policy)
	w.Header().Set("Referrer-Policy", "same-origin") // no-referrer would make our form's Origin "null"
	Reply(w, status, "text/html; charset=utf-8", page)
}

// Reply sends a whole reply. An error of it means that the client is gone.
func Reply(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	if status != http.StatusOK {
		w.WriteHeader(status)
	}
	if len(body) > FullPiece {
		w = Paced(w)
	}
	_, _ = w.Write(body)
}
