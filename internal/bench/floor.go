// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The server's queries, of one record or a page of them.
const (
	selectPerson = `SELECT (data - 'password')::text, version FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'`
	selectPages  = `SELECT data::text FROM pols WHERE book = $1 AND jsonb_typeof(data) = 'object'`
	selectList   = `SELECT (data - 'password')::text FROM people WHERE jsonb_typeof(data) = 'object' ORDER BY id LIMIT $1`
	insertPage   = `INSERT INTO pols (id, book, data) VALUES ($2, $1, $3) ON CONFLICT (id) DO NOTHING RETURNING data::text, version`
)

// floor answers the server's requests without looking at credentials: it is net/http,
// pgx and PostgreSQL.
type floor struct{ pool *pgxpool.Pool }

// serveFloor is this program as the floor, on the database of the URL.
func serveFloor(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read the database's URL: %w", err)
	}
	config.ConnConfig.RuntimeParams["enable_sort"] = "off" // as the server reads lists: by the index of ids
	config.MaxConns = int32(max(8, 4*runtime.GOMAXPROCS(0)))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer pool.Close()

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	slog.New(slog.NewTextHandler(os.Stderr, nil)).Info("serving", "address", listener.Addr().String())

	server := &http.Server{Handler: floor{pool}.handler(), ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

func (f floor) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, []byte("true"), nil) })
	mux.HandleFunc("GET /people", f.people)
	mux.HandleFunc("GET /people/{person}", f.person)
	mux.HandleFunc("GET /pols/{person}", f.book)
	mux.HandleFunc("POST /pols/{person}/{page}", f.newPage)
	return mux
}

func (f floor) person(w http.ResponseWriter, r *http.Request) {
	var text []byte
	var version int64
	err := f.pool.QueryRow(r.Context(), selectPerson, r.PathValue("person")).Scan(&text, &version)
	answer(w, http.StatusOK, text, err)
}

func (f floor) people(w http.ResponseWriter, r *http.Request) {
	f.list(w, r, selectList, r.URL.Query().Get("limit"))
}

func (f floor) book(w http.ResponseWriter, r *http.Request) {
	f.list(w, r, selectPages, r.PathValue("person"))
}

func (f floor) list(w http.ResponseWriter, r *http.Request, statement, argument string) {
	rows, _ := f.pool.Query(r.Context(), statement, argument) // ForEachRow has the error
	var text pgtype.DriverBytes
	list := []byte{'['}
	_, err := pgx.ForEachRow(rows, []any{&text}, func() error {
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = append(append(append(list, '['), text...), ']')
		return nil
	})
	answer(w, http.StatusOK, append(list, ']'), err)
}

func (f floor) newPage(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		answer(w, 0, nil, err)
		return
	}

	var text []byte
	var version int64
	err = f.pool.QueryRow(r.Context(), insertPage, r.PathValue("person"), r.PathValue("page"), body).Scan(&text, &version)
	answer(w, http.StatusCreated, text, err)
}

func answer(w http.ResponseWriter, status int, text []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}

	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that is gone cannot be told
}
