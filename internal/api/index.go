// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/gate"
	"thalamus/internal/web"
)

var accountParameter = []gate.Rule{{Name: "account", Sentence: "account leads to the form for its password."}}

// getIndex sends the start page, which lists the endpoints. Its form cannot write an account
// into a path, so it sends the account here and is redirected to the account's password form.
func (h *public) getIndex(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if account := strings.TrimSpace(r.URL.Query().Get("account")); account != "" {
		w.Header().Set("Location", c.Path("password", account))
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}

	portal := slices.ContainsFunc(c.Rows(), func(row gate.Row) bool { return row.Face == gate.Pages })
	page, err := c.Site().Index(web.Index{
		Changed: takeFlash(w, r, c), Portal: portal, Version: h.version, Endpoints: indexEndpoints(c.Rows()),
	})
	if err != nil {
		return err
	}

	gate.ReplyPage(w, http.StatusOK, page)
	return nil
}

// indexEndpoints describes the patterns of the route table, but for the pages that people
// sign in to.
func indexEndpoints(rows []gate.Row) (all []web.Endpoint) {
	for _, row := range rows {
		if row.Face == gate.Pages || row.Face == gate.FHIR {
			continue
		}

		at := slices.IndexFunc(all, func(e web.Endpoint) bool { return e.Path == row.Pattern })
		if at < 0 {
			at = len(all)
			all = append(all, web.Endpoint{Path: row.Pattern, About: endpointDescriptions[row.Pattern]})
		}

		all[at].Methods = append(all[at].Methods, row.Method)
		if len(row.Parameters) > 0 {
			all[at].Queries = append(all[at].Queries, indexQuery(row))
		}
	}
	return all
}

func indexQuery(row gate.Row) web.Query {
	var names, rules []string
	for _, parameter := range row.Parameters {
		names, rules = append(names, parameter.Name), append(rules, parameter.Sentence)
	}
	return web.Query{Method: row.Method, Names: strings.Join(names, ", "), Rules: rules}
}

// endpointDescriptions says what there is at each pattern.
var endpointDescriptions = map[string]string{
	"/":                                         "this page",
	"/health/live":                              "whether the program runs",
	"/health/ready":                             "whether it can answer",
	"/login":                                    "true, if account and password are right",
	"/people":                                   "all persons, or those that a search finds",
	"/people/{person}":                          "one person's demographics",
	"/emergencies":                              "books that were opened in an emergency",
	"/emergencies/{emergency}":                  "closes the case of one",
	"/people/{person}/consents":                 "who may read the person's book, and who may not",
	"/people/{person}/consents/{consent}":       "takes such a statement back",
	"/people/{person}/emergency":                "opens the person's book in an emergency",
	"/people/{person}/history":                  "every change of the person",
	"/people/{person}/access":                   "who has read about the person",
	"/people/{person}/matches":                  "who is probably the same person",
	"/people/{person}/links":                    "who is the same person, or is not",
	"/people/{person}/links/{other}":            "takes such a statement back",
	"/pols/{person}":                            "the book of a person's life",
	"/pols/{person}/{page}":                     "one page of life",
	"/pols/{person}/{page}/history":             "every change of the page",
	"/personal_docs/{person}":                   "a person's documents",
	"/personal_docs/{person}/{page}":            "the documents of one page",
	"/personal_docs/{person}/{page}/{document}": "one document",
	"/domiciliary-units":                        "all domiciliary units",
	"/domiciliary-units/{unit}":                 "one domiciliary unit",
	"/institutions":                             "all institutions",
	"/institutions/{institution}":               "one institution",
	"/statistics":                               "how many persons and pages there are",
	"/changes":                                  "what has changed since you asked last",
	"/password/{person}":                        "a form to change the password",
	"/docs/api":                                 "all operations, for people",
	"/docs":                                     "leads to the manual",
	"/docs/":                                    "the manual",
	"/docs/{topic}":                             "a page of the manual",
	"/openapi.json":                             "all of this for programs, as OpenAPI 3.1",
}
