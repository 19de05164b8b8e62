// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// A trouble of PostgreSQL's own passes, and is no fault of the caller: 503. Only one that
// concerns everybody shows at /health/ready.
func TestTroublesOfPostgreSQLAreUnavailable(t *testing.T) {
	t.Parallel()
	const ready, readOnly = `{"status":"ready"}`, `{"status":"ready","writes":false}`
	for _, c := range []struct {
		sqlstate string
		status   int
		health   string
	}{
		{"57014", http.StatusOK, ready}, {"55P03", http.StatusOK, ready}, {"53000", http.StatusOK, ready}, {"53200", http.StatusOK, ready},
		{"53300", http.StatusOK, ready}, {"53400", http.StatusOK, ready}, {"53100", http.StatusOK, readOnly},
		{"58000", http.StatusServiceUnavailable, ""}, {"58030", http.StatusServiceUnavailable, ""}, {"58P01", http.StatusServiceUnavailable, ""},
		{"XX000", http.StatusServiceUnavailable, ""}, {"XX001", http.StatusServiceUnavailable, ""}, {"XX002", http.StatusServiceUnavailable, ""},
	} {
		t.Run(c.sqlstate, func(t *testing.T) {
			t.Parallel()
			h := quickHub(t)
			h.WatchHealth()
			h.DB.Exec(fmt.Sprintf(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
				$$BEGIN RAISE EXCEPTION 'secret of the row' USING ERRCODE = '%s'; END$$;
				CREATE TRIGGER fail BEFORE INSERT OR UPDATE OR DELETE ON institutions FOR EACH ROW EXECUTE FUNCTION fail()`, c.sqlstate))
			for _, a := range []testhub.Answer{
				h.Do(root, "POST", "/institutions/NEW", `{"id":"NEW"}`), h.Do(root, "PATCH", "/institutions/INST1", `{"a":1}`),
				h.Do(root, "DELETE", "/institutions/INST1", ""),
			} {
				if a.Want(t, http.StatusServiceUnavailable); a.Header.Get("Retry-After") == "" {
					t.Errorf("%s: no Retry-After", a.Request.Method)
				}
			}
			health := h.Do(nobody, "GET", "/health/ready", "").Want(t, c.status)
			if c.health != "" && health.Text != c.health {
				t.Errorf("/health/ready is %s", health.Text)
			}
			h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
		})
	}
}

// The real ones, as far as they can be had.
func TestAStatementThatPostgreSQLEndsIsUnavailable(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	release := h.DB.Hold(`SELECT FROM institutions WHERE id = 'INST1' FOR UPDATE`)
	defer release("ROLLBACK")
	for _, c := range []struct {
		name, parameter, want string
		lockTimeout           time.Duration
	}{
		{"a lock", "", "Somebody else changes the same records", 10 * time.Millisecond},
		{"a statement", "&statement_timeout=500ms", "The database cannot be reached", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			limited, err := store.Open(t.Context(), store.Options{
				URL: h.DB.URL + c.parameter, MaxConns: 8, MaxRecord: testdb.MaxRecord, MaxElements: testdb.MaxElements, LockTimeout: c.lockTimeout,
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(limited.Close)

			served := serve(t, h.DB, "../../etc/roles.cfg", testhub.Cheap, func(o *testhub.Options) { o.Store = limited })
			a := served.Do(root, "PATCH", "/institutions/INST1", `{"a":1}`).Want(t, http.StatusServiceUnavailable)
			if a.Header.Get("Retry-After") == "" || !strings.Contains(a.Text, c.want) {
				t.Errorf("Retry-After %q, and %s, want %s", a.Header.Get("Retry-After"), a.Text, c.want)
			}
		})
	}
}

func TestAClientThatLeavesIsNoErrorOfOurs(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	release := h.DB.Hold(`SELECT FROM people WHERE id = '` + ana[0] + `' FOR UPDATE`)
	ctx, leave := context.WithCancel(t.Context())
	r := h.Request(ana, "PATCH", "/people/"+ana[0], `{"name":"Ana"}`).WithContext(ctx)
	ended := make(chan error)
	go func() {
		_, err := testhub.Try(r)
		ended <- err
	}()
	h.DB.AwaitWaiting(1)
	leave()
	if err := <-ended; err == nil {
		t.Error("there was a reply")
	}
	for _, line := range h.Entries("request", "") {
		if line["level"] != "INFO" {
			t.Errorf("a line of the log: %v", line)
		}
	}
	release("ROLLBACK")
}
