// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"strings"

	"thalamus/internal/record"
)

// maxUnit is how long a unit may be, in bytes: a longer text is none.
const maxUnit = 40

// quantityOf takes a value apart that says its unit, as {"value": 5.4, "unit": "mmol/L"} does. ok is
// false for anything else, so that nothing that was sent is left out.
func quantityOf(sent []byte) (value []byte, unit string, ok bool) {
	if len(sent) == 0 || sent[0] != '{' {
		return nil, "", false
	}

	members := 0
	isObject := record.Members(sent, func(key, member []byte) {
		members++
		switch string(key) {
		case "value":
			value = member
		case "unit":
			unit, _ = jsonText(member)
		}
	})
	isOne := len(value) > 0 && value[0] != '{' && value[0] != '['
	return value, unit, isObject && members == 2 && isOne && unit != "" && len(unit) <= maxUnit
}

// quantity gives what was sent, and in which unit: without a unit of its own it is that of the part.
func (p *Part) quantity(sent []byte) (text, unit string, ok bool) {
	value, unit, ok := quantityOf(sent)
	if !ok || p.Words {
		text, ok = p.value(sent)
		return text, p.Unit, ok
	}

	if strings.EqualFold(unit, p.Unit) {
		unit = p.Unit
	}
	text, ok = p.value(value)
	return text, unit, ok
}

// Unit gives the unit of a value.
func (r Reading) Unit(part int) string {
	if r.units == nil {
		return r.Kind.Parts[part].Unit
	}
	return r.units[part]
}

// setUnit notes the unit of a value. As long as all are those of the kind there is nothing to note.
func (r *Reading) setUnit(part int, unit string) {
	if r.Unit(part) == unit {
		return
	}

	if r.units == nil {
		r.units = make([]string, len(r.Kind.Parts))
		for i, part := range r.Kind.Parts {
			r.units[i] = part.Unit
		}
	}
	r.units[part] = unit
}
