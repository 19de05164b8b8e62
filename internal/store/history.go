// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// HistoryQuery names a record whose changes are asked for.
type HistoryQuery struct {
	Resource fed.Resource
	ID       string
	Person   string // whose it must have been; "" if it is nobody's
	Global   bool   // for somebody who reaches everybody's: with what was deleted, and upgrades of hashes
}

// HistoryKey is the place of a change among those of its record. A change of the
// password has the record's version and a part of its own.
type HistoryKey struct{ Version, Part int64 }

// Format writes a key for ParseHistoryKey.
func (k HistoryKey) Format() string { return fmt.Sprintf("%d.%d", k.Version, k.Part) }

// ParseHistoryKey reads what Format wrote; ok is false for anything else.
func ParseHistoryKey(text string) (key HistoryKey, ok bool) {
	version, part, ok := strings.Cut(text, ".")
	if !ok {
		return key, false
	}

	var wrongVersion, wrongPart error
	key.Version, wrongVersion = strconv.ParseInt(version, 10, 64)
	key.Part, wrongPart = strconv.ParseInt(part, 10, 64)
	return key, wrongVersion == nil && wrongPart == nil && key.Version >= 1 && key.Part >= 0
}

// HistoryPage says which changes are asked for.
type HistoryPage struct {
	After HistoryKey            // only older ones; zero: from the newest on
	Limit int                   // 0: all
	More  func(last HistoryKey) // see Keyset
}

// HistoryEntry is one change. Its operation may be "password", too; it has no
// cursor, and its data is only valid until the next one.
type HistoryEntry struct {
	Change
	Part int64
}

// visibleChanges finds the changes c of a record that may be shown: those in this person's
// book or registry.
var visibleChanges = `c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND ` + visible(recordChanges, `@asker`)

// afterChange is what a record was after its change c: the next change has it, or the table.
// A change that was cut in between leaves it unknown.
func afterChange(resource fed.Resource) string {
	info := resource.Info()
	return fmt.Sprintf(`CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN %s END FROM %s WHERE id = c.id AND version = c.version)) END`,
		shown(info), info.Table)
}

func (p HistoryQuery) args(v View) pgx.NamedArgs {
	return pgx.NamedArgs{"id": p.ID, "resource": p.Resource, "person": p.Person, "global": p.Global, "asker": askerOf(v, p.Person)}
}

// History hands on the changes of a record, the newest first. NotFound: it never
// was, or is not shown.
func (v View) History(ctx context.Context, past HistoryQuery, page HistoryPage, flow Flow, take func(HistoryEntry) error) error {
	found := false
	err := v.db.read(ctx, flow, newHistoryList(v, past, page, func(e HistoryEntry) error {
		found = true
		return take(e)
	}))
	if err != nil || found {
		return err
	}

	return past.exists(ctx, v)
}

// exists tells a page behind the oldest change from a record that never was.
func (p HistoryQuery) exists(ctx context.Context, v View) error {
	const q = `SELECT 1 FROM thalamus_changes AS c WHERE %s LIMIT 1`
	var one int
	return notFoundOr(v.db.pool.QueryRow(ctx, fmt.Sprintf(q, visibleChanges), p.args(v)).Scan(&one), notFound(p.Resource.Info()))
}

// Version gives a record as it was at one of its versions.
func (v View) Version(ctx context.Context, past HistoryQuery, version int64) (Revision, error) {
	const q = `SELECT data::text, version, time FROM (SELECT %s AS data, version, time FROM thalamus_changes AS c
		WHERE %s AND part = 0 AND version = @version::bigint) AS found WHERE data IS NOT NULL`

	args := past.args(v)
	args["version"] = version
	return v.db.queryRevision(ctx, past.ID, "There is no such version.", fmt.Sprintf(q, afterChange(past.Resource), visibleChanges), args)
}
