// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// Reasons why PostgreSQL does not merge or delete, and what a caller is told.
const (
	notAnObject = "not an object"
	tooLarge    = "too large"
	tooWide     = "too wide"
	needsGrant  = "needs the grant roles"
	wrongRoles  = "wrong roles"

	needsGrantForInstitution = "needs the grant roles for the institution"

	oddActive     = "odd active"
	otherID       = "other id"
	otherBook     = "other book"
	holdsRoles    = "holds roles"
	otherHash     = "other hash"
	othersPrivacy = "privacy of others"
	stillActive   = "still active"
	noObjection   = ""
	administering = "Changing roles or active needs the grant \"roles\"."
)

var objections = map[string]*fed.Error{
	notAnObject:              {Kind: fed.Invalid, Msg: "The stored record is not a JSON object and cannot be merged with."},
	tooLarge:                 {Kind: fed.TooLarge, Msg: "The record would grow over the limit."},
	tooWide:                  {Kind: fed.Invalid, Msg: "The record would have more keys and array elements than the limit."},
	needsGrant:               {Kind: fed.Forbidden, Msg: administering},
	needsGrantForInstitution: {Kind: fed.Forbidden, Msg: record.InstitutionRule},

	wrongRoles:    {Kind: fed.Invalid, Msg: record.RolesRule},
	oddActive:     {Kind: fed.Invalid, Msg: record.ActiveRule},
	otherID:       {Kind: fed.Invalid, Msg: "id must be the one of the path."},
	otherBook:     {Kind: fed.Invalid, Msg: "book must be the one of the path."},
	holdsRoles:    {Kind: fed.Forbidden, Msg: "Changing the password of somebody with more roles than end_user needs the grant \"roles\"."},
	othersPrivacy: {Kind: fed.Forbidden, Msg: "Only the person whose book it is changes the privacy of a page."},
	otherHash:     {Kind: fed.Invalid, Msg: "The hash of a document cannot be changed."},
	stillActive:   {Kind: fed.Invalid, Msg: "The user is active."},

	lastAdministrator: ErrLastAdministrator,
}

// stale is the objection to a change of another version than was asked for.
// fed.Write.Allows says the same of a version that is known here.
const (
	stale     = "stale"
	staleRule = `WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN '` + stale + `'`
)

// objectionError gives the error of an objection; nil if there is none.
func objectionError(objection string, version int64) error {
	switch objection {
	case noObjection:
		return nil
	case stale:
		return fed.OtherVersion(version)
	}
	return objections[objection]
}
