// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"encoding/base64"
	"net/url"
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

// readPlace reads the key that a pager has in its link; ok is false for any other text.
func readPlace(after string) (key string, ok bool) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(after)
	return string(text), err == nil
}

func pathWith(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
