// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"bytes"
	"encoding/json"
	"slices"

	"thalamus/internal/record"
)

// New is the element of a reading that a page does not have yet.
const New = -1

// Change gives the measurements of a page with other values, as a list; all else in them stays
// as it is, to the digit. Each reading has all the values that its kind is to have in its
// element; "" removes a value. New readings come behind, as the phone app writes them: an
// element for each key. Measurements that Read calls unreadable as a whole cannot be changed:
// ok is false.
func Change(measurements []byte, changed []Reading) (list []byte, ok bool) {
	elements, ok := elementsOf(bytes.Trim(measurements, record.Whitespace))
	if !ok {
		return nil, false
	}

	added := map[string]int{} // new elements, by their key
	for _, reading := range changed {
		n, found := added[reading.Kind.Key]
		switch {
		case reading.Element != New:
			n = reading.Element
		case !found:
			n = len(elements)
			elements, added[reading.Kind.Key] = append(elements, json.RawMessage("{}")), n
		}

		elements[n], ok = reading.replace(elements[n])
		if !ok {
			return nil, false
		}
	}

	elements = slices.DeleteFunc(elements, func(e json.RawMessage) bool { return string(e) == "{}" })
	list, err := json.Marshal(elements)
	return list, err == nil
}

// replace gives an element with the values of the reading.
func (r Reading) replace(element json.RawMessage) (changed json.RawMessage, ok bool) {
	var all map[string]json.RawMessage
	if json.Unmarshal(element, &all) != nil {
		return nil, false
	}

	values := all
	if r.Kind.nested() {
		values = map[string]json.RawMessage{}
		_ = json.Unmarshal(all[r.Kind.Key], &values) // else it is none yet
	}
	for i, value := range r.Values {
		r.Kind.Parts[i].set(values, r.key(i), value)
	}

	if r.Kind.nested() {
		delete(all, r.Kind.Key)
	}
	if r.Kind.nested() && len(values) > 0 {
		all[r.Kind.Key], _ = json.Marshal(values) // texts and numbers can always be
	}
	changed, err := json.Marshal(all)
	return changed, err == nil
}

// key is where the value of a part stands, beside those of the other parts.
func (r Reading) key(part int) string {
	if !r.Kind.nested() {
		return r.Kind.Key
	}
	return r.Kind.Parts[part].Key
}

// set sets a value, unless it is there as it is.
func (p *Part) set(values map[string]json.RawMessage, key, value string) {
	before, _, _ := p.quantity(values[key])
	switch {
	case before == value:
	case value == "":
		delete(values, key)
	case p.Words || p.Quoted:
		values[key], _ = json.Marshal(value) // a text can always be
	default:
		values[key] = json.RawMessage(value)
	}
}
