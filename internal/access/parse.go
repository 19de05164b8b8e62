// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"thalamus/internal/record"
)

// Load reads a roles file: a JSON array of {"role": name, "permissions":
// {"GET": [endpoint...], ..., "global": "True"|"False"}}, the format of the
// Python server. Warnings are sentences for the log: about names that are unknown or look
// like others, and about a file without an administrator of accounts.
func Load(file string) (policy *Policy, warnings []string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fmt.Errorf("roles file: %w", err)
	}

	policy, warnings, err = Parse(text)
	if err != nil {
		return nil, nil, fmt.Errorf("roles file %s: %w", file, err)
	}
	return policy, warnings, nil
}

// Parse reads the text of a roles file; see Load. An error names the line.
func Parse(text []byte) (*Policy, []string, error) {
	file := jsonValue{bytes.TrimPrefix(text, []byte("\uFEFF")), 1}
	if err := file.check(); err != nil {
		return nil, nil, err
	}

	p := parser{policy: &Policy{roles: map[string][]grants{}}}
	entries, _ := file.members('[')
	for i, entry := range entries {
		p.entry, p.role = i+1, ""
		if err := p.read(entry.jsonValue); err != nil {
			return nil, nil, err
		}
	}

	if !p.policy.hasAdministrator() {
		p.policy.makeRootAdministrator()
		p.warnings = append(p.warnings, administratorWarning(p.policy))
	}
	p.policy.findAdministrators()
	return p.policy, p.warnings, nil
}

func administratorWarning(p *Policy) string {
	const missing = `no global role has "roles" under PATCH`
	if p.hasAdministrator() {
		return missing + "; the role root administers accounts"
	}
	return missing + " and there is no global role root; nobody can change roles or active"
}

// parser reads the entries of a roles file.
type parser struct {
	policy   *Policy
	warnings []string
	entry    int    // the current one, from 1
	role     string // its name, once that is read
}

// errorAt makes an error that names the line, the entry and the role.
func (p *parser) errorAt(at jsonValue, sentence string) error {
	return fmt.Errorf("line %d: entry %d, role %q: %s", at.line, p.entry, p.role, sentence)
}

func (p *parser) warn(at jsonValue, format string, args ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf("line %d: role %q: ", at.line, p.role)+fmt.Sprintf(format, args...))
}

// read reads an entry. Of double keys the last one counts.
func (p *parser) read(entry jsonValue) error {
	name, permissions := jsonValue{line: entry.line}, jsonValue{line: entry.line}
	keys, _ := entry.members('{')
	for _, key := range keys {
		switch key.key {
		case "role":
			name = key.jsonValue
		case "permissions":
			permissions = key.jsonValue
		}
	}

	err := json.Unmarshal(name.text, &p.role)
	if err != nil || p.role == "" {
		return p.errorAt(name, `"role" must be the role's name`)
	}
	if looksLikeAnother(p.role) {
		p.warn(name, "%+q looks like another name; only who has exactly this one among the roles has the role", p.role)
	}
	return p.readPermissions(permissions)
}

// looksLikeAnother reports whether a name is shown like another one, because it has blanks
// at its ends, invisible characters or letters in parts; or was in another encoding once.
func looksLikeAnother(name string) bool {
	return record.NFC(strings.TrimSpace(name)) != name || strings.ContainsFunc(name, record.IsInvisible) || strings.ContainsRune(name, utf8.RuneError)
}

func (p *parser) readPermissions(permissions jsonValue) error {
	keys, ok := permissions.members('{')
	if !ok {
		return p.errorAt(permissions, `"permissions" must be an object`)
	}

	g := grants{methods: map[string][]Endpoint{}}
	for _, key := range keys {
		if err := p.readPermission(&g, key); err != nil {
			return err
		}
	}

	p.policy.roles[p.role] = append(p.policy.roles[p.role], g)
	return nil
}

// readPermission reads a method's endpoints, or "global".
func (p *parser) readPermission(g *grants, key member) error {
	switch key.key {
	case "global":
		global, ok := readGlobal(key.text)
		if !ok {
			return p.errorAt(key.jsonValue, `"global" must be "True" or "False"`)
		}
		g.global = global
	case "GET", "POST", "PATCH", "DELETE":
		var names []Endpoint
		if err := json.Unmarshal(key.text, &names); err != nil {
			return p.errorAt(key.jsonValue, key.key+" must be an array of endpoint names")
		}
		g.methods[key.key] = names
		p.warnOfUnknown(key, names)
	default:
		p.warn(key.jsonValue, "permission %q is not known and grants nothing", key.key)
	}
	return nil
}

func (p *parser) warnOfUnknown(key member, names []Endpoint) {
	for _, name := range names {
		if !slices.Contains(Endpoints(), name) {
			p.warn(key.jsonValue, "%s: endpoint %q is not known and grants nothing", key.key, name)
		}
	}
}

// readGlobal reads the texts that the Python server compares with, and booleans.
// Any other value stops the start: a guess could open every record.
func readGlobal(value []byte) (global, ok bool) {
	switch string(value) {
	case `"True"`, `true`:
		return true, true
	case `"False"`, `false`:
		return false, true
	}
	return false, false
}
