// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import "encoding/json"

// Schema says what a value of JSON is. The zero value allows anything.
type Schema struct {
	Name    string // of the component that it is; "": it stands where it is used
	Type    string // of JSON; "": any
	Null    bool   // it may be null, too
	About   string // sentences
	Fields  []Field
	Open    bool     // an object with any other keys
	Empty   bool     // an object without any
	Never   []string // keys that are never there
	Items   *Schema  // of an array
	Tuple   []Schema // of an array with as many elements
	Values  []string // all that there are, of a text
	Pattern string   // of a text
	Date    bool     // a time, as RFC 3339 has it
	AnyOf   []Schema // one of these at least
	Example string   // in JSON
}

// Field is a key of an object.
type Field struct {
	Name     string
	Schema   Schema
	Optional bool // it may be absent
	Hub      bool // the hub itself looks at it, and does not only keep it
}

// written gives the schema of the field.
func (f Field) written() any {
	if !f.Hub {
		return f.Schema
	}
	return f.Schema.written().with("x-hub-reads", true)
}

// reference gives the schema where it is used: a component is named only.
func (s Schema) reference() object {
	if s.Name != "" {
		return object{{"$ref", "#/components/schemas/" + s.Name}}
	}
	return s.written()
}

// written gives the schema itself.
func (s Schema) written() object {
	o := object{}.with("type", s.types()).with("description", s.About).with("enum", s.enum()).with("pattern", s.Pattern)
	if s.Date {
		o = o.with("format", "date-time")
	}

	o = o.with("anyOf", s.AnyOf).with("required", s.required()).with("properties", s.properties())
	if s.Open {
		o = append(o, member{"additionalProperties", true})
	}
	if s.Empty {
		o = append(o, member{"maxProperties", 0})
	}
	if s.Items != nil {
		o = o.with("items", *s.Items)
	}
	if s.Tuple != nil {
		o = append(o, member{"prefixItems", s.Tuple}, member{"items", false}, member{"minItems", len(s.Tuple)})
	}
	if s.Example != "" {
		o = append(o, member{"examples", json.RawMessage("[" + s.Example + "]")})
	}

	return o
}

func (s Schema) types() any {
	if s.Null && s.Type != "" {
		return []string{s.Type, "null"}
	}
	return s.Type
}

// enum is the values, and null if it may be that.
func (s Schema) enum() (all []any) {
	for _, value := range s.Values {
		all = append(all, value)
	}
	if s.Null && len(all) > 0 {
		all = append(all, nil)
	}
	return all
}

func (s Schema) required() (names []string) {
	for _, field := range s.Fields {
		if !field.Optional {
			names = append(names, field.Name)
		}
	}
	return names
}

func (s Schema) properties() (all object) {
	for _, field := range s.Fields {
		all = append(all, member{field.Name, field.written()})
	}
	for _, name := range s.Never {
		all = append(all, member{name, false})
	}
	return all
}

// anything reports whether the schema demands nothing.
func (s Schema) anything() bool { return s.Type == "" && s.AnyOf == nil && s.Name == "" }

// TypeName says what the value is in a word or two.
func (s Schema) TypeName() string {
	name := s.Type
	switch name {
	case "":
		return "any"
	case "string":
		name = "text"
	}
	if s.Null {
		name += " or null"
	}
	return name
}

// listOf is [[record],[record],...], as all collections are.
func listOf(one Schema) Schema {
	return Schema{Type: "array", Items: &Schema{Type: "array", Tuple: []Schema{one}}}
}

// always gives a field that is always there, and maybe one that may be absent.
func always(name string, s Schema) Field { return Field{Name: name, Schema: s} }
func maybe(name string, s Schema) Field  { return Field{Name: name, Schema: s, Optional: true} }

func text(about string) Schema    { return Schema{Type: "string", About: about} }
func nullable(s Schema) Schema    { s.Null = true; return s }
func number(about string) Schema  { return Schema{Type: "integer", About: about} }
func boolean(about string) Schema { return Schema{Type: "boolean", About: about} }
func moment(about string) Schema  { return Schema{Type: "string", Date: true, About: about} }
