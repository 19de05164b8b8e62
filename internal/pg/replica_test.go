// SPDX-License-Identifier: GPL-3.0-or-later

package pg_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"thalamus/internal/pg"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// poolConfig is one of connections that say by their name which server they lead to.
func poolConfig(t *testing.T, url, name string) *pgxpool.Config {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 4
	config.ConnConfig.RuntimeParams["application_name"] = name
	return config
}

// newReplica gives a pool for a replica at a URL, whose primary is a database of the test's.
func newReplica(t *testing.T, url string) *pg.Pool {
	t.Helper()
	primary, err := pg.New(poolConfig(t, testdb.Empty(t), "primary"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(primary.Close)

	replica, err := pg.NewReplica(poolConfig(t, url, "replica"), primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(replica.Close)
	return replica
}

// server is SQL of the name of the server that answers.
const server = `current_setting('application_name')`

// failing is SQL that is 1, and an error of the replica where a condition is true.
func failing(where string) string {
	return `(1 / CASE WHEN ` + server + ` = 'replica' AND ` + where + ` THEN 0 ELSE 1 END)`
}

// ask collects texts by every way to ask.
var ask = map[string]func(ctx context.Context, p *pg.Pool, statement string) ([]string, error){
	"rows": func(ctx context.Context, p *pg.Pool, statement string) ([]string, error) {
		rows, _ := p.Query(ctx, statement)
		return pgx.CollectRows(rows, pgx.RowTo[string])
	},
	"structs": func(ctx context.Context, p *pg.Pool, statement string) (texts []string, err error) {
		type one struct{ Text string }
		rows, _ := p.Query(ctx, statement)
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[one])
		for _, o := range all {
			texts = append(texts, o.Text)
		}
		return texts, err
	},
	"raw": func(ctx context.Context, p *pg.Pool, statement string) (texts []string, err error) {
		rows, _ := p.Query(ctx, statement)
		defer rows.Close()
		for rows.Next() {
			texts = append(texts, string(rows.RawValues()[0]))
		}
		return texts, rows.Err()
	},
	"transaction": func(ctx context.Context, p *pg.Pool, statement string) (texts []string, err error) {
		err = p.ReadRows(ctx, pgx.TxOptions{}, func(query pg.QueryFunc) error {
			rows, err := query(ctx, statement)
			if err != nil {
				return err
			}
			texts, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		return texts, err
	},
	"one": func(ctx context.Context, p *pg.Pool, statement string) ([]string, error) {
		text := ""
		err := p.QueryRow(ctx, statement+` OFFSET 2`).Scan(&text)
		return []string{text, text, text}, err
	},
}

func TestWhatAReplicaCannotAnswerThePrimaryDoes(t *testing.T) {
	t.Parallel()
	const threeRows = `SELECT ` + server + ` || left(%s::text, 0) FROM generate_series(1, 3) AS n`
	here, away := newReplica(t, testdb.Empty(t)), newReplica(t, "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	for name, c := range map[string]struct {
		replica   *pg.Pool
		statement string
		want      string
		repeated  uint64
	}{
		"it answers":                {here, fmt.Sprintf(threeRows, `n`), "replica", 0},
		"it fails":                  {here, fmt.Sprintf(threeRows, failing(`true`)), "primary", 1},
		"it fails behind some rows": {here, fmt.Sprintf(threeRows, failing(`n = 3`)), "primary", 1},
		"it is away":                {away, fmt.Sprintf(threeRows, `n`), "primary", 1},
	} {
		for way, ask := range ask {
			t.Run(name+", "+way, func(t *testing.T) {
				before := c.replica.Repeated()
				texts, err := ask(t.Context(), c.replica, c.statement)
				if err != nil || fmt.Sprint(texts) != fmt.Sprint([]string{c.want, c.want, c.want}) {
					t.Errorf("%v, %v", texts, err)
				}
				if got := c.replica.Repeated() - before; got != c.repeated {
					t.Errorf("repeated %d times", got)
				}
			})
		}
	}
}

// The error of a statement that is wrong is the primary's.
func TestAnErrorIsNotTheReplicas(t *testing.T) {
	t.Parallel()
	replica := newReplica(t, testdb.Empty(t))
	for way, ask := range ask {
		if _, err := ask(t.Context(), replica, `SELECT 1 / 0`); err == nil {
			t.Errorf("%s: no error", way)
		}
	}
	if replica.Repeated() != uint64(len(ask)) {
		t.Errorf("%d were repeated", replica.Repeated())
	}
}

// A replica that fails behind more rows than there is room for has handed some on. The rest is read from
// the primary, and so is all that comes then.
func TestAReadingThatLeftItsReplicaDoesNotReturn(t *testing.T) {
	t.Parallel()
	replica := newReplica(t, testdb.Empty(t))
	const large = `SELECT ` + server + ` || repeat('x', 1000000 * %s) FROM generate_series(1, 9) AS n`
	for way, read := range map[string]func(ctx context.Context, take func()) error{
		"rows": func(ctx context.Context, take func()) error {
			rows, _ := replica.Query(ctx, fmt.Sprintf(large, failing(`n = 9`)))
			_, err := pgx.ForEachRow(rows, []any{new(string)}, func() error { take(); return nil })
			return err
		},
		"transaction": func(ctx context.Context, take func()) error {
			return replica.ReadRows(ctx, pgx.TxOptions{}, func(query pg.QueryFunc) error {
				rows, _ := query(ctx, fmt.Sprintf(large, failing(`n = 9`)))
				_, err := pgx.ForEachRow(rows, []any{new(string)}, func() error { take(); return nil })
				return err
			})
		},
	} {
		ctx, taken := replica.StayWhereItGoes(t.Context()), 0
		err := read(ctx, func() { taken++ })
		if !errors.Is(err, pg.ErrLost) || taken != 8 {
			t.Errorf("%s: %v, behind %d rows", way, err, taken)
		}
		for ctx, want := range map[context.Context]string{ctx: "primary", t.Context(): "replica"} {
			got := ""
			if err := replica.QueryRow(ctx, `SELECT `+server).Scan(&got); err != nil || got != want {
				t.Errorf("%s: then %q, %v, and not %s", way, got, err, want)
			}
		}
	}
}
