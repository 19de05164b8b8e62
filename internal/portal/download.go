// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"bufio"
	"net/http"
	"time"

	docs "thalamus/internal/document"
	"thalamus/internal/gate"
)

// getDownload sends all that is stored about the caller as one ZIP. It is written while it is
// read, and held nowhere as a whole. An error in the middle cuts the reply off: a ZIP without
// its end cannot be opened.
func (p documents) getDownload(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person, err := p.Store.For(c.Reader()).Person(r.Context(), c.Subject)
	if err != nil {
		return err
	}

	pieces, err := c.OpenPieces()
	if err != nil {
		return err
	}
	defer pieces.Close()

	begun := time.Now().UTC()
	header := w.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Disposition", docs.Attachment("thalamus-"+c.Subject+"-"+begun.Format(time.DateOnly)+".zip"))
	docs.Sandbox(header)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}

	out := bufio.NewWriterSize(gate.NewMinRateWriter(w), gate.FullPiece)
	a := newArchive(r.Context(), c, p.Store.For(c.Reader()), pieces, out)
	a.language, a.person, a.begun = p.languages.of(r, c), person.Record, begun
	if err := a.write(); err != nil {
		return err
	}
	return out.Flush()
}
