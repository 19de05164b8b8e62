// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// planted is differences from the description: how each changes the document.
var planted = map[string]func(document node){
	"path":               func(d node) { d.rename("paths", "/people/{person}", "/persons/{person}") },
	"path of one kind":   func(d node) { d.rename("paths", "/personal_docs/{person}/{page}", "/docs/{person}/{page}") },
	"method":             func(d node) { delete(d.at("paths", "/institutions"), "get") },
	"method, by Allow":   func(d node) { d.at("paths", "/institutions")["put"] = d.at("paths", "/institutions", "get") },
	"parameter":          func(d node) { d.parameters("/people")["after"]["name"] = "behind" },
	"parameter left out": func(d node) { d.leaveOut("/changes", "resource") },
	"values of a parameter": func(d node) {
		d.parameters("/pols/{person}")["order"]["schema"] = node{"type": "string", "enum": []any{"up", "down"}}
	},
	"range of a parameter":       func(d node) { d.parameters("/changes")["limit"].at("schema")["maximum"] = 1 },
	"parameter that is demanded": func(d node) { d.parameters("/people")["after"]["required"] = true },
	"characters of a parameter":  func(d node) { d.parameters("/changes")["resource"]["allowReserved"] = false },
	"status":                     func(d node) { d.rename("paths", "/login", "get", "responses", "200", "204") },
	"status of an error":         func(d node) { delete(d.at("paths", "/people/{person}", "get", "responses"), "404") },
	"status of a write":          func(d node) { delete(d.at("paths", "/institutions/{institution}", "post", "responses"), "201") },
	"media type": func(d node) {
		d.rename("paths", "/people", "get", "responses", "200", "content", "application/json", "text/plain")
	},
	"body where there is none": func(d node) { delete(d.at("paths", "/login", "get", "responses", "200"), "content") },
	"header that is demanded": func(d node) {
		d.at("paths", "/institutions", "get", "responses", "200", "headers")["X-Total"] = node{"required": true, "schema": node{"type": "string"}}
	},
	"place of a record": func(d node) { d.at("components", "headers", "Location", "schema")["pattern"] = "^https:" },
	"form of a time":    func(d node) { d.at("components", "schemas", "Change", "properties", "time")["format"] = "date" },
	"part of a tuple": func(d node) {
		d.at("components", "schemas", "DocumentEntry")["prefixItems"].([]any)[0] = node{"type": "integer"}
	},
	"header": func(d node) { d.at("components", "headers", "ETag", "schema")["pattern"] = "^W/" },
	"header left out": func(d node) {
		d.rename("components", "responses", "unauthenticated", "headers", "WWW-Authenticate", "Authenticate")
	},
	"field":             func(d node) { d.rename("components", "schemas", "ChangesPage", "properties", "more", "most") },
	"field of an error": func(d node) { d.closed("not_found").at("properties", "code")["enum"] = []any{"missing"} },
	"type of a field":   func(d node) { d.at("components", "schemas", "Change", "properties", "version")["type"] = "string" },
	"null in a field":   func(d node) { d.at("components", "schemas", "Change", "properties", "person")["type"] = "string" },
	"field that is demanded": func(d node) {
		d.at("components", "schemas", "HistoryEntry")["required"] = []any{"db_user"}
	},
	"field that must not be there": func(d node) { d.at("components", "schemas", "Person", "properties")["dob"] = false },
	"shape of a list":              func(d node) { d.content("/people").at("schema")["items"] = node{"type": "object"} },
}

func TestAPlantedDifferenceFromTheDescriptionIsFound(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	var exchanges []testhub.Exchange
	ask := func(a testhub.Answer) {
		exchanges = append(exchanges, testhub.Exchange{Request: a.Request, Reply: a.Response, Body: []byte(a.Text)})
	}
	for _, story := range stories(t) {
		if !slices.ContainsFunc(story, exchange.changes) {
			ask(h.Send(story[0].request(h)))
		}
	}
	for _, query := range []string{"/people?limit=1", "/people?after=" + h.cursorOfPeople(), "/pols/" + ana[0] + "?order=desc", "/changes?limit=2&resource=page,person", "/changes"} {
		ask(h.Do(root, "GET", query, ""))
	}
	ask(h.Do(root, "GET", "/people/"+ana[0]+"/history", ""))
	ask(h.Do(root, "POST", "/institutions/NEW", `{"name": "new"}`))

	description := h.Description.Document("")
	if fault := firstFault(t, description, exchanges); fault != "" {
		t.Errorf("without a difference: %s", fault)
	}
	for name, plant := range planted {
		var document node
		if err := json.Unmarshal(description, &document); err != nil {
			t.Fatal(err)
		}
		plant(document)
		changed, _ := json.Marshal(document)
		if firstFault(t, changed, exchanges) == "" {
			t.Errorf("nobody notices another %s", name)
		}
	}
}

func (h *hub) cursorOfPeople() string {
	_, cursor, _ := strings.Cut(h.Do(root, "GET", "/people?limit=1", "").Next(h.T), "after=")
	return cursor
}

// firstFault judges exchanges by a document until one differs from it.
func firstFault(t *testing.T, document []byte, exchanges []testhub.Exchange) string {
	t.Helper()
	contract, err := testhub.NewContract(document)
	if err != nil {
		t.Fatal(err)
	}

	for _, e := range exchanges {
		faults := contract.Faults(e)
		if len(faults) > 0 {
			return strings.Join(faults, "\n")
		}
	}
	return ""
}

// node is an object of a document.
type node map[string]any

func (n node) at(keys ...string) node {
	for _, key := range keys {
		switch value := n[key].(type) {
		case node:
			n = value
		case map[string]any:
			n = value
		default:
			panic("there is no " + key)
		}
	}
	return n
}

// rename gives a member another name: the keys that lead to it, its name, and the new one.
func (n node) rename(keys ...string) {
	last := len(keys) - 2
	parent, from, to := n.at(keys[:last]...), keys[last], keys[last+1]
	parent[to] = parent.at(from)
	delete(parent, from)
}

// parameters gives those of GET of a path, by name.
func (n node) parameters(path string) map[string]node {
	all := map[string]node{}
	for _, parameter := range n.at("paths", path, "get")["parameters"].([]any) {
		one := node(parameter.(map[string]any))
		all[one["name"].(string)] = one
	}
	return all
}

func (n node) leaveOut(path, parameter string) {
	left := n.parameters(path)
	delete(left, parameter)
	var list []node
	for one := range maps.Values(left) {
		list = append(list, one)
	}
	n.at("paths", path, "get")["parameters"] = list
}

// content is the JSON of GET of a path.
func (n node) content(path string) node {
	return n.at("paths", path, "get", "responses", "200", "content", "application/json")
}

// closed is the schema of an error.
func (n node) closed(code string) node {
	return n.at("components", "responses", code, "content", "application/json", "schema")
}
