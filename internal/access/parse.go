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
// Python server. Warnings are sentences for the log: names we do not know or that look
// like others, and who administers accounts when the file does not say.
func Load(file string) (policy *Policy, warnings []string, err error) {
	text, err := os.ReadFile(file) //nolint:gosec // the administrator names this file
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
	file := located{bytes.TrimPrefix(text, []byte("\uFEFF")), 1}
	if err := file.check(); err != nil {
		return nil, nil, err
	}
	p := parser{policy: &Policy{roles: map[string][]grants{}}}
	entries, _ := file.members('[')
	for i, entry := range entries {
		p.entry, p.role = i+1, ""
		if err := p.read(entry.located); err != nil {
			return nil, nil, err
		}
	}
	if !p.policy.somebodyAdministers() {
		p.policy.letRootAdminister()
		p.warnings = append(p.warnings, administratorWarning(p.policy))
	}
	p.policy.findAdministrators()
	return p.policy, p.warnings, nil
}

func administratorWarning(p *Policy) string {
	const missing = `no global role has "roles" under PATCH`
	if p.somebodyAdministers() {
		return missing + "; the role root administers accounts"
	}
	return missing + " and there is no global role root; nobody can change roles or active"
}

// parser reads the entries of a roles file.
type parser struct {
	policy   *Policy
	warnings []string
	entry    int    // the current one, from 1
	role     string // its name, when that was read
}

func (p *parser) fault(at located, sentence string) error {
	return fmt.Errorf("line %d: entry %d, role %q: %s", at.line, p.entry, p.role, sentence)
}

func (p *parser) warn(at located, format string, args ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf("line %d: role %q: ", at.line, p.role)+fmt.Sprintf(format, args...))
}

// read takes an entry. Of double keys the last one counts.
func (p *parser) read(entry located) error {
	name, permissions := located{line: entry.line}, located{line: entry.line}
	keys, _ := entry.members('{')
	for _, key := range keys {
		switch key.key {
		case "role":
			name = key.located
		case "permissions":
			permissions = key.located
		}
	}
	if err := json.Unmarshal(name.text, &p.role); err != nil || p.role == "" {
		return p.fault(name, `"role" must be the role's name`)
	}
	if looksLikeAnother(p.role) {
		p.warn(name, "%+q looks like another name; only who has exactly this one among the roles has the role", p.role)
	}
	return p.readPermissions(permissions)
}

// looksLikeAnother reports whether a name differs from another one by nothing that is
// seen: by blanks at its ends, unseen characters, letters in parts; or was in another
// encoding once.
func looksLikeAnother(name string) bool {
	return record.NFC(strings.TrimSpace(name)) != name || strings.ContainsFunc(name, record.IsInvisible) || strings.ContainsRune(name, utf8.RuneError)
}

func (p *parser) readPermissions(permissions located) error {
	keys, ok := permissions.members('{')
	if !ok {
		return p.fault(permissions, `"permissions" must be an object`)
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

// readPermission takes a method's endpoints, or "global".
func (p *parser) readPermission(g *grants, key member) error {
	switch key.key {
	case "global":
		var ok bool
		if g.global, ok = readGlobal(key.text); !ok {
			return p.fault(key.located, `"global" must be "True" or "False"`)
		}
	case "GET", "POST", "PATCH", "DELETE":
		var names []Endpoint
		if err := json.Unmarshal(key.text, &names); err != nil {
			return p.fault(key.located, key.key+" must be an array of endpoint names")
		}
		g.methods[key.key] = names
		p.warnOfUnknown(key, names)
	default:
		p.warn(key.located, "permission %q is not known and grants nothing", key.key)
	}
	return nil
}

func (p *parser) warnOfUnknown(key member, names []Endpoint) {
	for _, name := range names {
		if !slices.Contains(Endpoints(), name) {
			p.warn(key.located, "%s: endpoint %q is not known and grants nothing", key.key, name)
		}
	}
}

// readGlobal takes the texts that the Python server compares with, and booleans.
// Anything else stops the start: a guess could open every record.
func readGlobal(value []byte) (global, ok bool) {
	switch string(value) {
	case `"True"`, `true`:
		return true, true
	case `"False"`, `false`:
		return false, true
	}
	return false, false
}
