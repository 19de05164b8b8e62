// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"io"
	"net/http"
	"os"

	"thalamus/internal/fed"
	"thalamus/internal/limit"
	"thalamus/internal/record"
)

// Limits are those of a record.
func (c *Caller) Limits() record.Limits {
	return record.Limits{Noun: "body", Bytes: c.gate.options.MaxBody, Elements: c.gate.options.MaxElements}
}

// LimitBody bounds the time of a body that is read before its caller is known.
func (c *Caller) LimitBody(w http.ResponseWriter, r *http.Request) {
	c.gate.setBodyTimeout(ShortBody, w, r)
}

// Hold is the hold of memory for a request's body.
func (c *Caller) Hold() *limit.Hold {
	if c.event.memory == nil {
		c.event.memory = c.OpenHold()
	}
	return c.event.memory
}

// OpenHold opens a hold of memory for other purposes. The caller releases it.
func (c *Caller) OpenHold() *limit.Hold { return c.gate.memory.Open(c.Account.ID) }

// readBody reads a body of at most so many bytes.
func (c *Caller) readBody(r *http.Request, most int64) ([]byte, error) {
	if r.ContentLength > most {
		return nil, TooLarge(r, most)
	}

	text, err := c.ReadWhole(r, r.Body, most)
	if err != nil {
		TakeIn(r, most)
	}

	return text, err
}

// ReadWhole reads at most so many bytes. The memory for them is taken as they arrive: a
// client that announces many bytes has not sent them.
func (c *Caller) ReadWhole(r *http.Request, source io.Reader, most int64) (text []byte, err error) {
	const first = 2 << 10
	hold := c.Hold()
	for {
		if len(text) == cap(text) {
			room := min(max(2*int64(cap(text)), first), most+1)
			if err := hold.Take(r.Context(), room-int64(cap(text))); err != nil {
				hold.Release()
				return nil, err
			}
			text = append(make([]byte, 0, room), text...)
		}

		n, err := source.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if int64(len(text)) > most {
			hold.Release()
			return nil, tooLarge(most)
		}

		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return nil, Unreadable(err)
		}
	}
}

// TakeIn reads the rest of a refused body that is not far too large, for a minute at most:
// many clients read no reply before they have sent everything. A client that waits until
// the hub reads the body (Expect) sends nothing before.
func TakeIn(r *http.Request, limit int64) {
	most := 4 * limit
	body, ok := r.Body.(*timeoutBody)
	waits := ok && r.Header.Get("Expect") != "" && !body.read
	if !ok || waits || r.ContentLength > most {
		return
	}

	body.shorten(shortBodyTimeout)
	_, _ = io.CopyN(io.Discard, body, most)
}

// TooLarge refuses a body that is larger than a limit.
func TooLarge(r *http.Request, limit int64) error {
	TakeIn(r, limit)
	return tooLarge(limit)
}

func tooLarge(limit int64) error {
	return fed.Errorf(fed.TooLarge, "The body is larger than %d bytes.", limit)
}

// OtherThanPath refuses a key of the body whose value differs from the path's.
func OtherThanPath(key string) error {
	return fed.Errorf(fed.Invalid, "%s must be the one of the path.", key)
}

// UnreadableForm is the error of a form that cannot be parsed.
func UnreadableForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fed.Errorf(fed.TooLarge, "The form is too large.")
	}
	return fed.Errorf(fed.Malformed, "The form cannot be read.") // err may quote it, and is not for the log
}

// Unreadable is the error of a body that does not arrive.
func Unreadable(err error) error {
	sentence := "The body cannot be read."
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		sentence = "The body ended before its end."
	case errors.Is(err, os.ErrDeadlineExceeded):
		sentence = "The body took too long to arrive."
	}

	return &fed.Error{Kind: fed.Malformed, Msg: sentence, Err: err}
}
