// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"
	"slices"
	"strings"
)

// vitalSignsOf gives the vital signs that a page has. The words of the page are where they belong to.
func vitalSignsOf(s *Summary, p *Page) (all []candidate) {
	for i := range s.observed {
		o := &s.observed[i]
		if isOf(o, vitalSigns) {
			all = append(all, p.measuredItem(o, false))
		}
	}
	return all
}

// resultsOf gives what laboratories, images and genes have told.
func resultsOf(s *Summary, p *Page) (all []candidate) {
	for i := range s.observed {
		o := &s.observed[i]
		if isOf(o, laboratory) {
			all = append(all, p.measuredItem(o, true))
		}
	}
	if !p.medical || !slices.Contains([]string{"genetics", "lab", "dx_imaging"}, p.context) {
		return all
	}

	name := cmp.Or(clean(p.summary), clean(p.info), clean(p.condition.text))
	if name == "" {
		return all
	}
	one := candidate{key: keyOf(nil, name), item: func() Item { return p.item(name, nil) }}
	if told := p.Observations(); len(told) == 1 && told[0].ID == p.id {
		one.resource = func() Resource { return told[0] }
	}
	return append(all, one)
}

// isOf reports whether an observation has a code, a value that was read, and this category.
func isOf(o *observation, category []Coding) bool {
	return o.of.codes != nil && o.read.kind != nil && slices.Equal(o.of.categories, category)
}

func (p *Page) measuredItem(o *observation, words bool) candidate {
	item := func() Item {
		i := p.item(o.of.text, nil)
		i.Value, i.Kind = o.read.text(), o.read.kind.Name
		if !words {
			i.Words = nil
		}
		return i
	}
	return candidate{key: o.of.key, item: item, resource: func() Resource { return p.observe(o) }}
}

// text is the values as people write them, with their unit. "?" stands for one that is unknown.
func (r reading) text() string {
	shown := make([]string, len(r.values))
	for i, value := range r.values {
		shown[i] = cmp.Or(value, "?")
	}
	return strings.TrimSpace(strings.Join(shown, "/") + " " + r.unit)
}
