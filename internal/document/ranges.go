// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"thalamus/internal/store"
)

// maxRanges is how many ranges of a document a reply has at most. A request for more, or for the
// same bytes twice, gets the whole document: a header has room for two thousand ranges.
const maxRanges = 10

// ReadRanges gives the ranges of a document that a request asks for; none for the whole. It
// deletes a Range header that http.ServeContent is not to see.
func ReadRanges(r *http.Request, size int64) []store.Part {
	unit, set, _ := strings.Cut(r.Header.Get("Range"), "=")
	if !strings.EqualFold(unit, "bytes") {
		r.Header.Del("Range") // ServeContent would refuse units that it does not know
		return nil
	}

	parts, ok := parseRanges(set, size)
	if ok && (strings.Count(set, ",") >= maxRanges || overlap(parts)) {
		r.Header.Del("Range")
		return nil
	}

	r.Header.Set("Range", "bytes="+set)
	return parts
}

// parseRanges reads 0-9,20-,-5 of a document of this size. Ranges outside are left
// out. ServeContent refuses a header that cannot be read.
func parseRanges(set string, size int64) (parts []store.Part, ok bool) {
	for spec := range strings.SplitSeq(set, ",") {
		first, last, found := strings.Cut(strings.TrimSpace(spec), "-")
		if !found {
			return nil, false
		}

		part, ok := parseRange(strings.TrimSpace(first), strings.TrimSpace(last), size)
		if !ok {
			return nil, false
		}

		if part.Start < part.End {
			parts = append(parts, part)
		}
	}
	return parts, true
}

// parseRange reads one range; of "-5" first is empty, of "20-" last.
func parseRange(first, last string, size int64) (part store.Part, ok bool) {
	var start int64
	end := size - 1
	var startErr, endErr error
	if last != "" {
		end, endErr = strconv.ParseInt(last, 10, 64)
	}

	switch {
	case first != "":
		start, startErr = strconv.ParseInt(first, 10, 64)
	case last == "":
		return part, false
	default:
		start, end = size-min(end, size), size-1
	}

	return store.Part{Start: start, End: min(end, size-1) + 1}, startErr == nil && endErr == nil && start >= 0
}

// overlap reports whether two parts have a byte in common.
func overlap(parts []store.Part) bool {
	sorted := slices.SortedFunc(slices.Values(parts), func(a, b store.Part) int { return cmp.Compare(a.Start, b.Start) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Start < sorted[i-1].End {
			return true
		}
	}
	return false
}
