// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure an Error is. Each kind has one HTTP status
// and one code.
type Kind int

// The kinds of failure. The zero kind is a fault of ours.
const (
	Internal        Kind = iota // a fault here; its cause is for the log only
	Malformed                   // the request cannot be read
	Unauthenticated             // we do not know who is asking
	Forbidden                   // we know, and the answer is no
	NotFound                    // there is no such thing
	BadMethod                   // there is such a thing, but not with this method
	Conflict                    // it contradicts what is stored
	Gone                        // there was such a thing
	Stale                       // it has another version than the caller wants to change
	TooLarge                    // over a configured limit
	Unsupported                 // a content type or encoding we do not read
	BadRange                    // a byte range outside the document
	Invalid                     // readable, but against a rule
	TooMany                     // asked too often
	Unavailable                 // cannot be answered now; trying again may help
	NotAcceptable               // asked for in a form that there is not

	kinds // how many there are
)

// Kinds gives all kinds of failure.
func Kinds() (all []Kind) {
	for kind := range kinds {
		all = append(all, kind)
	}
	return all
}

// Error has two faces: Msg is a sentence for the caller, Err the cause for the
// log. Neither may hold a password, a hash or a body.
type Error struct {
	Kind Kind
	Msg  string
	Err  error
	Wait time.Duration // when trying again may help; 0 if that is not known

	Version int64 // that the record has, with Stale; 0 if there is none
}

// Error gives both faces, as one sentence; it is for the log.
func (e *Error) Error() string {
	switch {
	case e.Err == nil:
		return e.Msg
	case e.Msg == "":
		return e.Err.Error()
	}
	return strings.TrimSuffix(e.Msg, ".") + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of the kind with a sentence for the caller.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Msg: fmt.Sprintf(format, args...)}
}

// KindOf gives the kind of the first Error in err's chain; Internal when there
// is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
