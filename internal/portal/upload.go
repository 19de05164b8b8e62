// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strconv"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// uploadForm is the form for a document.
type uploadForm struct {
	Action string // href
	field
}

func newUploadForm(action string, most int64, wrong message) *uploadForm {
	return &uploadForm{action, field{
		Name: "document", Type: "file", Required: true, Label: say("upload.file"),
		Hint: say("upload.most", "size", sizeText(most)), Problem: wrong,
	}}
}

// uploadProblems are the refusals of a document that the form itself tells of.
var uploadProblems = map[fed.Kind]string{
	fed.TooLarge: "upload.too_large", fed.Unavailable: "upload.full", fed.TooMany: "upload.full", fed.Invalid: "upload.wrong", fed.Malformed: "upload.wrong",
}

// postDocument takes a document for a page, and shows the page's documents again.
func (p documents) postDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	_, _, _, err := p.Inbox.Store(r, c, p.Store)
	problem := uploadProblems[fed.KindOf(err)]
	switch {
	case err == nil:
		return p.done(w, r, c, "done.document_added", here(r, c))
	case problem != "":
		return p.showDocuments(w, r, c, c.Refuse(w, err).Status, say(problem, "size", sizeText(p.Inbox.Most())))
	}
	return err
}

// sizeText writes a number of bytes in MB, or in kB if it is small.
func sizeText(bytes int64) string {
	if bytes < 1<<20 {
		return strconv.FormatInt(max(1, bytes>>10), 10) + " kB"
	}
	return strconv.FormatInt(bytes>>20, 10) + " MB"
}
