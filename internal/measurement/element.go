// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"slices"

	"thalamus/internal/record"
)

// member is a value with its key in an object.
type member struct {
	key   string
	value []byte
}

func members(object []byte) (all []member, ok bool) {
	ok = record.Members(object, func(key, value []byte) { all = append(all, member{string(key), value}) })
	return all, ok
}

// kindsAt has the kinds by their key: several where an object holds them all.
var kindsAt = func() map[string][]*Kind {
	at := map[string][]*Kind{}
	for _, kind := range Kinds {
		at[kind.Key] = append(at[kind.Key], kind)
	}
	return at
}()

// readElement takes the n-th element of the list, which may hold several measurements.
// It is false for anything but an object.
func (p *Page) readElement(n int, element []byte) bool {
	all, ok := members(element)
	if !ok {
		return false
	}

	for _, m := range all {
		if !isNull(m.value) {
			p.readMember(n, m)
		}
	}
	return true
}

func (p *Page) readMember(n int, m member) {
	kinds := kindsAt[m.key]
	if kinds == nil {
		p.Others = append(p.Others, Text{m.key, shown(m.value)})
		return
	}

	values := []member{{"", m.value}}
	if kinds[0].nested() {
		object, ok := members(m.value)
		if !ok {
			p.cannotRead(m.key, m.value)
			return
		}
		values = object
	}

	for _, kind := range kinds {
		p.readKind(kind, n, values)
	}
	for _, value := range values {
		isPart := func(kind *Kind) bool { return kind.part(value.key) >= 0 }
		if !isNull(value.value) && !slices.ContainsFunc(kinds, isPart) {
			p.Others = append(p.Others, Text{m.key + "." + value.key, shown(value.value)})
		}
	}
}

// readKind takes the parts of one kind out of the values at its key.
func (p *Page) readKind(kind *Kind, n int, values []member) {
	reading := Reading{kind, n, make([]string, len(kind.Parts))}
	found := false
	for _, m := range values {
		i := kind.part(m.key)
		if i < 0 {
			continue
		}

		text, ok := kind.Parts[i].value(m.value)
		if !ok {
			p.cannotRead(kind.path(i), m.value)
			continue
		}
		reading.Values[i] = text
		found = found || text != ""
	}

	if found {
		p.Readings = append(p.Readings, reading)
	}
}

// value gives what was sent, "" if nothing was; ok is false where it cannot be read.
func (p *Part) value(sent []byte) (text string, ok bool) {
	if isNull(sent) {
		return "", true
	}

	text, quoted := jsonText(sent)
	switch {
	case quoted && (p.Words || text == ""):
		return text, true
	case quoted:
		return text, isPlain(text)
	case p.Words:
		return "", false
	default:
		return plain(string(sent))
	}
}
