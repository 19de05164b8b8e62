// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

const (
	mostListed = 1000 // records, on one page of any collection

	// LimitRule says what is a limit.
	LimitRule = "limit must be a whole number from 1 to 1000."
)

// Paging is the part of a collection that a query asks for.
type Paging struct {
	location string     // path of the collection
	filters  url.Values // what else the query says
	Limit    int        // 0: to the end
	After    *string    // key of the record that it begins behind; nil: at the beginning
}

// All reports whether a query asks for the whole collection, and for nothing else.
func (p Paging) All() bool { return p.Limit == 0 && p.After == nil && len(p.filters) == 0 }

// ReadPaging reads the query of the collection at a path. Other parameters with a
// value go to read: what it does not know, it refuses. A bare word says nothing.
func ReadPaging(r *http.Request, location string, read func(key, value string) error) (p Paging, err error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return p, fed.Errorf(fed.Invalid, "The query cannot be read.")
	}
	p = Paging{location: location, filters: values}
	for key, all := range values {
		value := strings.Join(all, "")
		ours := key == "limit" || key == "after"
		if value == "" && !ours {
			delete(values, key)
			continue
		}
		if len(all) > 1 || !utf8.ValidString(value) || strings.ContainsRune(key+value, 0) {
			return p, fed.Errorf(fed.Invalid, "A query parameter takes one value, in UTF-8.")
		}
		if ours {
			delete(values, key)
			err = p.read(key, value)
		} else {
			err = read(key, value)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p *Paging) read(key, value string) (err error) {
	if key == "limit" {
		p.Limit, err = ReadLimit(value)
	} else {
		p.After, err = p.readAfter(value)
	}
	return err
}

// NoFilters is for collections that cannot be filtered: a misspelt filter must not
// return everybody.
func NoFilters(string, string) error {
	return fed.Errorf(fed.Invalid, "This collection takes no such query parameter.")
}

// ReadLimit reads how many records are asked for at most.
func ReadLimit(value string) (int, error) {
	limit, err := strconv.ParseUint(value, 10, 16)
	if err != nil || limit < 1 || limit > mostListed {
		return 0, fed.Errorf(fed.Invalid, LimitRule)
	}
	return int(limit), nil
}

// mark makes the text of a key that after takes, in this collection only.
func (p Paging) mark(key string) string {
	sum := crc32.ChecksumIEEE([]byte(p.location + "?" + key))
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, sum), key...))
}

// readAfter reads what mark wrote.
func (p Paging) readAfter(text string) (*string, error) {
	const sum = 4 // bytes
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil && len(plain) >= sum {
		key := string(plain[sum:])
		if utf8.ValidString(key) && !strings.ContainsRune(key, 0) && p.mark(key) == text {
			return &key, nil
		}
	}
	return nil, WrongAfter()
}

// WrongAfter refuses a place in a collection that no reply has named.
func WrongAfter() error {
	return fed.Errorf(fed.Invalid, "after must be what the Link of another reply of this collection has there.")
}

// Link says where the list goes on behind a record.
func (p Paging) Link(w http.ResponseWriter, key string) {
	query := fmt.Sprintf("limit=%d&after=%s", p.Limit, p.mark(key))
	if len(p.filters) > 0 {
		query = p.filters.Encode() + "&" + query
	}
	w.Header().Set("Link", "<"+p.location+"?"+query+`>; rel="next"`)
}

// Span is the part of a collection that has its ids as keys.
func (p Paging) Span(w http.ResponseWriter) store.Span[string] {
	return store.Span[string]{Limit: p.Limit, After: p.After, More: func(last string) { p.Link(w, last) }}
}

// WriteList answers like Caller.WriteList; to HEAD with the Link of GET, too.
func (p Paging) WriteList(w http.ResponseWriter, r *http.Request, c *Caller, each func(*List) error) error {
	if p.Limit > 0 {
		return c.WriteAsked(w, r, each)
	}
	return c.WriteList(w, r, each)
}

// WriteAsked answers like WriteList, which does not ask for the list to answer HEAD.
func (c *Caller) WriteAsked(w http.ResponseWriter, r *http.Request, each func(*List) error) error {
	if r.Method == http.MethodHead {
		if err := look(each); err != nil {
			return err
		}
	}
	return c.WriteList(w, r, each)
}

var opening, closing = []byte("["), []byte("]")

// WriteRecords answers with [[{...}],[{...}]].
func (p Paging) WriteRecords(w http.ResponseWriter, r *http.Request, c *Caller, each func(store.Flow, func(fed.Record) error) error) error {
	return p.WriteList(w, r, c, func(l *List) error {
		return each(l, func(record fed.Record) error { return l.Add(opening, record, closing) })
	})
}
