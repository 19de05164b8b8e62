// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"bytes"
	"encoding/json"

	"thalamus/internal/fed"
)

// Overrides are keys that are set in a record over its own values.
type Overrides struct{ members []byte }

// Set sets a key to a value that JSON has.
func (o *Overrides) Set(key string, value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		encoded = []byte("null") // JSON has no such value
	}
	o.members = append(append(fed.AppendText(append(o.members, ','), key), ':'), encoded...)
}

// Record gives the keys as a record of their own.
func (o Overrides) Record() fed.Record { return o.ApplyTo(fed.Record("{}")) }

// ApplyTo gives a record with the keys behind its own ones: of double keys the last wins.
func (o Overrides) ApplyTo(data fed.Record) fed.Record {
	if len(o.members) == 0 {
		return data
	}

	head, members := bytes.TrimRight(data[:len(data)-1], Whitespace), o.members
	if len(head) == 1 {
		members = members[1:] // the record is empty: no comma
	}
	result := make(fed.Record, 0, len(head)+len(members)+1)
	return append(append(append(result, head...), members...), '}')
}
