// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Entry is a line of the access record as it is read again.
type Entry struct {
	Time      time.Time       `json:"time"`
	Account   string          `json:"account"`
	Roles     []string        `json:"roles"`
	Method    string          `json:"method"`
	Endpoint  string          `json:"endpoint"`
	Person    string          `json:"person"`
	Page      string          `json:"page"`
	Document  string          `json:"document"`
	Persons   json.RawMessage `json:"persons"`
	Status    int             `json:"status"`
	Request   string          `json:"request"`
	Address   string          `json:"address"`
	Purpose   string          `json:"purpose"`
	Emergency string          `json:"emergency"`
}

var errNoEntry = errors.New("not a line of the access record")

// everybody is the Persons of a list that had everybody.
var everybody = []byte(`"all"`)

// readEntry reads a line.
func readEntry(line []byte) (e Entry, err error) {
	if err := json.Unmarshal(line, &e); err != nil {
		return e, err
	}

	year := e.Time.UTC().Year()
	if year < 1 || year > 9999 || e.Time.IsZero() || e.Account == "" || e.Endpoint == "" || e.Status < 100 || e.Status > 999 {
		return e, errNoEntry
	}

	return e, nil
}

// ofEverybody reports whether the line is of a list that had everybody.
func (e *Entry) ofEverybody() bool { return bytes.Equal(e.Persons, everybody) }

// unnamed reports whether the line is of a list of persons and does not name them, as it
// was before lines did.
func (e *Entry) unnamed() bool {
	isList := e.Endpoint == "people" || e.Endpoint == "changes"
	return isList && e.Persons == nil && e.Person == "" && e.Method == "GET" && e.Status < 300
}

// names reports whether a list had a person. quoted is the id as lines have it.
func (e *Entry) names(id string, quoted []byte) bool {
	if !bytes.Contains(e.Persons, quoted) {
		return false
	}

	var ids []string
	if err := json.Unmarshal(e.Persons, &ids); err != nil {
		return false
	}

	return slices.Contains(ids, id)
}
