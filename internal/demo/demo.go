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
	"errors"
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
	Earlier      []Page // earlier versions of some of the pages, the first one first
	Deleted      []Page // pages that are there no more
	Documents    []Document
	Units        []Record
	Institutions []Record
}

// Load gives the demo federation, each record as the very text it is embedded
// as. Every call decodes anew, so the caller may change what it gets.
func Load() (f Federation, err error) {
	err = errors.Join(
		load(&f.People, "people.json", record),
		load(&f.Pages, "pages.json", page),
		load(&f.Earlier, "earlier.json", page),
		load(&f.Deleted, "deleted.json", page),
		load(&f.Documents, "documents.json", document),
		load(&f.Units, "units.json", record),
		load(&f.Institutions, "institutions.json", record),
	)
	if err != nil {
		return Federation{}, err
	}
	return f, nil
}

// keys are the keys of a record that give its place in the database.
type keys struct {
	ID       string `json:"id"`
	Book     string `json:"book"`
	FedAcct  string `json:"fedacct"`
	Pol      string `json:"pol"`
	Filename string `json:"filename"` // of a document: the embedded file of its bytes
}

// load decodes the JSON array in the embedded file and makes a T of each record.
func load[T any](rows *[]T, name string, row func(keys, fed.Record) (T, error)) error {
	text, err := files.ReadFile("data/" + name)
	if err != nil {
		return fmt.Errorf("demo %s: %w", name, err)
	}

	var records []json.RawMessage
	if err := json.Unmarshal(text, &records); err != nil {
		return fmt.Errorf("demo %s: %w", name, err)
	}

	*rows = make([]T, len(records))
	for i, data := range records {
		(*rows)[i], err = loadRow(data, row)
		if err != nil {
			return fmt.Errorf("demo %s, record %d: %w", name, i, err)
		}
	}
	return nil
}

func loadRow[T any](data json.RawMessage, row func(keys, fed.Record) (T, error)) (made T, err error) {
	var k keys
	if err := json.Unmarshal(data, &k); err != nil {
		return made, err
	}
	return row(k, fed.Record(data))
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
