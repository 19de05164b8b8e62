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

// Prefers reports whether a client prefers this media type to the default one, as its
// Accept says. A wildcard does not prefer a type, and neither does an equal wish for both;
// a type that is named goes before one that only a wildcard covers.
func Prefers(r *http.Request, mediaType, fallback string) bool {
	wish, other := accepted(r, mediaType), accepted(r, fallback)
	if wish.specificity < named || wish.quality == 0 {
		return false
	}
	return cmp.Or(cmp.Compare(wish.quality, other.quality), cmp.Compare(wish.specificity, other.specificity)) > 0
}

// Accepts reports whether a client takes one of these media types. A client that does not say
// what it takes takes any.
func Accepts(r *http.Request, mediaTypes ...string) bool {
	takes := func(mediaType string) bool { return accepted(r, mediaType).quality > 0 }
	return r.Header["Accept"] == nil || slices.ContainsFunc(mediaTypes, takes)
}

// VaryByAccept tells caches that the reply depends on the Accept of the request.
func VaryByAccept(header http.Header) {
	if !slices.Contains(header["Vary"], "Accept") {
		header.Add("Vary", "Accept")
	}
}

// acceptance is how far a client accepts a media type. The zero value accepts nothing.
type acceptance struct {
	specificity int     // anyType, anyOf or named
	quality     float64 // from 0 to 1
}

// How specific the range is that covers a media type.
const (
	anyType = 1 + iota // */*
	anyOf              // text/*
	named
)

// accepted gives the acceptance by the most specific range that covers a media type.
func accepted(r *http.Request, mediaType string) (best acceptance) {
	for _, value := range r.Header["Accept"] {
		for text := range strings.SplitSeq(value, ",") {
			found := readRange(text, mediaType)
			if cmp.Or(cmp.Compare(found.specificity, best.specificity), cmp.Compare(found.quality, best.quality)) > 0 {
				best = found
			}
		}
	}
	return best
}

// readRange gives the acceptance of a media type by one range of Accept. A range that
// cannot be read accepts nothing.
func readRange(text, mediaType string) acceptance {
	covered, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		return acceptance{}
	}

	quality, ok := readQuality(parameters)
	if !ok {
		return acceptance{}
	}

	main, _, _ := strings.Cut(mediaType, "/")
	switch covered {
	case mediaType:
		return acceptance{named, quality}
	case main + "/*":
		return acceptance{anyOf, quality}
	case "*/*":
		return acceptance{anyType, quality}
	}

	return acceptance{}
}

// readQuality reads the parameter q, which is 1 where it is left out.
func readQuality(parameters map[string]string) (quality float64, ok bool) {
	q, given := parameters["q"]
	if !given {
		return 1, true
	}

	quality, err := strconv.ParseFloat(q, 64)
	if err != nil {
		return 0, false
	}

	return quality, 0 <= quality && quality <= 1
}
