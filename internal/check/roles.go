// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"thalamus/etc"
	"thalamus/internal/access"
)

func roles(_ context.Context, s Site) ([]Finding, error) {
	policy, warnings, err := access.LoadBeside(s.Roles, etc.Roles)
	if err != nil {
		return fault("The roles file cannot be used: "+err.Error()+".", "Correct it; a server that runs keeps the one before."), nil
	}

	return findingsOf(Warning, warnings, "Correct "+s.Roles+", and: systemctl reload thalamus",
		passed("%s has the roles %s.", s.Roles, strings.Join(policy.Roles(), ", "))), nil
}

// Right is what a role may do.
type Right struct {
	Role     string          `json:"role"`
	Endpoint access.Endpoint `json:"endpoint"`
	Method   string          `json:"method"`
	Reach    string          `json:"reach"` // own or all
}

// methodLetters stand for methods in the table: read, add, change, delete.
var methodLetters = map[string]string{"GET": "r", "POST": "a", "PATCH": "c", "DELETE": "d"}

var reachNames = map[access.Reach]string{access.OwnRecords: "own", access.AllRecords: "all"}

// Rights lists what the roles of a file may do; none if it cannot be used.
func Rights(file string) (rights []Right) {
	policy, _, err := access.Load(file)
	if err != nil {
		return nil
	}

	for _, endpoint := range access.Endpoints() {
		for _, role := range policy.Roles() {
			for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
				if reach, some := reachNames[policy.Reach([]string{role}, method, endpoint)]; some {
					rights = append(rights, Right{role, endpoint, method, reach})
				}
			}
		}
	}

	return rights
}

// WriteRights writes them as a table, which has a line for each endpoint and a column for each
// role.
func WriteRights(out io.Writer, rights []Right) error {
	var endpoints []access.Endpoint
	var columns []string
	cells := map[string]map[access.Endpoint]*cell{}

	for _, r := range rights {
		if !slices.Contains(endpoints, r.Endpoint) {
			endpoints = append(endpoints, r.Endpoint)
		}

		if cells[r.Role] == nil {
			columns, cells[r.Role] = append(columns, r.Role), map[access.Endpoint]*cell{}
		}

		if cells[r.Role][r.Endpoint] == nil {
			cells[r.Role][r.Endpoint] = &cell{}
		}

		cells[r.Role][r.Endpoint].add(r)
	}

	slices.Sort(columns)

	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\t"+strings.Join(columns, "\t"))
	for _, endpoint := range endpoints {
		line := string(endpoint)
		for _, role := range columns {
			line += "\t" + cells[role][endpoint].String()
		}
		fmt.Fprintln(table, line)
	}

	return table.Flush()
}

// cell has the letters of what a role may do with everybody's records, and with one's own.
type cell struct{ all, own string }

func (c *cell) add(r Right) {
	if r.Reach == reachNames[access.OwnRecords] {
		c.own += methodLetters[r.Method]
	} else {
		c.all += methodLetters[r.Method]
	}
}

// String is the cell as it is printed.
func (c *cell) String() string {
	switch {
	case c == nil:
		return "-"
	case c.own == "":
		return c.all
	}
	return c.all + "(" + c.own + ")"
}
