// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/testdb"
)

// sent is a statement as the store sent it.
type sent struct {
	text string
	args []any
}

// explainable is true of what has a plan. The rest sets something, or makes a table.
func (s sent) explainable() bool {
	return regexp.MustCompile(`^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b`).MatchString(s.text)
}

// recorder is a tracer that keeps the statements.
type recorder struct {
	mu   sync.Mutex
	sent []sent
}

func (r *recorder) add(text string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = append(r.sent, sent{text, slices.Clone(args)})
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.add(data.SQL, data.Args)
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, query := range data.Batch.QueuedQueries {
		r.add(query.SQL, query.Arguments)
	}
	return ctx
}

func (r *recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// take gives the statements since it was called last.
func (r *recorder) take() []sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.sent
	r.sent = nil
	return taken
}

// whole gives the tables that the plans of some statements read from one end to the other.
// They are planned as the store has it: for any values, unless a transaction asks for a
// plan for its own. An index is read wherever one could be, however small the table is here.
func whole(t *testing.T, db *testdb.DB, statements []sent) (tables []string) {
	t.Helper()
	conn := testdb.Connect(t, db.URL)
	execute := func(sql string) {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	execute(`SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off; BEGIN`)
	for _, s := range statements {
		switch {
		case s.explainable():
			tables = append(tables, scanned(plan(t, conn, s), false)...)
		case strings.Contains(s.text, "SET LOCAL"):
			execute(regexp.MustCompile(`^(?i)BEGIN[^;]*;`).ReplaceAllString(s.text, ""))
		}
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}

// plan is EXPLAIN's.
func plan(t *testing.T, conn *pgx.Conn, s sent) (explained any) {
	t.Helper()
	const ask = `EXPLAIN (FORMAT JSON) `
	text, args := s.text, s.args
	var mode string
	if err := conn.QueryRow(t.Context(), `SHOW plan_cache_mode`).Scan(&mode); err != nil {
		t.Fatal(err)
	}
	if mode == "force_generic_plan" {
		text, args = prepared(t, conn, s), nil
	}
	if err := conn.QueryRow(t.Context(), ask+text, args...).Scan(&explained); err != nil {
		t.Fatalf("%s: %v", s.text, err)
	}
	return explained
}

// prepared gives a statement that runs a prepared one, with no values: the plan is for any.
func prepared(t *testing.T, conn *pgx.Conn, s sent) string {
	t.Helper()
	text := s.text
	if len(s.args) > 0 {
		if named, ok := s.args[len(s.args)-1].(pgx.NamedArgs); ok {
			text, _, _ = named.RewriteQuery(t.Context(), conn, text, nil)
		}
	}
	description, err := conn.Prepare(t.Context(), text, text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if len(description.ParamOIDs) == 0 {
		return text
	}
	values := strings.TrimSuffix(strings.Repeat("NULL, ", len(description.ParamOIDs)), ", ")
	return `EXECUTE ` + description.Name + `(` + values + `)`
}

// scanned gives the tables that a plan reads from one end to the other: in no order, or by
// an index without a condition, unless a limit ends that.
func scanned(plan any, limited bool) (tables []string) {
	switch node := plan.(type) {
	case []any:
		for _, part := range node {
			tables = append(tables, scanned(part, limited)...)
		}
	case map[string]any:
		limited = limited || node["Node Type"] == "Limit"
		if table, ok := node["Relation Name"].(string); ok && readsAll(node, limited) {
			tables = append(tables, table)
		}
		for _, part := range node {
			tables = append(tables, scanned(part, limited)...)
		}
	}
	return tables
}

func readsAll(node map[string]any, limited bool) bool {
	switch node["Node Type"] {
	case "Seq Scan":
		return true
	case "Index Scan", "Index Only Scan":
		return node["Index Cond"] == nil && !limited
	case "Bitmap Heap Scan":
		return node["Recheck Cond"] == nil
	}
	return false
}
