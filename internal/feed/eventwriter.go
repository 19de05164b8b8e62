// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"bytes"
	"net/http"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

const eventStreamType = "text/event-stream"

// eventWriter writes server-sent events.
type eventWriter struct {
	to         *gate.MinRateWriter
	connection *http.ResponseController
	buffer     bytes.Buffer
}

func newEventWriter(w http.ResponseWriter, stall time.Duration) *eventWriter {
	w.Header().Set("Content-Type", eventStreamType)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	return &eventWriter{to: gate.NewMinRateWriterStall(w, stall), connection: http.NewResponseController(w)}
}

// page sends the changes of a page.
func (out *eventWriter) page(page store.FeedPage, data bool) error {
	for _, change := range page.Changes {
		text, _ := change.Cursor.AppendText(append(out.buffer.AvailableBuffer(), "id: "...)) // which never fails
		text = gate.AppendChange(append(text, "\ndata: "...), change, data)
		out.buffer.Write(append(text, "\n\n"...))

		if out.buffer.Len() < gate.FullPiece {
			continue
		}
		if err := out.flush(); err != nil {
			return err
		}
	}

	if out.buffer.Len() == 0 {
		return nil
	}
	err := out.flush()
	out.buffer = bytes.Buffer{} // a stream that is idle has none
	return err
}

func (out *eventWriter) comment() error {
	out.buffer.WriteString(":\n\n")
	return out.flush()
}

func (out *eventWriter) flush() error {
	if _, err := out.buffer.WriteTo(out.to); err != nil {
		return err
	}
	return out.connection.Flush()
}
