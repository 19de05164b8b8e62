// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// results is one run of the bench, as it is kept in a file.
type results struct {
	Time    time.Time `json:"time"`
	Machine machine   `json:"machine"`
	Rounds  int       `json:"rounds"`
	Seconds float64   `json:"seconds"` // of a round
	Tables  []table   `json:"tables"`
}

func (r results) header() string {
	return fmt.Sprintf("%s: %s.\n%d keep-alive connections, medians of %d rounds of %g s, one server and its floor in turns.\n",
		r.Time.Format("2006-01-02 15:04 MST"), r.Machine, connections, r.Rounds, r.Seconds)
}

// write makes a file in the directory and gives its name.
func (r results) write(dir string) (string, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the results: %w", err)
	}
	name := filepath.Join(dir, "results-"+r.Time.Format("20060102-150405")+".json")
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // nothing in it is secret
		return "", fmt.Errorf("write the results: %w", err)
	}
	if err := os.WriteFile(name, append(text, '\n'), 0o644); err != nil { //nolint:gosec // likewise
		return "", fmt.Errorf("write the results: %w", err)
	}
	return name, nil
}

func readResults(name string) (r results, err error) {
	text, err := os.ReadFile(name) //nolint:gosec // the user's choice
	if err != nil {
		return r, fmt.Errorf("read results: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("read results: %s: %w", name, err)
	}
	return r, nil
}
