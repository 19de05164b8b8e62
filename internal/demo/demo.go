// SPDX-License-Identifier: GPL-3.0-or-later

// Package demo is a small federation of invented people, embedded in the
// program: the accounts that the documentation logs in with, a town of
// families around them, of whom one person was registered twice, and the book of
// life of Ana Betz with two years of her own measurements, a page that was
// corrected and one that was deleted.
package demo

import (
	"embed"
	"encoding/json"
	"fmt"

	"thalamus/internal/fed"
)

//go:embed data
var files embed.FS

// Record is a person, a domiciliary unit or an institution.
type Record struct {
	ID   string
	Data fed.Record
}

// Page is a page of life in the book of a person of the same federation.
type Page struct {
	ID, Book string
	Data     fed.Record
}

// Document is a document on a page of its person's book, with its bytes.
type Document struct {
	ID, FedAcct, Pol string
	Data             fed.Record
	Bytes            []byte
}

// Federation is all records of the demo. Its fields stand in an order that
// satisfies the foreign keys: people, then pages, then documents.
type Federation struct {
	People       []Record
	Pages        []Page
	Earlier      []Page // what some of the pages were before, the first one first
	Deleted      []Page // pages that are there no more
	Documents    []Document
	Units        []Record
	Institutions []Record
}

// Load gives the demo federation, each record as the very text it is embedded
// as. Every call decodes anew, so the caller may change what it gets.
func Load() (Federation, error) {
	var f Federation
	var err error
	if f.People, err = load("people.json", record); err != nil {
		return Federation{}, err
	}
	if f.Pages, err = load("pages.json", page); err != nil {
		return Federation{}, err
	}
	if f.Earlier, err = load("earlier.json", page); err != nil {
		return Federation{}, err
	}
	if f.Deleted, err = load("deleted.json", page); err != nil {
		return Federation{}, err
	}
	if f.Documents, err = load("documents.json", document); err != nil {
		return Federation{}, err
	}
	if f.Units, err = load("units.json", record); err != nil {
		return Federation{}, err
	}
	if f.Institutions, err = load("institutions.json", record); err != nil {
		return Federation{}, err
	}
	return f, nil
}

// keys is what a record says about its place in the database.
type keys struct {
	ID       string `json:"id"`
	Book     string `json:"book"`
	FedAcct  string `json:"fedacct"`
	Pol      string `json:"pol"`
	Filename string `json:"filename"` // of a document: the embedded file of its bytes
}

// load decodes the JSON array in the embedded file and makes a T of each record.
func load[T any](name string, row func(keys, fed.Record) (T, error)) ([]T, error) {
	text, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("demo %s: %w", name, err)
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("demo %s: %w", name, err)
	}
	rows := make([]T, len(raw))
	for i, r := range raw {
		var k keys
		if err := json.Unmarshal(r, &k); err != nil {
			return nil, fmt.Errorf("demo %s, record %d: %w", name, i, err)
		}
		if rows[i], err = row(k, fed.Record(r)); err != nil {
			return nil, fmt.Errorf("demo %s, record %d: %w", name, i, err)
		}
	}
	return rows, nil
}

func record(k keys, data fed.Record) (Record, error) {
	return Record{ID: k.ID, Data: data}, nil
}

func page(k keys, data fed.Record) (Page, error) {
	return Page{ID: k.ID, Book: k.Book, Data: data}, nil
}

func document(k keys, data fed.Record) (Document, error) {
	content, err := files.ReadFile("data/" + k.Filename)
	if err != nil {
		return Document{}, err
	}
	return Document{ID: k.ID, FedAcct: k.FedAcct, Pol: k.Pol, Data: data, Bytes: content}, nil
}
