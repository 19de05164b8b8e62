// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// AccessLine is a line of the access record, as its index has it.
type AccessLine struct {
	Time      time.Time `json:"time"`
	Account   string    `json:"account"`
	Roles     []string  `json:"roles"` // that granted the access; of a refusal, all of the account
	Method    string    `json:"method"`
	Endpoint  string    `json:"endpoint"`
	Person    string    `json:"person,omitempty"`  // whom the request named; "": nobody
	Persons   []string  `json:"persons,omitempty"` // whom a list gave besides
	Everybody bool      `json:"everybody"`         // a list that may have given anybody
	Page      string    `json:"page,omitempty"`
	Document  string    `json:"document,omitempty"`
	Status    int       `json:"status"`
	Request   string    `json:"request,omitempty"`
	Address   string    `json:"address,omitempty"`
	Purpose   string    `json:"purpose,omitempty"`   // of PurposeOfUse; "": none was given
	Emergency string    `json:"emergency,omitempty"` // in which the account had the person's book open; "": in none
}

// AccessPiece is the lines that stand in a file of the access record between two positions.
type AccessPiece struct {
	File         []byte // SHA-256 of the first line of the file
	Begins, Ends int64  // positions in its text, in bytes
	Complete     bool   // nothing comes behind it any more
	Lines        []AccessLine
}

// AccessCopied says how far a file of the access record is in the index. Nothing comes behind
// a complete one.
func (db *DB) AccessCopied(ctx context.Context, file []byte) (position int64, complete bool, err error) {
	const q = `SELECT position, complete FROM thalamus_access_files WHERE file = $1`
	err = db.reserved.QueryRow(ctx, q, file).Scan(&position, &complete)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	return position, complete, classify(err)
}

// CopyAccess takes a piece into the index of the access record, and notes in the same transaction
// how far its file is copied. It does neither, and copied is false, if that is not where the piece
// begins: another server may have copied it, or an earlier run whose answer was lost. It does not
// wait for the disk: with the piece, a crash of PostgreSQL takes the note.
func (db *DB) CopyAccess(ctx context.Context, piece AccessPiece) (copied bool, err error) {
	const unsynced = `SET LOCAL synchronous_commit = off`
	const q = `SELECT thalamus_access_copy($1, $2, $3, $4, $5)`
	lines, err := json.Marshal(storableLines(piece.Lines))
	if err != nil {
		return false, err
	}

	err = db.reserved.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		return pg.Transaction(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, unsynced); err != nil {
				return err
			}
			return tx.QueryRow(ctx, q, piece.File, piece.Begins, piece.Ends, piece.Complete, lines).Scan(&copied)
		})
	})
	return copied, classify(err)
}

// storableLines are lines whose texts the database can store and index, whatever a file has.
func storableLines(lines []AccessLine) []AccessLine {
	lines = append([]AccessLine{}, lines...)
	for i := range lines {
		l := &lines[i]
		l.Time = l.Time.UTC()
		for _, text := range []*string{&l.Account, &l.Method, &l.Endpoint, &l.Person, &l.Page, &l.Document, &l.Request, &l.Address, &l.Purpose, &l.Emergency} {
			*text = accessText(*text)
		}
		l.Roles, l.Persons = accessTexts(l.Roles), accessTexts(l.Persons)
	}
	return lines
}

// accessTexts is accessText of each. It is not nil, which would be null.
func accessTexts(texts []string) []string {
	all := make([]string, len(texts))
	for i := range texts {
		all[i] = accessText(texts[i])
	}
	return all
}

// accessText is a text as the access record and its index have it: one that is longer than ids are
// is cut, and PostgreSQL has no NUL.
func accessText(text string) string {
	n := 0
	for at := range text {
		if n == fed.LongestID {
			text = text[:at] + "…"
			break
		}
		n++
	}
	return withoutNUL(text)
}

func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }
