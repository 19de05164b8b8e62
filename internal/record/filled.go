// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"bytes"
	"encoding/json"

	"thalamus/internal/fed"
)

// Filled are keys that are set in a record, whatever it says there itself.
type Filled struct{ members []byte }

// Set sets a key to a value that JSON has.
func (f *Filled) Set(key string, value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		encoded = []byte("null") // of what JSON does not have
	}
	f.members = append(append(fed.AppendText(append(f.members, ','), key), ':'), encoded...)
}

// Record gives the keys as a record of their own.
func (f Filled) Record() fed.Record { return f.Into(fed.Record("{}")) }

// Into gives a record with the keys behind its own ones: of double keys the last wins.
func (f Filled) Into(data fed.Record) fed.Record {
	if len(f.members) == 0 {
		return data
	}
	head, members := bytes.TrimRight(data[:len(data)-1], Blanks), f.members
	if len(head) == 1 {
		members = members[1:] // nothing to put a comma behind
	}
	filled := make(fed.Record, 0, len(head)+len(members)+1)
	return append(append(append(filled, head...), members...), '}')
}
