// SPDX-License-Identifier: GPL-3.0-or-later

package openapi_test

import (
	"encoding/json"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// document is what the tests look at of the served one.
type document struct {
	OpenAPI string
	Servers []struct{ URL string }
	Paths   map[string]map[string]json.RawMessage
}

type operation struct {
	OperationID string
	Summary     string
	Tags        []string
	Endpoint    string `json:"x-endpoint"`
	Security    *[]map[string][]string
	Parameters  []parameter
	Responses   map[string]json.RawMessage
}

type parameter struct {
	Name, In, Description string
	Required              bool
	Schema                json.RawMessage
}

// served reads the document as everybody can.
func served(t *testing.T, h *testhub.Hub, path string, headers ...string) (d document) {
	t.Helper()
	a := h.DoWith(testhub.Nobody, "GET", path, "", headers...).Want(t, 200)
	if err := json.Unmarshal([]byte(a.Text), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// operation gives an operation of the document.
func (d document) operation(t *testing.T, path, method string) (o operation) {
	t.Helper()
	if err := json.Unmarshal(d.Paths[path][method], &o); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	return o
}
