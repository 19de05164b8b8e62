// SPDX-License-Identifier: GPL-3.0-or-later

package api

// Row is a row of the route table, as tests see it.
type Row struct{ Method, Pattern, Endpoint string }

// Routes gives the route table of a server, in its order.
func Routes(s *Server) (rows []Row) {
	for _, r := range s.routes() {
		rows = append(rows, Row{r.method, r.pattern, string(r.endpoint)})
	}
	return rows
}
