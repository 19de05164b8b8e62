// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"encoding/base64"
	"net/url"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// pager leads through a list that is read by keyset. Its links keep the filters of the list.
type pager struct {
	First string // href; "": this is the first part
	Next  string // href; "": this is the last part
}

// newPager makes a pager. Next is the key of the last entry, "" if there are no more.
func newPager(path string, filters url.Values, after, next string) (p pager) {
	if after != "" {
		p.First = pathWith(path, filters)
	}
	if next != "" {
		filters.Set("after", base64.RawURLEncoding.EncodeToString([]byte(next)))
		p.Next = pathWith(path, filters)
	}
	return p
}

// readAfter has a list go on behind the place that a pager has in its link; "" is the beginning.
// Invalid: no pager wrote it.
func readAfter[K any](place string, parse func(text string) (key K, ok bool), part *store.Keyset[K]) error {
	if place == "" {
		return nil
	}

	text, err := base64.RawURLEncoding.Strict().DecodeString(place)
	key, ok := parse(string(text))
	if err != nil || !ok || !gate.Storable(string(text)) {
		return fed.Errorf(fed.Invalid, "The place in the list cannot be read.")
	}
	part.After = &key
	return nil
}

func pathWith(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
