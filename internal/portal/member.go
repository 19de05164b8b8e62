// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"thalamus/internal/record"
)

// Bounds of what is shown of a member.
const (
	maxMemberText  = 20_000 // characters of one text
	maxMemberLines = 500    // values within it
)

// member is a key of a page with its value, which may have other values in it.
type member struct {
	Name  label
	Lines []memberLine
	Left  int // values that are not shown
}

// memberLine is one value with where it stands within its member.
type memberLine struct {
	Path string // "" where the member is nothing else
	Text string
}

// headMembers are shown at the head of a page, and measurements by themselves.
var headMembers = append([]string{"summary", "info", "page_date", "node", "author", "measurements"}, kindKeys...)

// namedMembers have a name in each language, and are shown in this order.
var namedMembers = []struct{ key, text string }{
	{"health_condition_text", "member.condition"},
	{"health_condition_code", "member.condition_code"},
	{"procedure_text", "member.procedure"},
	{"procedure_code", "member.procedure_code"},
	{"gene", "member.gene"},
	{"phenotype", "member.phenotype"},
	{"natural_variant", "member.variant"},
	{"genetic_info", "member.genetics"},
	{"age", "member.age"},
	{"relevance", "member.relevance"},
	{"privacy", "member.privacy"},
	{"author_acct", "member.author_account"},
	{"creation_info", "member.created"},
	{"modification_info", "member.modified"},
}

// headNames are the names of the members at the head of a page.
var headNames = map[string]string{
	"summary": "member.summary", "info": "member.info", "page_date": "member.date", "node": "member.node", "author": "member.author",
	"measurements": "page.measurements", "domain": "book.kind", "page_type": "book.kind",
	"context": "member.context", "medical_context": "member.context", "social_context": "member.context",
}

// memberName is the name of a member, or its key.
func memberName(key string) label {
	if text := headNames[key]; text != "" {
		return label{Name: say(text)}
	}
	for _, m := range namedMembers {
		if m.key == key {
			return label{Name: say(m.text)}
		}
	}
	return label{Text: cut(key, maxExcerpt)}
}

// splitMembers gives the members that have a name, and the others in their own order.
func splitMembers(order []string, values map[string][]byte) (named, others []member) {
	known := slices.Clone(headMembers)
	for _, m := range namedMembers {
		known = append(known, m.key)
		if shown := newMember(memberName(m.key), values[m.key]); len(shown.Lines) > 0 {
			named = append(named, shown)
		}
	}

	for _, key := range order {
		shown := newMember(memberName(key), values[key])
		if !slices.Contains(known, key) && len(shown.Lines) > 0 {
			others = append(others, shown)
		}
	}
	return named, others
}

// newMember shows a value. What is null or empty has no line.
func newMember(name label, value []byte) member {
	m := member{Name: name}
	m.add("", value)
	return m
}

// add adds the values within a value, each with its path: a.0.b.
func (m *member) add(path string, value []byte) {
	var list []json.RawMessage
	switch {
	case len(value) == 0:
	case value[0] == '{':
		record.Members(value, func(key, inner []byte) { m.add(below(path, string(key)), inner) })
	case value[0] == '[':
		_ = json.Unmarshal(value, &list) // the record is JSON
		for i, inner := range list {
			m.add(below(path, strconv.Itoa(i+1)), inner)
		}
	case len(m.Lines) == maxMemberLines:
		m.Left++
	default:
		m.addLine(path, memberText(value))
	}
}

func (m *member) addLine(path, text string) {
	if text != "" {
		m.Lines = append(m.Lines, memberLine{path, cut(text, maxMemberText)})
	}
}

func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// memberText is the value of a member as people read it: a text as it is, null as "", anything
// else as JSON.
func memberText(value []byte) string {
	var text string
	switch {
	case bytes.Equal(value, []byte("null")):
		return ""
	case json.Unmarshal(value, &text) == nil:
		return text
	default:
		return string(value)
	}
}
