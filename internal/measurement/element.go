// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"slices"

	"thalamus/internal/record"
)

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
	return record.Members(element, func(key, value []byte) {
		if isSent(value) {
			p.readMember(n, key, value)
		}
	})
}

// isSent is false for null and an empty text, with which nothing is said.
func isSent(value []byte) bool { return !isNull(value) && string(value) != `""` }

func (p *Page) readMember(n int, key, value []byte) {
	kinds := kindsAt[string(key)]
	if kinds == nil {
		p.Others = append(p.Others, Text{n, string(key), shown(value)})
		return
	}

	ok := kinds[0].values(value, func(part, value []byte) {
		isPart := func(kind *Kind) bool { return kind.part(part) >= 0 }
		if isSent(value) && !slices.ContainsFunc(kinds, isPart) {
			p.Others = append(p.Others, Text{n, string(key) + "." + string(part), shown(value)})
		}
	})
	if !ok {
		p.cannotRead(n, string(key), value)
		return
	}

	for _, kind := range kinds {
		p.readKind(kind, n, value)
	}
}

// readKind takes the parts of one kind out of the value at its key.
func (p *Page) readKind(kind *Kind, n int, at []byte) {
	reading := Reading{Kind: kind, Element: n, Values: make([]string, len(kind.Parts))}
	found := false
	kind.values(at, func(part, value []byte) {
		i := kind.part(part)
		if i < 0 {
			return
		}

		text, unit, ok := kind.Parts[i].quantity(value)
		if !ok {
			p.cannotRead(n, kind.Path(i), value)
			return
		}
		if text == "" {
			return
		}

		reading.Values[i], found = text, true
		reading.setUnit(i, unit)
	})

	switch {
	case !found:
	case reading.units != nil:
		p.OtherUnits = append(p.OtherUnits, reading)
	default:
		p.Readings = append(p.Readings, reading)
	}
}

// values yields what stands at the kind's key: its parts with their keys, or itself. It is
// false for anything but an object where the kind has one.
func (k *Kind) values(at []byte, yield func(part, value []byte)) (ok bool) {
	if k.nested() {
		return record.Members(at, yield)
	}
	yield(nil, at)
	return true
}

// value gives what was sent, "" if nothing was; ok is false where it cannot be read.
func (p *Part) value(sent []byte) (text string, ok bool) {
	if !isSent(sent) {
		return "", true
	}

	text, quoted := jsonText(sent)
	switch {
	case quoted && p.Words:
		return text, true
	case quoted:
		return text, isPlain(text)
	case p.Words:
		return "", false
	default:
		return plain(string(sent))
	}
}
