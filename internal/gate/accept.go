// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Prefers reports whether a client would rather have this media type than the usual one,
// as its Accept says. A wildcard asks for nothing out of the usual, and neither does a
// type that is wanted as much as the usual one; one that is named goes before one that
// only a wildcard covers.
func Prefers(r *http.Request, kind, usual string) bool {
	wish, other := accepted(r, kind), accepted(r, usual)
	if wish.specificity < named || wish.quality == 0 {
		return false
	}
	return cmp.Or(cmp.Compare(wish.quality, other.quality), cmp.Compare(wish.specificity, other.specificity)) > 0
}

// VaryByAccept says that a reply would be another one if the client accepted other types.
func VaryByAccept(header http.Header) {
	if !slices.Contains(header["Vary"], "Accept") {
		header.Add("Vary", "Accept")
	}
}

// acceptance is how far a client accepts a media type. The zero acceptance is: not at all.
type acceptance struct {
	specificity int     // how closely it was named
	quality     float64 // from 0 to 1
}

// How closely a media type can be named.
const (
	anyType = 1 + iota // */*
	anyOf              // text/*
	named
)

// accepted gives what the narrowest range says that covers a media type.
func accepted(r *http.Request, kind string) (best acceptance) {
	for _, value := range r.Header["Accept"] {
		for text := range strings.SplitSeq(value, ",") {
			found := readRange(text, kind)
			if cmp.Or(cmp.Compare(found.specificity, best.specificity), cmp.Compare(found.quality, best.quality)) > 0 {
				best = found
			}
		}
	}
	return best
}

// readRange gives what one range of Accept says of a media type. One that cannot be read
// says nothing.
func readRange(text, kind string) acceptance {
	covered, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		return acceptance{}
	}
	quality := 1.0
	if q, given := parameters["q"]; given {
		quality, err = strconv.ParseFloat(q, 64)
	}
	isQuality := 0 <= quality && quality <= 1
	if err != nil || !isQuality {
		return acceptance{}
	}

	main, _, _ := strings.Cut(kind, "/")
	switch covered {
	case kind:
		return acceptance{named, quality}
	case main + "/*":
		return acceptance{anyOf, quality}
	case "*/*":
		return acceptance{anyType, quality}
	}
	return acceptance{}
}
