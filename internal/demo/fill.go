// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"bytes"
	"context"
	"crypto/sha512"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// nothing is what the store is to fill in: the records are complete.
var nothing = fed.Record("{}")

// ours is who fills: no account. What somebody deleted comes back.
var ours = fed.Write{Recreate: true}

// Fill puts the demo federation into a migrated database. It may be repeated
// after it was interrupted: what is there already is left alone.
func Fill(ctx context.Context, db *store.DB) error {
	f, err := Load()
	if err != nil {
		return err
	}
	for _, person := range f.People {
		if _, _, err := db.CreatePerson(ctx, ours, person.ID, person.Data, nothing); err != nil {
			return err
		}
	}
	for _, page := range f.Pages {
		if _, _, err := db.CreatePage(ctx, ours, page.Book, page.ID, page.Data); err != nil {
			return err
		}
	}
	for _, document := range f.Documents {
		if err := fillDocument(ctx, db, document); err != nil {
			return err
		}
	}
	if err := fillRegistry(ctx, db.Registry(fed.Unit), f.Units); err != nil {
		return err
	}
	return fillRegistry(ctx, db.Registry(fed.Institution), f.Institutions)
}

func fillRegistry(ctx context.Context, registry store.Registry, records []Record) error {
	for _, record := range records {
		if _, _, err := registry.Create(ctx, ours, record.ID, record.Data, nothing); err != nil {
			return err
		}
	}
	return nil
}

func fillDocument(ctx context.Context, db *store.DB, d Document) error {
	sum := sha512.Sum512(d.Bytes)
	_, _, _, err := db.CreateDocument(ctx, ours, store.Upload{
		Key:   store.DocumentKey{Person: d.FedAcct, Page: d.Pol, ID: d.ID},
		Named: true, Data: d.Data, Filled: nothing,
		Content: bytes.NewReader(d.Bytes), Size: int64(len(d.Bytes)), SHA512: sum[:],
	})
	return err
}
