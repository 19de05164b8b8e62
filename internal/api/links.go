// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// getLinks answers with the links of a person to others: [[{link}],...].
func (h *people) getLinks(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, "people", person, "links"))
	if err != nil {
		return err
	}

	return c.WriteAsked(w, r, func(l *gate.List) error {
		l.OfPersons()
		return h.db.For(c.Reader()).Links(r.Context(), person, part.Keyset(w), func(link store.Link) error {
			return l.AddOf(link.Other, []byte("["), appendLink(nil, link), []byte("]"))
		})
	})
}

// appendLink appends a link as a JSON object. A link derived from others has no author and no
// time; both are null.
func appendLink(b []byte, l store.Link) []byte {
	b = fed.AppendText(append(b, `{"person":`...), l.Other)
	b = strconv.AppendBool(append(b, `,"same":`...), l.Same)
	b = strconv.AppendBool(append(b, `,"direct":`...), l.Direct)
	b = gate.AppendTime(append(b, `,"time":`...), l.Time)
	b = gate.AppendNullable(append(b, `,"account":`...), l.Account)
	return append(b, '}')
}

// postLink records that two records are of one person, or that they are not.
func (h *people) postLink(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}

	sent := record.KeysOf(data)
	other, named := record.Text(sent.LinkPerson)
	same, said := record.Bool(sent.LinkSame)

	switch {
	case !named:
		return fed.Errorf(fed.Invalid, "person must be the id of the other person.")
	case !said:
		return fed.Errorf(fed.Invalid, "same must be true or false.")
	case other == person:
		return fed.Errorf(fed.Invalid, "A person cannot be linked with itself.")
	}

	link, isNew, err := h.db.Link(r.Context(), fed.Write{Account: c.Account.ID, Request: c.Request}, person, other, same)
	if err != nil {
		return err
	}

	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}

	shown := []byte("{}")
	if c.MayShow(status, access.Links) {
		shown = appendLink(nil, link)
	}

	gate.Reply(w, status, gate.JSONType, shown)
	return nil
}

func (h *people) deleteLink(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := h.db.Unlink(r.Context(), c.Subject, c.Param("other")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// reachesAll reports whether the caller's roles reach everybody's records of an
// endpoint. Links to others are kept from a caller who reaches the own records only.
func reachesAll(c *gate.Caller, endpoint access.Endpoint) bool {
	return c.Reach(http.MethodGet, endpoint) == access.AllRecords
}

// setRelatedLinks names in a Link header the other records of the same person, if the caller
// may read them.
func (h *people) setRelatedLinks(w http.ResponseWriter, r *http.Request, c *gate.Caller, person, linked string) error {
	if linked == "" || !reachesAll(c, access.Person) {
		return nil
	}

	same, err := h.db.For(c.Reader()).Same(r.Context(), linked)
	if err != nil {
		return err
	}

	var related []string
	for _, id := range same {
		if id != person {
			related = append(related, "<"+c.Path("people", id)+`>; rel="related"`)
		}
	}

	if len(related) > 0 {
		w.Header().Set("Link", strings.Join(related, ", "))
	}

	return nil
}

// linkedBooks gives the books of all records of one person, or the one book if the caller may
// not read the others. The access record will name them all.
func (h *books) linkedBooks(r *http.Request, c *gate.Caller, person string) (books []string, err error) {
	if !reachesAll(c, access.Book) {
		return []string{person}, nil
	}
	books, err = h.db.For(c.Reader()).Cluster(r.Context(), person)
	if err != nil {
		return nil, err
	}

	c.RecordOthers(slices.DeleteFunc(slices.Clone(books), func(id string) bool { return id == person }))
	return books, nil
}
