// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"thalamus/internal/fed"
)

// Rule is one parameter that the query of a row may have.
type Rule struct {
	Name     string
	Sentence string // about its value; the refusal of a wrong value has it
	Schema   string // of its value, in JSON Schema; "": any text
}

// Parameter is one that a collection takes, with the function that reads it.
type Parameter[T any] struct {
	Rule
	Read func(query *T, value string) bool // false: the value is against the rule
}

// NewParameter makes a Parameter of its rule and its reader.
func NewParameter[T any](name, sentence string, read func(query *T, value string) bool) Parameter[T] {
	return Parameter[T]{Rule{Name: name, Sentence: sentence}, read}
}

// With gives the parameter with the JSON Schema of its value.
func (p Parameter[T]) With(schema string) Parameter[T] {
	p.Schema = schema
	return p
}

// Enum is the JSON Schema of one of these texts.
func Enum(values ...string) string {
	list, _ := json.Marshal(values)
	return `{"type": "string", "enum": ` + string(list) + `}`
}

// Parameters are all that a collection takes, by name. Each reads its part of a T.
type Parameters[T any] []Parameter[T]

// NewParameters sorts parameters, so that sentences and lists have them in one order.
func NewParameters[T any](all ...Parameter[T]) Parameters[T] {
	slices.SortFunc(all, func(a, b Parameter[T]) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Rules gives the rules of the parameters, for the route table.
func (p Parameters[T]) Rules() []Rule {
	rules := make([]Rule, len(p))
	for i := range p {
		rules[i] = p[i].Rule
	}
	return rules
}

// Read reads the query of a collection into query, which has the defaults. A parameter that
// is misspelt or empty is refused, for it must not return everybody; only an unknown word
// without "=" is ignored. No sentence repeats a value.
func (p Parameters[T]) Read(r *http.Request, query T) (T, error) {
	if r.URL.RawQuery == "" {
		return query, nil
	}
	return p.read(r.URL.RawQuery, query)
}

func (p Parameters[T]) read(text string, query T) (T, error) {
	var seen []string
	for part := range strings.SplitSeq(text, "&") {
		name, value, err := cutParameter(part)
		if err != nil {
			return query, err
		}
		if !p.has(name) && !strings.Contains(part, "=") {
			continue
		}

		if err := p.readOne(&query, name, value, slices.Contains(seen, name)); err != nil {
			return query, err
		}

		seen = append(seen, name)
	}

	return query, nil
}

func (p Parameters[T]) readOne(query *T, name, value string, again bool) error {
	at := p.index(name)
	switch {
	case at < 0 && quotableName.MatchString(name):
		return p.refusal(name + " is no parameter here.")
	case at < 0:
		return p.refusal("The query has a parameter that is none here.")
	case again || !Storable(value):
		return p.refusal(name + " must have one value, in UTF-8.")
	case !p[at].Read(query, value):
		return p.refusal(p[at].Sentence)
	}

	return nil
}

// quotableName is a name that a sentence may repeat: a misspelt one, and hardly a value.
var quotableName = regexp.MustCompile(`^[a-z_]{1,30}$`)

// index gives the index of a parameter, or -1.
func (p Parameters[T]) index(name string) int {
	return slices.IndexFunc(p, func(one Parameter[T]) bool { return one.Name == name })
}

func (p Parameters[T]) has(name string) bool { return p.index(name) >= 0 }

// refusal is an error with a sentence about a parameter, and the names of all.
func (p Parameters[T]) refusal(sentence string) error {
	names := make([]string, len(p))
	for i := range p {
		names[i] = p[i].Name
	}
	return fed.Errorf(fed.Invalid, "%s Parameters: %s.", sentence, strings.Join(names, ", "))
}

// cutParameter reads one part of a query, as url.ParseQuery does.
func cutParameter(part string) (name, value string, err error) {
	name, value, _ = strings.Cut(part, "=")
	name, wrongName := url.QueryUnescape(name)
	value, wrongValue := url.QueryUnescape(value)
	if wrongName != nil || wrongValue != nil || strings.Contains(part, ";") {
		return "", "", fed.Errorf(fed.Invalid, "The query cannot be read.")
	}

	return name, value, nil
}
