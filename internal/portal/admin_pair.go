// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// pairPage is two persons side by side.
type pairPage struct {
	Path                  string
	Person, Other         string // ids, in the order of bytes
	PersonPath, OtherPath string // hrefs of their books
	Members               []comparedMember
	Decided               message // that they are known to be the same, or two; zero: nobody has said so
	MayDecide, MayUndo    bool
	Problem               message
}

// comparedMember is a key of two persons, and whether their values are the same: by a word, not by a colour.
type comparedMember struct {
	Name       label
	One, Other []memberLine
	Word       message
	Differs    bool
}

// comparedKeys have a name in each language, and come first.
var comparedKeys = []struct{ key, text string }{
	{"name", "person.name"}, {"lastname", "person.lastname"}, {"dob", "person.born"}, {"gender", "person.gender"}, {"du", "pair.unit"},
}

// uncompared are keys of which two records of one person need not have the same values.
var uncompared = []string{"id", "roles", "password"}

// getPair shows two persons side by side.
func (p duplicateAdmin) getPair(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return p.showPair(w, r, c, http.StatusOK, message{})
}

func (p duplicateAdmin) showPair(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, problem message) error {
	if err := requireEverybody(c); err != nil {
		return err
	}
	person, other := pairOf(c)
	one, err := p.Store.For(c.Reader()).Person(r.Context(), person)
	if err != nil {
		return err
	}
	two, err := p.Store.For(c.Reader()).Person(r.Context(), other)
	if err != nil {
		return err
	}
	decided, err := p.decidedOf(r, c, person, other)
	if err != nil {
		return err
	}

	c.RecordOthers([]string{c.Param("other")})
	shown := pairPage{
		Path: pairPath(c, person, other), Person: person, Other: other,
		PersonPath: c.Path("portal", "people", person, "book"), OtherPath: c.Path("portal", "people", other, "book"),
		Members: compareMembers(one.Record, two.Record), Decided: decided, Problem: problem,
		MayDecide: c.May(http.MethodPost, access.Links), MayUndo: c.May(http.MethodDelete, access.Links),
	}
	return p.reply(w, r, c, status, view{Template: "admin_pair", Title: say("pair.title"), Data: shown})
}

// pairOf gives the two persons of the path in the order of the queue. Two of one are refused by the store.
func pairOf(c *gate.Caller) (person, other string) {
	return min(c.Subject, c.Param("other")), max(c.Subject, c.Param("other"))
}

// decidedOf says what was said of two persons; zero: nothing was.
func (p duplicateAdmin) decidedOf(r *http.Request, c *gate.Caller, person, other string) (decided message, err error) {
	err = p.Store.For(c.Reader()).Links(r.Context(), person, store.Keyset[string]{}, func(l store.Link) error {
		switch {
		case l.Other != other:
		case l.Same:
			decided = say("pair.decided_same")
		default:
			decided = say("pair.decided_apart")
		}
		return nil
	})
	return decided, err
}

// compareMembers compares the keys of two persons: those with a name first, and the others in their order.
func compareMembers(one, two fed.Record) (all []comparedMember) {
	left, right := membersOf(one), membersOf(two)
	known := slices.Clone(uncompared)
	for _, k := range comparedKeys {
		known = append(known, k.key)
		all = appendCompared(all, label{Name: say(k.text)}, left.values[k.key], right.values[k.key])
	}

	for _, key := range slices.Concat(left.order, right.order) {
		if !slices.Contains(known, key) {
			known = append(known, key)
			all = appendCompared(all, keyLabel(key), left.values[key], right.values[key])
		}
	}
	return all
}

// recordMembers are the keys of a record, in their order, with their values.
type recordMembers struct {
	order  []string
	values map[string][]byte
}

func membersOf(data fed.Record) recordMembers {
	m := recordMembers{values: map[string][]byte{}}
	_ = record.Members(data, func(key, value []byte) { // it is an object
		m.order = append(m.order, string(key))
		m.values[string(key)] = value
	})
	return m
}

// appendCompared adds a key, unless neither person has a value there.
func appendCompared(all []comparedMember, name label, one, other []byte) []comparedMember {
	m := comparedMember{Name: name, One: newMember(name, one).Lines, Other: newMember(name, other).Lines}
	switch {
	case len(m.One)+len(m.Other) == 0:
		return all
	case len(m.One) == 0 || len(m.Other) == 0:
		m.Word = say("pair.one_only")
	case slices.Equal(m.One, m.Other):
		m.Word = say("pair.equal")
	default:
		m.Word, m.Differs = say("pair.differs"), true
	}
	return append(all, m)
}
