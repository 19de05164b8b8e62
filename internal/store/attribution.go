// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// attributed begins a statement that writes: it gives the account, the request and the node
// to the triggers, which keep the history. The arguments are parameters of the statement.
// The rest of the statement must join with "asked": PostgreSQL leaves out an unread CTE.
func attributed(account, request, recreate, node string) string {
	return fmt.Sprintf(`WITH asked AS (
	SELECT set_config('thalamus.account', %s, true), set_config('thalamus.request', %s, true),
		set_config('thalamus.recreate', %s, true), set_config('thalamus.node', %s, true)
)`, account, request, recreate, node)
}

// noNode is the node of requests without a body.
const noNode = `''`

// newNode is the node that the body of a creation names, as SQL: in one of its info objects
// or, if it is a page, by itself.
func newNode(table, body string) string {
	return namedNode(table, body, "creation_info", "modification_info")
}

// changeNode is the node that the body of a change names, as newNode's.
func changeNode(table, body string) string {
	return namedNode(table, body, "modification_info", "creation_info")
}

func namedNode(table, body, info, otherInfo string) string {
	own := ""
	if table == fed.Page.Info().Table {
		own = fmt.Sprintf(`thalamus_node(%s::jsonb), `, body)
	}
	return fmt.Sprintf(`COALESCE(thalamus_node(%[1]s::jsonb, '%[2]s'), thalamus_node(%[1]s::jsonb, '%[3]s'), %[4]s'')`, body, info, otherInfo, own)
}

// attribute adds the writer and the condition of a write to the arguments of attributed and
// staleRule.
func attribute(w fed.Write, args pgx.NamedArgs) pgx.NamedArgs {
	args["account"], args["request"], args["spelled"] = w.Account, w.Request, w.Spelled
	args["versions"], args["except"], args["new"] = w.Versions, w.Except, w.New
	return args
}
