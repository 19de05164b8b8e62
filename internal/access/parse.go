// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
)

// Load reads a roles file: a JSON array of {"role": name, "permissions":
// {"GET": [endpoint...], ..., "global": "True"|"False"}}, the format of the
// Python server. Warnings are sentences for the log: names we do not know, and
// who administers accounts when the file does not say.
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

// Parse reads the text of a roles file; see Load.
func Parse(text []byte) (*Policy, []string, error) {
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\uFEFF")), &entries); err != nil {
		return nil, nil, fmt.Errorf("not a JSON array of roles: %w", err)
	}
	policy := &Policy{roles: map[string][]grants{}}
	var warnings []string
	for i, entry := range entries {
		name, g, warned, err := parseEntry(entry)
		if err != nil {
			return nil, nil, fmt.Errorf("entry %d, role %q: %w", i+1, name, err)
		}
		policy.roles[name] = append(policy.roles[name], g)
		warnings = append(warnings, warned...)
	}
	if !policy.somebodyAdministers() {
		policy.letRootAdminister()
		warnings = append(warnings, administratorWarning(policy))
	}
	return policy, warnings, nil
}

func administratorWarning(p *Policy) string {
	const missing = `no global role has "roles" under PATCH`
	if p.somebodyAdministers() {
		return missing + "; the role root administers accounts"
	}
	return missing + " and there is no global role root; nobody can change roles or active"
}

func parseEntry(entry map[string]json.RawMessage) (name string, g grants, warnings []string, err error) {
	if err := json.Unmarshal(entry["role"], &name); err != nil || name == "" {
		return name, g, nil, errors.New(`"role" must be the role's name`)
	}
	var permissions map[string]json.RawMessage
	if json.Unmarshal(entry["permissions"], &permissions) != nil || permissions == nil {
		return name, g, nil, errors.New(`"permissions" must be an object`)
	}
	g.methods = map[string][]Endpoint{}
	for _, key := range slices.Sorted(maps.Keys(permissions)) {
		warned, err := g.read(key, permissions[key])
		if err != nil {
			return name, g, nil, err
		}
		for _, w := range warned {
			warnings = append(warnings, fmt.Sprintf("role %q: %s", name, w))
		}
	}
	return name, g, warnings, nil
}

// read takes one key of "permissions": a method's endpoints, or "global".
func (g *grants) read(key string, value json.RawMessage) (warnings []string, err error) {
	switch key {
	case "global":
		g.global, err = parseGlobal(value)
		return nil, err
	case "GET", "POST", "PATCH", "DELETE":
		var names []Endpoint
		if err := json.Unmarshal(value, &names); err != nil {
			return nil, fmt.Errorf("%s must be an array of endpoint names", key)
		}
		g.methods[key] = names
		return unknown(key, names), nil
	}
	return []string{fmt.Sprintf("permission %q is not known and grants nothing", key)}, nil
}

func unknown(method string, names []Endpoint) (warnings []string) {
	for _, name := range names {
		if !slices.Contains(Endpoints(), name) {
			warnings = append(warnings, fmt.Sprintf("%s: endpoint %q is not known and grants nothing", method, name))
		}
	}
	return warnings
}

// parseGlobal takes the texts that the Python server compares with, and
// booleans. Anything else stops the start: a guess could open every record.
func parseGlobal(value json.RawMessage) (bool, error) {
	switch string(value) {
	case `"True"`, `true`:
		return true, nil
	case `"False"`, `false`:
		return false, nil
	}
	return false, errors.New(`"global" must be "True" or "False"`)
}
