// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"bytes"
	"context"
	"crypto/sha512"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// noKeys is an empty record for the store to fill in: the records are complete.
var noKeys = fed.Record("{}")

// importWrite is a write without an account. It brings back a record that somebody deleted.
var importWrite = fed.Write{Recreate: true}

// nurseWrite is a write of the nurse, whom the history names.
var nurseWrite = fed.Write{Account: "ITAPYT999HON"}

// Fill puts the demo federation into a migrated database. It may be repeated
// after it was interrupted: what is there already is left alone.
func Fill(ctx context.Context, db *store.DB) error {
	f, err := Load()
	if err != nil {
		return err
	}

	for _, person := range f.People {
		if _, _, err := db.CreatePerson(ctx, importWrite, person.ID, person.Data, noKeys); err != nil {
			return err
		}
	}

	for _, page := range f.Pages {
		if err := fillPage(ctx, db, append(f.earlier(page.ID), page)); err != nil {
			return err
		}
	}

	for _, page := range f.Deleted {
		if err := fillDeleted(ctx, db, page); err != nil {
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

	if err := fillRegistry(ctx, db.Registry(fed.Institution), f.Institutions); err != nil {
		return err
	}
	return fillOffice(ctx, db)
}

// fillOffice gives administrators something to do: the queue has the pairs that there are, and the nurse's
// node follows the feed, whose last changes it has not read.
func fillOffice(ctx context.Context, db *store.DB) error {
	const unread = 3
	if _, err := db.QueueDuplicates(ctx, func(store.DuplicatesPart) {}); err != nil {
		return err
	}

	if err := db.Publish(ctx); err != nil {
		return err
	}
	end, err := db.FeedEnd(ctx)
	if err != nil {
		return err
	}
	return db.NoteFollowers(ctx, []store.FollowerPosition{{Account: nurseWrite.Account, Position: end.Position - unread}})
}

// earlier gives the versions of a page before its last one, in their order.
func (f Federation) earlier(id string) (pages []Page) {
	for _, page := range f.Earlier {
		if page.ID == id {
			pages = append(pages, page)
		}
	}
	return pages
}

// fillPage makes the missing versions of a page.
func fillPage(ctx context.Context, db *store.DB, versions []Page) error {
	first := versions[0]
	stored, _, err := db.CreatePage(ctx, importWrite, first.Book, first.ID, first.Data)
	if err != nil {
		return err
	}

	for i, page := range versions[1:] {
		if stored.Version != int64(i+1) {
			continue
		}

		stored, err = db.ChangePage(ctx, nurseWrite, page.Book, page.ID, page.Data)
		if err != nil {
			return err
		}
	}

	return nil
}

// fillDeleted makes a page and deletes it, unless that was done before.
func fillDeleted(ctx context.Context, db *store.DB, page Page) error {
	_, _, err := db.CreatePage(ctx, nurseWrite, page.Book, page.ID, page.Data)
	if fed.KindOf(err) == fed.Gone {
		return nil
	}
	if err != nil {
		return err
	}
	return db.DeletePage(ctx, nurseWrite, page.Book, page.ID)
}

func fillRegistry(ctx context.Context, registry store.Registry, records []Record) error {
	for _, record := range records {
		if _, _, err := registry.Create(ctx, importWrite, record.ID, record.Data, noKeys); err != nil {
			return err
		}
	}
	return nil
}

func fillDocument(ctx context.Context, db *store.DB, d Document) error {
	sum := sha512.Sum512(d.Bytes)
	_, _, _, err := db.CreateDocument(ctx, importWrite, store.Upload{
		Key:   store.DocumentKey{Person: d.FedAcct, Page: d.Pol, ID: d.ID},
		Named: true, Data: d.Data, Filled: noKeys,
		Content: bytes.NewReader(d.Bytes), Size: int64(len(d.Bytes)), SHA512: sum[:],
	})
	return err
}
