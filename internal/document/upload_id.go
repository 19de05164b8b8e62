// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"net/url"

	"github.com/google/uuid"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// IDParameter is the parameter of the id of a new document.
var IDParameter = []gate.Rule{{Name: "id", Sentence: "The query must be readable, with one id at most."}}

// queryID gives the id in the query, or "". It refuses a query that cannot be parsed, because
// an id may be lost in it.
func queryID(text string) (string, error) {
	query, err := url.ParseQuery(text)
	if err != nil || len(query["id"]) > 1 {
		return "", fed.Errorf(fed.Invalid, "%s", IDParameter[0].Sentence)
	}
	return query.Get("id"), nil
}

// documentID takes the id from the query or from data, or makes one up; named reports whether
// the client chose it.
func documentID(query string, sent record.Keys) (id string, named bool, err error) {
	if !record.IsNull(sent.ID) {
		id, _ = record.Text(sent.ID)
		if id == "" || query != "" && query != id {
			return "", false, fed.Errorf(fed.Invalid, "The document's id must be a text, the same wherever it stands.")
		}
		query = id
	}

	if query == "" {
		return uuid.NewString(), false, nil
	}

	return query, true, record.CheckNewID(query)
}
