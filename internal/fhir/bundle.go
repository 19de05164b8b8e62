// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// bundle is a Bundle on its way to a client: its entries, and then its links.
type bundle struct {
	kind string // searchset, history
	base string // absolute URL of the face, with a slash
	path string // of what was asked, behind the base
	used url.Values
	next url.Values // nil: there is nothing behind

	list    *gate.List
	begun   []byte // of an entry: up to the address of the face
	entry   []byte // the last one
	slotted bool
}

func newBundle(r *http.Request, c *gate.Caller, kind, path string) *bundle {
	return &bundle{kind: kind, base: gate.URL(r, c, "fhir") + "/", path: path}
}

// write answers with the Bundle while each adds the entries.
func (b *bundle) write(w http.ResponseWriter, r *http.Request, c *gate.Caller, each func() error) error {
	head := `{"resourceType":"Bundle","type":"` + b.kind + `",`
	envelope := gate.Envelope{
		ContentType: gate.FHIRType,
		Begin:       head + `"entry":[`,
		End: func(any bool) []byte {
			if any {
				return append(b.links([]byte("],")), '}')
			}
			return append(b.links([]byte(head)), '}')
		},
	}
	return envelope.Write(w, r, c, func(l *gate.List) error {
		b.list = l
		return each()
	})
}

func (b *bundle) links(text []byte) []byte {
	text = b.link(append(text, `"link":[`...), "self", b.used)
	if b.next != nil {
		text = b.link(append(text, ','), "next", b.next)
	}
	return append(text, ']')
}

func (b *bundle) link(text []byte, relation string, query url.Values) []byte {
	target := b.base + b.path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	text = append(append(append(text, `{"relation":"`...), relation...), `","url":`...)
	return append(fed.AppendText(text, target), '}')
}

// add adds what a search found.
func (b *bundle) add(found resource.Resource) error {
	b.entry = b.appendEntry(b.entry[:0], found)
	return b.list.Add(b.entry)
}

// addOf is add for what is about a person.
func (b *bundle) addOf(person string, found resource.Resource) error {
	b.entry = b.appendEntry(b.entry[:0], found)
	return b.list.AddOf(person, b.entry)
}

func (b *bundle) appendEntry(text []byte, found resource.Resource) []byte {
	text = found.JSON(append(b.appendURL(text, found), `,"resource":`...))
	return append(text, `,"search":{"mode":"match"}}`...)
}

// appendURL begins an entry with the address of a resource, whose type and id are the same in JSON.
func (b *bundle) appendURL(text []byte, of resource.Resource) []byte {
	if b.begun == nil {
		b.begun = bytes.TrimSuffix(fed.AppendText([]byte(`{"fullUrl":`), b.base), []byte(`"`))
	}
	text = append(append(append(text, b.begun...), of.Type...), '/')
	return append(append(text, of.ID...), '"')
}

// addVersion adds a version of a history; one that was cut out of it, or a deletion, has no resource.
func (b *bundle) addVersion(one resource.Resource, e store.HistoryEntry) error {
	of, text := interactions[e.Operation], b.appendURL(b.entry[:0], one)
	if e.Data != nil {
		text = one.JSON(append(text, `,"resource":`...))
	}

	text = append(text, `,"request":{"method":"`+of.method+`","url":"`+one.Type+"/"+one.ID+`"},"response":{"status":"`+of.status+`","etag":"W/\"`...)
	text = append(strconv.AppendInt(text, e.Version, 10), `\"","lastModified":"`...)
	b.entry = append(e.Time.UTC().AppendFormat(text, resource.Time), `"}}`...)
	return b.list.Add(b.entry)
}

// setNext links to the Bundle behind this one.
func (b *bundle) setNext(cursor string) {
	b.next = maps.Clone(b.used)
	b.next.Set(afterName, cursor)
}

// keyset is a part of a collection that has its ids as keys.
func (b *bundle) keyset(p gate.Paging) store.Keyset[string] {
	return store.Keyset[string]{
		Limit: cmp.Or(p.Limit, defaultCount), After: p.After, More: func(last string) { b.setNext(p.Cursor(last)) },
	}
}

// growth is how many times larger resources are than the records that they are made of.
const growth = 4

// ReservePiece is store.Flow's: there is room for what is made of the piece.
func (b *bundle) ReservePiece(ctx context.Context, needed int64) (bytes int64, err error) {
	bytes, err = b.list.ReservePiece(ctx, growth*needed)
	return bytes / growth, err
}

// AcquireSlot is store.Flow's. A Bundle may read several lists, one after another.
func (b *bundle) AcquireSlot(ctx context.Context) error {
	if b.slotted {
		return nil
	}
	b.slotted = true
	return b.list.AcquireSlot(ctx)
}

// ReserveStream is store.Flow's.
func (b *bundle) ReserveStream(ctx context.Context) error { return b.list.ReserveStream(ctx) }

// Flush is store.Flow's.
func (b *bundle) Flush() bool { return b.list.Flush() }
