// SPDX-License-Identifier: GPL-3.0-or-later

// Package document is documents on their way in and out, for every face: how they are listed,
// the names that their files have, and the headers that keep a browser from running them.
package document

import (
	"encoding/json"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// EntryText is an entry of a list of documents as JSON: [fedacct, pol, data, document]. document
// is the path of the bytes in the API, or null.
func EntryText(c *gate.Caller, e store.DocumentEntry) ([]byte, error) {
	text, err := json.Marshal([]*string{e.Person, e.Page})
	if err != nil {
		return nil, err
	}

	link := []byte("null")
	if e.HasBytes && e.Person != nil && e.Page != nil {
		link, err = json.Marshal(c.Path("personal_docs", *e.Person, *e.Page, e.ID))
	}
	if err != nil {
		return nil, err
	}

	text = append(append(text[:len(text)-1], ','), e.Data...)
	return append(append(append(text, ','), link...), ']'), nil
}
