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

const maxLimit = 1000 // records, on one page of any collection

var limitSchema = fmt.Sprintf(`{"type": "integer", "minimum": 1, "maximum": %d}`, maxLimit)

// cursorSchema is that of what other replies give.
const cursorSchema = `{"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}`

const afterRule = "after must be what the Link of another reply of this collection has there."

// Paging is the part of a collection that a query asks for.
type Paging struct {
	caller   *Caller
	location []string   // segments of the collection's path
	filters  url.Values // the other parameters of the query
	Limit    int        // 0: to the end
	After    *string    // key of the record that it begins behind; nil: at the beginning
}

// PagingAt asks for the whole collection at the path of these segments.
func PagingAt(c *Caller, segments ...string) Paging {
	return Paging{caller: c, location: segments}
}

// All reports whether a query asks for the whole collection, and for nothing else.
func (p Paging) All() bool { return p.Limit == 0 && p.After == nil && len(p.filters) == 0 }

// Paged are the parameters of a collection that is read in pages, with its own filters.
// The Link of a page repeats those.
func Paged[T any](paging func(*T) *Paging, filters ...Parameter[T]) Parameters[T] {
	all := []Parameter[T]{
		LimitOf(func(q *T) *int { return &paging(q).Limit }),
		NewParameter("after", afterRule, func(q *T, value string) bool { return paging(q).ReadAfter(value) }).With(cursorSchema),
	}
	for _, filter := range filters {
		all = append(all, NewParameter(filter.Name, filter.Sentence, func(q *T, value string) bool {
			paging(q).keepFilter(filter.Name, value)
			return filter.Read(q, value)
		}).With(filter.Schema))
	}

	return NewParameters(all...)
}

// Unfiltered are the parameters of a collection that is read in pages, and has no filter.
var Unfiltered = Paged(func(p *Paging) *Paging { return p })

// LimitOf is the parameter of the number of records at most.
func LimitOf[T any](limit func(*T) *int) Parameter[T] {
	return NewParameter("limit", "limit must be a whole number from 1 to 1000.", func(q *T, value string) bool {
		number, err := strconv.ParseUint(value, 10, 16)
		*limit(q) = int(number)
		return err == nil && 1 <= number && number <= maxLimit
	}).With(limitSchema)
}

// keepFilter keeps a filter for the Link.
func (p *Paging) keepFilter(name, value string) {
	if p.filters == nil {
		p.filters = url.Values{}
	}
	p.filters.Set(name, value)
}

// Cursor makes the value of after for a key. It is valid in this collection only.
func (p Paging) Cursor(key string) string {
	sum := crc32.ChecksumIEEE([]byte(join(p.location) + "?" + key))
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, sum), key...))
}

// ReadAfter reads a cursor.
func (p *Paging) ReadAfter(text string) bool {
	const sum = 4 // bytes
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(plain) < sum {
		return false
	}

	key := string(plain[sum:])
	p.After = &key
	return utf8.ValidString(key) && !strings.ContainsRune(key, 0) && p.Cursor(key) == text
}

// WrongAfter refuses a cursor that no reply has given.
func WrongAfter() error { return fed.Errorf(fed.Invalid, afterRule) }

// Link adds the Link to the page after a record.
func (p Paging) Link(w http.ResponseWriter, key string) {
	query := fmt.Sprintf("limit=%d&after=%s", p.Limit, p.Cursor(key))
	if len(p.filters) > 0 {
		query = p.filters.Encode() + "&" + query
	}
	w.Header().Set("Link", "<"+p.caller.Path(p.location...)+"?"+query+`>; rel="next"`)
}

// Keyset is the part of a collection that has its ids as keys.
func (p Paging) Keyset(w http.ResponseWriter) store.Keyset[string] {
	return store.Keyset[string]{Limit: p.Limit, After: p.After, More: func(last string) { p.Link(w, last) }}
}

// WriteList answers like Caller.WriteList; to HEAD with the Link of GET, too.
func (p Paging) WriteList(w http.ResponseWriter, r *http.Request, each func(*List) error) error {
	if p.Limit > 0 {
		return p.caller.WriteAsked(w, r, each)
	}
	return p.caller.WriteList(w, r, each)
}

// WriteAsked answers like WriteList, and reads the first piece for HEAD, too.
func (c *Caller) WriteAsked(w http.ResponseWriter, r *http.Request, each func(*List) error) error {
	if err := probeHead(r, each); err != nil {
		return err
	}
	return c.WriteList(w, r, each)
}

var opening, closing, empty = []byte("["), []byte("]"), []byte("[]")

// WriteRecords answers with [[{...}],[{...}]].
func (p Paging) WriteRecords(w http.ResponseWriter, r *http.Request, each func(store.Flow, func(fed.Record) error) error) error {
	return p.WriteList(w, r, func(l *List) error {
		return each(l, func(record fed.Record) error { return l.Add(opening, record, closing) })
	})
}
