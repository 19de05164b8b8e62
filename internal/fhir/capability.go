// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// statement is the CapabilityStatement, which is made of the route table.
type statement struct {
	ResourceType   string         `json:"resourceType"`
	Status         string         `json:"status"`
	Date           string         `json:"date"` // when this server began to be what it is
	Kind           string         `json:"kind"`
	Software       software       `json:"software"`
	Implementation implementation `json:"implementation"`
	FHIRVersion    string         `json:"fhirVersion"`
	Format         []string       `json:"format"`
	Rest           []rest         `json:"rest"`
}

type software struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type implementation struct {
	Description string `json:"description"`
	URL         string `json:"url,omitempty"`
}

type rest struct {
	Mode     string       `json:"mode"`
	Security security     `json:"security"`
	Resource []capability `json:"resource"`
}

type security struct {
	CORS        bool   `json:"cors"`
	Description string `json:"description"`
}

// capability is what can be done with a type.
type capability struct {
	Type        string            `json:"type"`
	Interaction []interaction     `json:"interaction"`
	Versioning  string            `json:"versioning,omitempty"`
	ReadHistory bool              `json:"readHistory"`
	Conditional string            `json:"conditionalRead"`
	SearchParam []searchParameter `json:"searchParam,omitempty"`
	Operation   []operation       `json:"operation,omitempty"`
}

type interaction struct {
	Code string `json:"code"`
}

// operation is what can be done besides.
type operation struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
}

// operations are all that there are, by the end of their paths.
var operations = map[string]operation{
	"$everything": {"everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything"},
	"$match":      {"match", "http://hl7.org/fhir/OperationDefinition/Patient-match"},
	"$summary":    {"summary", "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"},
}

// searchParameter is one by which resources are found.
type searchParameter struct {
	Name          string `json:"name"`
	Definition    string `json:"definition"`
	Type          string `json:"type"`
	Documentation string `json:"documentation"`
}

// described gives the parameters by which resources are found; the others shape the result.
func (p parameters[T]) described() (all []searchParameter) {
	for _, one := range p {
		if one.Type != "" {
			all = append(all, searchParameter{one.Name, one.Definition, one.Type, one.Name + " " + one.Rule})
		}
	}
	return all
}

func newStatement(kinds []kind, o Options) *statement {
	s := &statement{
		ResourceType: "CapabilityStatement", Status: "active", Date: time.Now().UTC().Format(time.DateOnly), Kind: "instance",
		Software: software{"Thalamus", o.Version}, Implementation: implementation{Description: "The hub of a GNU Health federation"},
		FHIRVersion: "4.0.1", Format: []string{gate.FHIRType, "json"},
	}

	basic := security{CORS: true, Description: "HTTP Basic, with a federation account and its password. Its roles decide what it may read."}
	here := rest{Mode: "server", Security: basic}
	for _, one := range kinds {
		here.Resource = append(here.Resource, newCapability(one))
	}
	s.Rest = []rest{here}
	return s
}

// interactionCodes has FHIR's words for what a GET of a path with so many parts does.
var interactionCodes = map[int]string{1: "search-type", 2: "read", 3: "history-instance", 4: "vread"}

func newCapability(of kind) capability {
	c := capability{Type: of.name, Versioning: "versioned", Conditional: "full-support", SearchParam: of.parameters}
	for _, row := range of.rows {
		parts := strings.Split(strings.TrimPrefix(row.Pattern, gate.FHIRPath), "/")
		operation, isOperation := operations[parts[len(parts)-1]]
		switch {
		case isOperation:
			c.addOperation(operation)
		case row.Method == http.MethodGet: // not the form of a search
			c.addInteraction(interactionCodes[len(parts)])
		}
	}
	return c
}

// addOperation adds an operation, which may have a row for the type and one for each resource.
func (c *capability) addOperation(o operation) {
	if !slices.Contains(c.Operation, o) {
		c.Operation = append(c.Operation, o)
	}
}

func (c *capability) addInteraction(code string) {
	c.Interaction = append(c.Interaction, interaction{code})
	c.ReadHistory = c.ReadHistory || code == "vread"
}

// get answers with the statement, for the address by which the client came.
func (s *statement) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	here := *s
	here.Implementation.URL = gate.URL(r, c, "fhir")
	text, err := json.Marshal(here)
	if err != nil {
		return err
	}

	gate.Reply(w, http.StatusOK, gate.FHIRType, text)
	return nil
}

// refuse names the types that there are.
func (s *statement) refuse(http.ResponseWriter, *http.Request, *gate.Caller) error {
	var names []string
	for _, one := range s.Rest[0].Resource {
		names = append(names, one.Type)
	}
	return fed.Errorf(fed.NotFound, "There is no such type here. Types: %s.", strings.Join(names, ", "))
}
