// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"fmt"
	"net/http"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// Lacks is the refusal of a request for which the caller's roles have no grant. It says
// nothing of others.
func (c *Caller) Lacks(method string, endpoint access.Endpoint) error {
	grant := fmt.Sprintf("the grant %q under %s", endpoint, method)
	if !c.Own {
		grant += ` in a role with "global"`
	}

	if len(c.Account.Roles) == 0 {
		return fed.Errorf(fed.Forbidden, "This needs %s; your account has no role.", grant)
	}

	return fed.Errorf(fed.Forbidden, "This needs %s, which none of your roles has: %s.", grant, nameRoles(c.Account.Roles))
}

// WarnOfRoles tells the caller, in a Warning header, and the log of roles that were given and
// that the roles file does not have. The log has no names, which are from a body.
func (c *Caller) WarnOfRoles(w http.ResponseWriter, given []string) {
	unknown := c.policy.Unknown(given)
	if len(unknown) == 0 {
		return
	}

	names := nameRoles(unknown)
	text := "These roles are not in the roles file and grant nothing: " + names + "."
	w.Header().Add("Warning", `299 - "`+quotable.Replace(text)+`"`)
	c.gate.options.Log.Warn("roles were given that are not in the roles file and grant nothing",
		"count", len(unknown), "account", c.Account.ID, "request", c.Request)
}

// quotable makes a text of ASCII a part of a quoted string of HTTP.
var quotable = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// nameRoles names roles in ASCII: the first of them, if there are many, and the beginnings of
// long names.
func nameRoles(roles []string) string {
	const most = 5
	var names []string
	for _, role := range roles[:min(most, len(roles))] {
		names = append(names, quoteRole(role))
	}

	if more := len(roles) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}

	return strings.Join(names, ", ")
}

// quoteRole quotes a name that is long or has unusual characters, and cuts a long one.
func quoteRole(role string) string {
	const longest = 60
	if len(role) <= longest && fed.Plain(role) {
		return role
	}
	return fmt.Sprintf("%+.*q", longest, role)
}
