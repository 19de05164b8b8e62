// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// personPath gives the segments of a path about the subject of a request: the caller's own book,
// or that of somebody else.
func personPath(c *gate.Caller, more ...string) []string {
	if c.Own {
		return append([]string{"portal"}, more...)
	}
	return append([]string{"portal", "people", c.Subject}, more...)
}

// inPortal is a path without the prefix of this hub.
func inPortal(c *gate.Caller, segments []string) string {
	return strings.TrimPrefix(c.Path(segments...), c.Path())
}

// nameOf gives the name of a person, or the id of one without a name.
func (p *Portal) nameOf(r *http.Request, id string) (string, error) {
	names := map[string]string{id: id}
	err := p.Store.Names(r.Context(), []string{id}, names)
	return names[id], err
}

// titleOf gives the title of a screen about a person: own for the caller's, and of with the name of
// anybody else.
func (p *Portal) titleOf(r *http.Request, c *gate.Caller, own, of string) (message, error) {
	if c.Own {
		return say(own), nil
	}
	name, err := p.nameOf(r, c.Subject)
	return say(of, "name", name), err
}

// otherPerson is the person that a screen is about, "" if that is the caller.
func otherPerson(c *gate.Caller) string {
	if c.Own {
		return ""
	}
	return c.Subject
}

// requirePerson is NotFound if there is no such person.
func (p *Portal) requirePerson(r *http.Request, id string) error {
	known, err := p.Store.HasPerson(r.Context(), id)
	if err != nil {
		return err
	}
	if !known {
		return fed.Errorf(fed.NotFound, store.NoOwner)
	}
	return nil
}

// storedOrNone gives the id that a person is stored under; "" is nobody.
func (p *Portal) storedOrNone(r *http.Request, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	return p.Store.StoredID(r.Context(), id, record.Upper(id))
}
