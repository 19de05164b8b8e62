// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

const about = `The hub of a GNU Health federation: persons, the pages of life of each of them, their documents, domiciliary units and
health institutions, as free-form JSON.

Every request but a few carries HTTP Basic credentials of a federation account. What an account may do says the hub's roles.cfg: it
grants endpoints (x-endpoint) to roles, for one's own paths or, with "global", for everybody's.

HEAD is GET without the body. OPTIONS needs no credentials, and Allow says which methods a path has. Collections stream: with limit they
come in pages, and Link says where the next one is. A parameter that a collection does not know is refused with 422.

An error has a sentence for people, a code for programs, and the request's id. A GET that names text/html in Accept gets a page instead.
503 and 429 say when to try again (Retry-After).`

// write gives the document of these rows. The path of its server is "/".
func write(rows []gate.Row, version string) ([]byte, error) {
	return json.Marshal(object{
		{"openapi", "3.1.0"},
		{"info", object{
			{"title", "Thalamus"}, {"version", version}, {"summary", "The hub of a GNU Health federation"}, {"description", about},
			{"license", object{{"name", "GNU General Public License, version 3 or later"}, {"identifier", "GPL-3.0-or-later"}}},
		}},
		{"servers", []object{{{"url", "/"}}}},
		{"security", signedIn},
		{"tags", writeTags()},
		{"paths", writePaths(rows)},
		{"components", object{
			{"securitySchemes", object{{"account", object{
				{"type", "http"}, {"scheme", "basic"}, {"description", "A federation account, like ESPGNU777ORG, and its password."},
			}}}},
			{"schemas", writeSchemas()}, {"headers", writeHeaders()}, {"responses", writeErrors(rows)},
		}},
	})
}

var signedIn = []object{{{"account", []string{}}}}

func writeTags() (all []object) {
	for _, tag := range tags {
		all = append(all, object{{"name", tag.name}, {"description", tag.about}})
	}
	return all
}

// writePaths gives an item for each pattern, in the order of the rows.
func writePaths(rows []gate.Row) (all object) {
	at := map[string]int{}
	for _, row := range rows {
		i, known := at[row.Pattern]
		if !known {
			i, at[row.Pattern] = len(all), len(all)
			all = append(all, member{row.Pattern, object{}.with("parameters", writePathParameters(row.Pattern))})
		}
		item, _ := all[i].value.(object)
		all[i].value = append(item, member{strings.ToLower(row.Method), writeOperation(row, operations[nameOf(row)])})
	}
	return all
}

// nameOf is how the table of operations names a row.
func nameOf(row gate.Row) string { return row.Method + " " + row.Pattern }

// variable is one in a pattern.
var variable = regexp.MustCompile(`\{([a-z]+)\}`)

func writePathParameters(pattern string) (all []object) {
	for _, found := range variable.FindAllStringSubmatch(pattern, -1) {
		known := variables[found[1]]
		all = append(all, object{
			{"name", found[1]}, {"in", "path"}, {"required", true}, {"description", known.about},
			{"schema", object{{"type", "string"}}}, {"example", known.example},
		})
	}
	return all
}

// variables are those of the patterns.
var variables = map[string]struct{ about, example string }{
	"person":      {"A federation account.", "ESPGNU777ORG"},
	"other":       {"The federation account of the other person.", "ESPGRA118SAN"},
	"consent":     {"The id of a statement.", "20261127-221000.000000-k3v9q0x2mz"},
	"emergency":   {"The id of an opening.", "20261127-221000.000000-p7t1c4w8rb"},
	"page":        {"The id of a page of life.", "5f0c6a52-6b0e-4f0a-9c6e-0d5b0a3c1e77"},
	"document":    {"The id of a document.", "report-may"},
	"unit":        {"The id of a domiciliary unit.", "ES-DU-7"},
	"institution": {"The id of an institution.", "GNUHOSP"},
}

func writeOperation(row gate.Row, op operation) object {
	o := object{{"operationId", op.id}, {"tags", []string{op.tag}}, {"summary", op.summary}}.with("description", op.about)
	if row.Endpoint == access.Public {
		o = append(o, member{"security", []object{}})
	}

	o = o.with("x-endpoint", string(row.Endpoint)).with("x-subject", subjects[row.Subject])
	o = o.with("parameters", writeParameters(row, op))
	if op.body.content != nil {
		o = append(o, member{"requestBody", object{
			{"description", op.body.about}, {"required", true}, {"content", writeContent(op.body.content)},
		}})
	}

	return append(o, member{"responses", writeReplies(row, op)})
}

// subjects say where a request names the person whom it is about.
var subjects = map[gate.Subject]string{gate.OfPath: "path", gate.OfFilter: "filter", gate.OfCaller: "caller"}

func writeParameters(row gate.Row, op operation) (all []object) {
	for _, rule := range row.Parameters {
		all = append(all, object{
			{"name", rule.Name}, {"in", "query"}, {"description", rule.Sentence}, {"allowReserved", true}, {"schema", schemaOf(rule)},
		})
	}
	headers := op.headers
	if row.Endpoint != access.Public {
		headers = append(slices.Clip(headers), purposeOfUse)
	}
	for _, name := range headers {
		all = append(all, object{{"name", name}, {"in", "header"}, {"description", requestHeaders[name]}, {"schema", object{{"type", "string"}}}})
	}
	return all
}

func schemaOf(rule gate.Rule) any {
	if rule.Schema == "" {
		return object{{"type", "string"}}
	}
	return json.RawMessage(rule.Schema)
}

// writeReplies gives the replies of an operation, and its errors in the order of their status.
func writeReplies(row gate.Row, op operation) (all object) {
	for _, r := range op.replies {
		o := object{{"description", r.about}, {"headers", headersOf(append(slices.Clip(r.headers), requestHeader))}}
		all = append(all, member{strconv.Itoa(r.status), o.with("content", writeContent(r.content))})
	}
	for _, kind := range errorsOf(row, op) {
		all = append(all, member{strconv.Itoa(gate.FailureOf(kind).Status), writeError(row.Face, kind)})
	}
	return all
}

func writeContent(all []content) (o object) {
	for _, one := range all {
		media := object{}
		if one.mediaType == gate.JSONType || one.schema.Type != "" {
			media = object{{"schema", one.schema}}
		}
		if one.example != "" {
			media = append(media, member{"example", json.RawMessage(one.example)})
		}
		o = append(o, member{one.mediaType, media})
	}
	return o
}

// errorsOf gives the kinds of errors that a row may answer with, in the order of their status.
func errorsOf(row gate.Row, op operation) (all []fed.Kind) {
	may := map[fed.Kind]bool{fed.Unsupported: true, fed.Internal: true, fed.Unavailable: true}
	for _, kind := range op.errors {
		may[kind] = true
	}
	if row.Endpoint != access.Public {
		may[fed.Unauthenticated], may[fed.Forbidden], may[fed.TooMany] = true, true, true
		may[fed.Invalid] = true // of another purpose
	}
	if row.Method == http.MethodPost {
		may[fed.Malformed] = true // another method in X-HTTP-Method-Override
	}
	if takes(row, "limit") {
		may[fed.Invalid] = true
	}
	if variable.MatchString(row.Pattern) && row.Method != http.MethodPost {
		may[fed.NotFound] = true // at least for what no id can be
	}

	byStatus := func(a, b fed.Kind) int { return cmp.Compare(gate.FailureOf(a).Status, gate.FailureOf(b).Status) }
	return slices.SortedFunc(maps.Keys(may), byStatus)
}

func takes(row gate.Row, parameter string) bool {
	return slices.ContainsFunc(row.Parameters, func(rule gate.Rule) bool { return rule.Name == parameter })
}
