// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"net/http"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/web"
)

// getPage shows people what the document says.
func (d *Description) getPage(w http.ResponseWriter, _ *http.Request, c *gate.Caller) error {
	page, err := c.Site().Reference(d.page)
	if err != nil {
		return err
	}
	gate.ReplyPage(w, http.StatusOK, page)
	return nil
}

func newPage(rows []gate.Row) (page web.Reference) {
	for _, tag := range tags {
		group := web.ReferenceGroup{ID: strings.ToLower(strings.ReplaceAll(tag.name, " ", "-")), Name: tag.name, About: tag.about}
		for _, row := range rows {
			if op := operations[nameOf(row)]; op.tag == tag.name {
				group.Operations = append(group.Operations, showOperation(row, op))
			}
		}
		page.Groups = append(page.Groups, group)
	}

	for _, kind := range fed.Kinds() {
		page.Errors = append(page.Errors, showError(kind))
	}
	for _, s := range components {
		page.Schemas = append(page.Schemas, showSchema(s))
	}
	return page
}

func showOperation(row gate.Row, op operation) web.ReferenceOperation {
	o := web.ReferenceOperation{
		ID: op.id, Method: row.Method, Path: row.Pattern, Summary: op.summary, About: op.about, Endpoint: string(row.Endpoint),
		Parameters: showParameters(row, op), Options: curlOptions(row, op), Example: examplePath(row.Pattern),
	}
	if op.body.content != nil {
		o.Body = &web.ReferenceReply{About: op.body.about, Bodies: showBodies(op.body.content)}
	}

	for _, r := range op.replies {
		o.Replies = append(o.Replies, web.ReferenceReply{
			Status: r.status, About: r.about, Headers: strings.Join(r.headers, ", "), Bodies: showBodies(r.content),
		})
	}
	for _, kind := range errorsOf(row, op) {
		o.Errors = append(o.Errors, showError(kind))
	}

	return o
}

func showParameters(row gate.Row, op operation) (all []web.ReferenceField) {
	for _, found := range variable.FindAllStringSubmatch(row.Pattern, -1) {
		known := variables[found[1]]
		all = append(all, web.ReferenceField{Name: found[1], Kind: "path", About: known.about, Example: known.example})
	}
	for _, rule := range row.Parameters {
		all = append(all, web.ReferenceField{Name: rule.Name, Kind: "query", About: rule.Sentence})
	}
	for _, name := range op.headers {
		all = append(all, web.ReferenceField{Name: name, Kind: "header", About: requestHeaders[name]})
	}
	return all
}

func showError(kind fed.Kind) web.ReferenceReply {
	known := gate.FailureOf(kind)
	return web.ReferenceReply{Status: known.Status, Code: known.Code, About: meanings[kind], Headers: strings.Join(errorHeaders[kind], ", ")}
}

func showBodies(all []content) (shown []web.ReferenceBody) {
	for _, one := range all {
		shape, name := shapeOf(one.schema)
		shown = append(shown, web.ReferenceBody{MediaType: one.mediaType, Shape: shape, Schema: name, Example: one.example})
	}
	return shown
}

// shapeOf says how a body is made, and of which component.
func shapeOf(s Schema) (shape, name string) {
	switch {
	case s.Name != "":
		return "", s.Name
	case s.AnyOf != nil:
		return shapeOf(s.AnyOf[0])
	case s.Items != nil && s.Items.Name != "":
		return "list of", s.Items.Name
	case s.Items != nil && s.Items.Tuple != nil:
		_, name = shapeOf(s.Items.Tuple[0])
		return "[[one], [another], ...], each a", name
	}
	return "", ""
}

func showSchema(s Schema) web.ReferenceSchema {
	shown := web.ReferenceSchema{Name: s.Name, About: s.About, Open: s.Open}
	for _, field := range s.Fields {
		shown.Fields = append(shown.Fields, showField(field))
	}
	for _, element := range s.Tuple {
		shown.Fields = append(shown.Fields, showField(always("", element)))
	}
	return shown
}

func showField(field Field) web.ReferenceField {
	shown := web.ReferenceField{Name: field.Name, Kind: field.Schema.TypeName(), About: field.Schema.About, Example: field.Schema.Example}
	_, shown.Schema = shapeOf(field.Schema)
	if field.Schema.Values != nil {
		shown.Kind = strings.Join(field.Schema.Values, ", ")
	}

	switch {
	case field.Hub:
		shown.Marks = "The hub looks at it."
	case field.Optional && !field.Schema.anything():
		shown.Marks = "It may be absent."
	}
	return shown
}

// curlOptions are those before the address.
func curlOptions(row gate.Row, op operation) string {
	if row.Method == http.MethodGet || row.Method == http.MethodPost {
		return op.body.example
	}
	return strings.TrimSpace("-X " + row.Method + " " + op.body.example)
}

// examplePath is a path with ids in it.
func examplePath(pattern string) string {
	return variable.ReplaceAllStringFunc(pattern, func(name string) string { return variables[strings.Trim(name, "{}")].example })
}
