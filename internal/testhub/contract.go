// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"thalamus/internal/gate"
)

// Contract judges exchanges by an OpenAPI document.
type Contract struct{ paths []contractPath }

// operation is one of a document.
type operation struct {
	parameters map[string]valueRule // of the query, by name
	replies    map[string]replyRule // by status
}

// replyRule is how replies of one status are.
type replyRule struct {
	headers map[string]valueRule
	content map[string]*jsonschema.Schema // by media type
}

// valueRule is how a header or a parameter is.
type valueRule struct {
	schema   *jsonschema.Schema
	required bool
	reserved bool // characters with a meaning in URLs may stand in it as they are
}

// Exchange is a request and its reply, whose body has been read.
type Exchange struct {
	*http.Request
	Reply  *http.Response
	Body   []byte
	Cut    bool   // the body is not all there is, and not judged
	Prefix string // of the hub's paths; "": none
}

// Faults tells how an exchange differs from the document.
func (c *Contract) Faults(e Exchange) (faults []string) {
	r, reply := e.Request, e.Reply
	path, method := c.find(e), methodOf(r)
	var asked *operation
	if path != nil {
		asked = path.operations[method]
	}

	switch {
	case asked != nil:
		faults = asked.wrong(e)
	case method == http.MethodOptions && reply.StatusCode == http.StatusNoContent:
		faults = path.wrongAllow(r, reply)
	case reply.StatusCode == http.StatusMethodNotAllowed && path != nil:
		faults = append(path.wrongAllow(r, reply), wrongError(e, "method_not_allowed")...)
	case reply.StatusCode == http.StatusNotFound && path == nil:
		faults = wrongError(e, "not_found")
	case reply.StatusCode == http.StatusForbidden: // a form of another site
		faults = wrongError(e, "forbidden")
	default:
		faults = []string{fmt.Sprintf("no such operation, and %d", reply.StatusCode)}
	}

	return faults
}

// wrong holds the reply of an operation to it and, if that is a success, the query, too.
func (o *operation) wrong(e Exchange) []string {
	rule, found := o.replies[strconv.Itoa(e.Reply.StatusCode)]
	if !found {
		return []string{"the operation has no such status"}
	}

	faults := append(rule.wrongHeaders(e.Reply.Header), rule.wrongBody(e)...)
	if e.Reply.StatusCode < http.StatusMultipleChoices {
		faults = append(faults, o.wrongQuery(e.URL)...)
	}
	return faults
}

func (p replyRule) wrongHeaders(header http.Header) (faults []string) {
	for name, rule := range p.headers {
		values := header.Values(name)
		if rule.required && len(values) == 0 {
			faults = append(faults, "no header "+name)
		}
		for _, value := range values {
			faults = append(faults, rule.wrong(name, value)...)
		}
	}
	return faults
}

func (p replyRule) wrongBody(e Exchange) []string {
	if len(p.content) == 0 && len(e.Body) > 0 {
		return []string{"this status has no body"}
	}
	if len(p.content) == 0 {
		return nil
	}

	mediaType, _, _ := mime.ParseMediaType(e.Reply.Header.Get("Content-Type"))
	schema, found := p.content[mediaType]
	if !found {
		return []string{"this status has no body that is " + mediaType}
	}
	if e.Cut || e.Method == http.MethodHead || mediaType != gate.JSONType {
		return nil
	}

	value, err := decode(e.Body)
	if err != nil {
		return []string{"the body: " + err.Error()}
	}
	return violations("the body", schema.Validate(value))
}

// decode decodes JSON. A number that no float can hold is left out.
func decode(body []byte) (value any, err error) {
	err = json.NewDecoder(bytes.NewReader(body)).Decode(&value)
	var tooLarge *json.UnmarshalTypeError
	if errors.As(err, &tooLarge) {
		return value, nil
	}
	return value, err
}

// wrongQuery judges the parameters that an operation took. Words without a value are ignored by
// a hub, or make it refuse the request; a single record ignores the parameters that it does not know.
func (o *operation) wrongQuery(address *url.URL) (faults []string) {
	_, isList := o.parameters["limit"]
	query := address.Query()
	for name, rule := range o.parameters {
		if rule.required && !query.Has(name) {
			faults = append(faults, "without the parameter "+name)
		}
	}

	for part := range strings.SplitSeq(address.RawQuery, "&") {
		name, raw, assigned := strings.Cut(part, "=")
		rule, declared := o.parameters[name]
		switch {
		case !assigned:
		case declared:
			faults = append(faults, rule.wrongParameter(name, raw)...)
		case isList:
			faults = append(faults, "no parameter "+name)
		}
	}
	return faults
}

// reserved are the characters with a meaning in URLs; + is a space in a query.
const reserved = ":/?#[]@!$&'()*,;="

func (v valueRule) wrongParameter(name, raw string) []string {
	if !v.reserved && strings.ContainsAny(raw, reserved) {
		return []string{name + " has characters that must be encoded"}
	}

	value, err := url.QueryUnescape(raw)
	if err != nil {
		return []string{name + ": " + err.Error()}
	}
	return v.wrong(name, value)
}

func (v valueRule) wrong(name, text string) []string {
	return violations(name, v.schema.Validate(read(v.schema, text)))
}

// read gives what a text stands for where a schema wants a number or a boolean; else the text.
func read(schema *jsonschema.Schema, text string) (value any) {
	if schema.Types == nil {
		return text
	}

	wanted := schema.Types.ToStrings()
	err := errors.ErrUnsupported
	switch {
	case slices.Contains(wanted, "integer"), slices.Contains(wanted, "number"):
		value, err = strconv.ParseFloat(text, 64)
	case slices.Contains(wanted, "boolean"):
		value, err = strconv.ParseBool(text)
	}
	if err != nil {
		return text
	}
	return value
}

func violations(where string, err error) []string {
	if err == nil {
		return nil
	}
	return []string{where + ": " + err.Error()}
}

// wrongError tells of a reply without an operation that is not the error of this code.
func wrongError(e Exchange, code string) []string {
	isPage := strings.HasPrefix(e.Reply.Header.Get("Content-Type"), "text/html")
	if isPage || e.Method == http.MethodHead || (Answer{e.Reply, string(e.Body)}).Failure().Code == code {
		return nil
	}
	return []string{"it is no error " + code}
}
