// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// documentURL is the name of a document among schemas.
const documentURL = "urn:openapi"

// NewContract reads a document. Objects of a known shape are closed: a field that the document
// does not have is a fault, though clients are told nothing of the kind.
func NewContract(text []byte) (*Contract, error) {
	var root map[string]any
	err := json.Unmarshal(text, &root)
	if err != nil {
		return nil, fmt.Errorf("the document is no JSON: %w", err)
	}
	closeShape(root)

	d := &contractDocument{root: root, compiler: jsonschema.NewCompiler()}
	d.compiler.AssertFormat()
	err = d.compiler.AddResource(documentURL, root)
	if err != nil {
		return nil, err
	}
	paths := d.top().at("paths").contractPaths()
	return &Contract{paths}, d.err
}

// closeShape forbids other keys in every schema that has properties and does not allow others.
func closeShape(value any) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			closeShape(element)
		}
	case map[string]any:
		_, hasProperties := value["properties"].(map[string]any)
		if value["type"] == "object" && hasProperties && value["additionalProperties"] == nil {
			value["additionalProperties"] = false
		}
		for _, member := range value {
			closeShape(member)
		}
	}
}

// contractDocument is a document that is being read.
type contractDocument struct {
	root     map[string]any
	compiler *jsonschema.Compiler
	err      error // the first
}

// part is an object of a document, and its JSON pointer as a URL has it.
type part struct {
	*contractDocument
	object  map[string]any
	pointer string
}

func (d *contractDocument) top() part { return part{d, d.root, "#"} }

func (d *contractDocument) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

var (
	pointerEscapes   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

// at gives a member, or what it refers to. One that is not there has no object.
func (p part) at(key string) part {
	return p.follow(p.object[key], key)
}

func (p part) follow(value any, key string) part {
	object, _ := value.(map[string]any)
	reference, isReference := object["$ref"].(string)
	if isReference {
		return p.referred(reference)
	}
	return part{p.contractDocument, object, p.pointer + "/" + url.PathEscape(pointerEscapes.Replace(key))}
}

func (d *contractDocument) referred(reference string) part {
	to := d.top()
	for key := range strings.SplitSeq(strings.TrimPrefix(reference, "#/"), "/") {
		to = to.at(pointerUnescapes.Replace(key))
	}
	if to.object == nil {
		d.fail(fmt.Errorf("the document has no %s", reference))
	}
	return to
}

// contractPaths gives the paths, those with fewer variables first.
func (p part) contractPaths() (all []contractPath) {
	for pattern := range p.object {
		all = append(all, contractPath{strings.Split(pattern, "/"), p.at(pattern).operations()})
	}
	slices.SortFunc(all, func(a, b contractPath) int { return a.variables() - b.variables() })
	return all
}

// operations gives those of a path, by method.
func (p part) operations() map[string]*operation {
	all := map[string]*operation{}
	for key := range p.object {
		if key != "parameters" {
			one := p.at(key)
			all[strings.ToUpper(key)] = &operation{one.queryRules(), one.at("responses").replyRules()}
		}
	}
	if get := all[http.MethodGet]; get != nil {
		all[http.MethodHead] = get
	}
	return all
}

func (p part) queryRules() map[string]valueRule {
	all := map[string]valueRule{}
	list, _ := p.object["parameters"].([]any)
	for i, element := range list {
		parameter := p.at("parameters").follow(element, fmt.Sprint(i))
		name, _ := parameter.object["name"].(string)
		if parameter.object["in"] == "query" {
			all[name] = parameter.valueRule()
		}
	}
	return all
}

func (p part) replyRules() map[string]replyRule {
	all := map[string]replyRule{}
	for status := range p.object {
		reply := p.at(status)
		rule := replyRule{map[string]valueRule{}, map[string]*jsonschema.Schema{}}
		for name := range reply.at("headers").object {
			rule.headers[name] = reply.at("headers").at(name).valueRule()
		}
		for mediaType := range reply.at("content").object {
			rule.content[mediaType] = reply.at("content").at(mediaType).schema()
		}
		all[status] = rule
	}
	return all
}

func (p part) valueRule() valueRule {
	required, _ := p.object["required"].(bool)
	reserved, _ := p.object["allowReserved"].(bool)
	return valueRule{p.schema(), required, reserved}
}

// schema compiles the schema of a parameter, a header or a body. Without one, anything is valid.
func (p part) schema() *jsonschema.Schema {
	if p.object["schema"] == nil {
		return &jsonschema.Schema{}
	}

	schema, err := p.compiler.Compile(documentURL + p.pointer + "/schema")
	if err != nil {
		p.fail(err)
	}
	return schema
}
