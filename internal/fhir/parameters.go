// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// parameter is one that a search takes.
type parameter[T any] struct {
	Name       string
	Type       string // of search parameters, as FHIR names it; "" of one that shapes the result
	Definition string // the canonical URL of FHIR's definition
	Rule       string // a sentence about its value; the refusal of a wrong value has it
	Read       func(query *T, value string) bool
}

// parameters are all that a search takes.
type parameters[T any] []parameter[T]

// general are those of every request.
var general = []string{"_format"}

// readForm reads the parameters of a request, once: of its query and, of a POST, of its form.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	const most = 64 << 10
	if r.Form != nil {
		return r.Form, nil
	}

	if r.Method == http.MethodPost {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return nil, fed.Errorf(fed.Unsupported, "A search is sent as application/x-www-form-urlencoded.")
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
	}

	err := r.ParseForm()
	if err != nil && r.Method != http.MethodPost {
		return nil, fed.Errorf(fed.Malformed, "The query cannot be read.")
	}
	if err != nil {
		return nil, gate.UnreadableForm(err)
	}
	return r.Form, nil
}

// read reads the parameters of a search into query, and gives those that were used. With Prefer:
// handling=lenient unknown ones are ignored.
func (p parameters[T]) read(r *http.Request, query *T) (used url.Values, err error) {
	used = url.Values{}
	var unknown []string
	for name, values := range r.Form {
		i := slices.IndexFunc(p, func(one parameter[T]) bool { return one.Name == name })
		switch {
		case i >= 0:
			used[name] = values
		case !slices.Contains(general, name):
			unknown = append(unknown, name)
		}
	}

	if len(unknown) > 0 && !isLenient(r) {
		return nil, p.refuse(unknown)
	}

	for _, one := range p {
		for _, value := range used[one.Name] {
			if !gate.Storable(value) || !one.Read(query, value) {
				return nil, fed.Errorf(fed.Malformed, "%s %s", one.Name, one.Rule)
			}
		}
	}

	return used, nil
}

// isLenient reports whether the client wants unknown parameters ignored.
func isLenient(r *http.Request) bool {
	for _, value := range r.Header["Prefer"] {
		for preference := range strings.FieldsFuncSeq(value, func(c rune) bool { return c == ',' || c == ';' }) {
			if strings.EqualFold(strings.TrimSpace(preference), "handling=lenient") {
				return true
			}
		}
	}
	return false
}

// quotable is a name that a sentence may repeat: a misspelt one, and hardly a value.
var quotable = regexp.MustCompile(`^[A-Za-z_][A-Za-z_:.-]{0,39}$`)

// refuse names the parameters that there are not, and those that there are.
func (p parameters[T]) refuse(unknown []string) error {
	slices.Sort(unknown)
	for i, name := range unknown {
		if !quotable.MatchString(name) {
			unknown[i] = "one of another form"
		}
	}

	var known []string
	for _, one := range p {
		known = append(known, one.Name)
	}
	return fed.Errorf(fed.Malformed, "There is no such parameter, or modifier: %s. Parameters, without modifiers: %s.",
		strings.Join(slices.Compact(unknown), ", "), strings.Join(append(known, general...), ", "))
}

// definition is the canonical URL of a search parameter of FHIR.
func definition(name string) string {
	return fmt.Sprintf("http://hl7.org/fhir/SearchParameter/%s", name)
}
