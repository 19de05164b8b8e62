// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"bytes"
	"encoding/json"
	stderrors "errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/content"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/parameters"
	"github.com/pb33f/libopenapi-validator/responses"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"thalamus/internal/gate"
)

// Contract judges exchanges by an OpenAPI document. It compiles each schema once.
type Contract struct {
	paths []contractPath

	options    config.Option
	mu         sync.Mutex // the validators build parts of their models while they judge
	replies    responses.ResponseBodyValidator
	parameters parameters.ParameterValidator
}

// NewContract reads a document. Objects of a known shape are closed: a field that the document
// does not have is a fault, though clients are told nothing of the kind.
func NewContract(text []byte) (*Contract, error) {
	closed, err := closeShapes(text)
	if err != nil {
		return nil, err
	}
	document, err := libopenapi.NewDocument(closed)
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	model, err := document.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("understand the document: %w", err)
	}

	shared := config.WithExistingOpts(config.NewValidationOptions(
		config.WithFormatAssertions(), config.WithBodyDecoder(gate.JSONType, content.DecoderFunc(decode))))
	return &Contract{
		paths:      contractPaths(&model.Model),
		options:    shared,
		replies:    responses.NewResponseBodyValidator(&model.Model, shared),
		parameters: parameters.NewParameterValidator(&model.Model, shared),
	}, nil
}

// decode decodes JSON. A number that no float can hold is left out.
func decode(in *content.DecodeInput) (value any, err error) {
	err = json.NewDecoder(in.Body).Decode(&value)
	var tooLarge *json.UnmarshalTypeError
	if stderrors.As(err, &tooLarge) {
		return value, nil
	}
	return value, err
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
	asked, path := *r, c.find(e)
	asked.Method = methodOf(r)
	asked.URL = withoutWords(r.URL)
	var operation *v3.Operation
	if path != nil {
		operation = path.operation(asked.Method)
	}

	switch {
	case operation != nil:
		faults = c.judge(&asked, path, operation, e)
	case asked.Method == http.MethodOptions && reply.StatusCode == http.StatusNoContent:
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

// judge holds the reply of an operation to it and, if that is a success, the query, too.
func (c *Contract) judge(r *http.Request, path *contractPath, operation *v3.Operation, e Exchange) []string {
	c.mu.Lock()
	defer c.mu.Unlock()

	status := e.Reply.StatusCode
	described := operation.Responses.FindResponseByCode(status)
	if described == nil {
		return []string{"the operation has no such status"}
	}

	faults := c.judgeReply(r, path, described, e)
	hasNone := described.Content == nil || described.Content.Len() == 0
	if len(e.Body) > 0 && hasNone {
		faults = append(faults, "this status has no body")
	}

	if status < http.StatusMultipleChoices {
		_, wrong := c.parameters.ValidateQueryParamsWithPathItem(r, path.item, path.pattern)
		faults = append(append(faults, sentences(wrong)...), undeclared(r, operation)...)
	}
	return faults
}

func (c *Contract) judgeReply(r *http.Request, path *contractPath, described *v3.Response, e Exchange) []string {
	read := *e.Reply
	if e.Cut {
		_, wrong := responses.ValidateResponseHeaders(r, &read, described.Headers, path.pattern, e.Reply.Status, c.options)
		return sentences(wrong)
	}

	read.Body = http.NoBody
	if len(e.Body) > 0 {
		read.Body = io.NopCloser(bytes.NewReader(e.Body))
	}
	_, wrong := c.replies.ValidateResponseBodyWithPathItem(r, &read, path.item, path.pattern)
	return sentences(wrong)
}

// undeclared tells of parameters that an operation took without declaring them. A single record
// ignores those that it does not know.
func undeclared(r *http.Request, operation *v3.Operation) (faults []string) {
	var names []string
	for _, parameter := range operation.Parameters {
		names = append(names, parameter.Name)
	}
	if !slices.Contains(names, "limit") {
		return nil
	}

	for part := range strings.SplitSeq(r.URL.RawQuery, "&") {
		name, _, assigned := strings.Cut(part, "=")
		if assigned && !slices.Contains(names, name) {
			faults = append(faults, "no parameter "+name)
		}
	}
	return faults
}

func sentences(all []*errors.ValidationError) (faults []string) {
	for _, one := range all {
		faults = append(faults, one.Message+": "+one.Reason)
		for _, violation := range one.SchemaValidationErrors {
			faults = append(faults, violation.FieldPath+" "+violation.Reason)
		}
	}
	return faults
}

// wrongError tells of a reply without an operation that is not the error of this code.
func wrongError(e Exchange, code string) []string {
	isPage := strings.HasPrefix(e.Reply.Header.Get("Content-Type"), "text/html")
	if isPage || e.Method == http.MethodHead || (Answer{e.Reply, string(e.Body)}).Failure().Code == code {
		return nil
	}
	return []string{"it is no error " + code}
}
