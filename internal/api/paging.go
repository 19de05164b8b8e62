// SPDX-License-Identifier: GPL-3.0-or-later

package api

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
	limitRule  = "limit must be a whole number from 1 to 1000."
)

// paging is the part of a collection that a query asks for.
type paging struct {
	location string     // path of the collection
	filters  url.Values // what else the query says
	limit    int        // 0: to the end
	after    *string    // key of the record that it begins behind; nil: at the beginning
}

// all reports whether a query asks for the whole collection, and for nothing else.
func (p paging) all() bool { return p.limit == 0 && p.after == nil && len(p.filters) == 0 }

// readPaging reads the query of the collection at a path. Other parameters with a
// value go to read: what it does not know, it refuses. A bare word says nothing.
func readPaging(r *http.Request, location string, read func(key, value string) error) (p paging, err error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return p, fed.Errorf(fed.Invalid, "The query cannot be read.")
	}
	p = paging{location: location, filters: values}
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

func (p *paging) read(key, value string) (err error) {
	if key == "limit" {
		p.limit, err = readLimit(value)
	} else {
		p.after, err = p.readAfter(value)
	}
	return err
}

// noFilters is for collections that cannot be filtered: a misspelt filter must not
// return everybody.
func noFilters(string, string) error {
	return fed.Errorf(fed.Invalid, "This collection takes no such query parameter.")
}

func readLimit(value string) (int, error) {
	limit, err := strconv.ParseUint(value, 10, 16)
	if err != nil || limit < 1 || limit > mostListed {
		return 0, fed.Errorf(fed.Invalid, limitRule)
	}
	return int(limit), nil
}

// mark makes the text of a key that after takes, in this collection only.
func (p paging) mark(key string) string {
	sum := crc32.ChecksumIEEE([]byte(p.location + "?" + key))
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, sum), key...))
}

// readAfter reads what mark wrote.
func (p paging) readAfter(text string) (*string, error) {
	const sum = 4 // bytes
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil && len(plain) >= sum {
		key := string(plain[sum:])
		if utf8.ValidString(key) && !strings.ContainsRune(key, 0) && p.mark(key) == text {
			return &key, nil
		}
	}
	return nil, wrongAfter()
}

func wrongAfter() error {
	return fed.Errorf(fed.Invalid, "after must be what the Link of another reply of this collection has there.")
}

// link says where the list goes on behind a record.
func (p paging) link(w http.ResponseWriter, key string) {
	query := fmt.Sprintf("limit=%d&after=%s", p.limit, p.mark(key))
	if len(p.filters) > 0 {
		query = p.filters.Encode() + "&" + query
	}
	w.Header().Set("Link", "<"+p.location+"?"+query+`>; rel="next"`)
}

// span is the part of a collection that has its ids as keys.
func (p paging) span(w http.ResponseWriter) store.Span[string] {
	return store.Span[string]{Limit: p.limit, After: p.after, More: func(last string) { p.link(w, last) }}
}

// writeList answers like Caller.writeList; to HEAD with the Link of GET, too.
func (p paging) writeList(w http.ResponseWriter, r *http.Request, c *Caller, each func(*list) error) error {
	if p.limit > 0 {
		return c.writeAsked(w, r, each)
	}
	return c.writeList(w, r, each)
}

// writeAsked answers like writeList, which does not ask for the list to answer HEAD.
func (c *Caller) writeAsked(w http.ResponseWriter, r *http.Request, each func(*list) error) error {
	if r.Method == http.MethodHead {
		if err := look(each); err != nil {
			return err
		}
	}
	return c.writeList(w, r, each)
}

var opening, closing = []byte("["), []byte("]")

// writeRecords answers with [[{...}],[{...}]].
func (p paging) writeRecords(w http.ResponseWriter, r *http.Request, c *Caller, each func(store.Flow, func(fed.Record) error) error) error {
	return p.writeList(w, r, c, func(l *list) error {
		return each(l, func(record fed.Record) error { return l.add(opening, record, closing) })
	})
}
