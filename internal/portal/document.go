// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	docs "thalamus/internal/document"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// getDocument shows a picture, and has the browser save any other document. The bytes decide
// which it is, whatever is said about them. No browser keeps them.
func (p documents) getDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	key := store.DocumentKey{Person: c.Subject, Page: c.Param("page"), ID: c.Param("document")}
	view := p.Store.For(c.Reader())
	document, err := view.Document(r.Context(), key)
	if err != nil {
		return err
	}

	file := docs.File{ID: key.ID, Document: document, Type: docs.SafeType(document)}
	picture := docs.PictureType(document)
	if picture != "" {
		file.Type, file.Inline = picture, true
	}

	file.Content = view.OpenDocument(r.Context(), key, document, docs.ReadRanges(r, document.Size))
	return docs.Send(w, r, file)
}
