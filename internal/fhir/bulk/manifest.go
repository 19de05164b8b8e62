// SPDX-License-Identifier: GPL-3.0-or-later

package bulk

import (
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"thalamus/internal/fhir/resource"
)

// manifest lists the files, as Bulk Data has it. Their URLs are their names.
type manifest struct {
	TransactionTime     string   `json:"transactionTime"` // to which all is as it was
	Request             string   `json:"request"`
	RequiresAccessToken bool     `json:"requiresAccessToken"`
	Output              []output `json:"output"`
	Error               []output `json:"error"`
}

type output struct {
	Type  string `json:"type"`
	URL   string `json:"url"`
	Count int    `json:"count"`
}

func (d *directory) writeManifest(at time.Time) error {
	m := manifest{TransactionTime: at.Format(resource.Time), Request: "thalamus export --fhir", Output: []output{}, Error: []output{}}
	for _, kind := range slices.Sorted(maps.Keys(d.files)) {
		f := d.files[kind]
		m.Output = append(m.Output, output{kind, filepath.Base(f.Name()), f.count})
	}

	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}

	f, err := newFile(filepath.Join(d.path, "manifest.json"))
	if err != nil {
		return err
	}
	_, err = f.out.Write(append(text, '\n'))
	return errors.Join(err, f.keep())
}
