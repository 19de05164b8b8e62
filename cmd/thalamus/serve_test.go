// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/testdb"
)

const (
	anaURL   = "/people/ESPGNU777ORG"
	other    = "FRAOTH001EUS" // has a hash of cost 4
	otherPwd = "otherpass1"
)

func TestADatabaseOfThePythonServerIsTakenOverInPlace(t *testing.T) {
	t.Parallel()
	s := pythonSite(t)
	p := start(t, s.environ, "serve")
	p.await("run: thalamus migrate", 1)
	if code, _ := ask(t, "GET", "http://"+p.address+"/health/ready", "", "", ""); code != 503 {
		t.Errorf("ready before migrating: %d", code)
	}
	if status, out := here(t, "", s.environ, "migrate", "--check"); status != 1 {
		t.Errorf("migrate --check before: status %d: %s", status, out)
	}
	for range 2 {
		if status, out := here(t, "", s.environ, "migrate"); status != 0 {
			t.Fatalf("migrate: status %d: %s", status, out)
		}
	}
	if status, out := here(t, "", s.environ, "migrate", "--check"); status != 0 {
		t.Errorf("migrate --check after: status %d: %s", status, out)
	}
	p.await("msg=serving", 1)
	code, body := ask(t, "GET", "http://"+p.address+"/people/"+other, other, otherPwd, "")
	if code != 200 || !strings.Contains(body, "Enduser") {
		t.Errorf("after the take-over: %d %s", code, body)
	}
}

func TestServeTellsWhichRightsItLacks(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	db := testdb.At(t, s.url)
	environ := append(s.environ, "THALAMUS_DATABASE_URL="+db.As("served"))
	db.Exec(`GRANT SELECT, INSERT, UPDATE, DELETE ON people, pols, personal_docs, dus, thalamus_session, thalamus_visit, thalamus_reset, thalamus_duplicates, thalamus_followers, thalamus_statistics, thalamus_statistics_state TO served;
		GRANT SELECT ON ALL TABLES IN SCHEMA public TO served; GRANT EXECUTE ON FUNCTION thalamus_link TO served`)
	p := start(t, environ, "serve")
	p.await(`lacks rights, as after an upgrade: DELETE on institutions, INSERT on institutions, UPDATE on institutions, EXECUTE on thalamus_access_copy, `+
		`INSERT on thalamus_consents, UPDATE on thalamus_consents, INSERT on thalamus_emergencies, UPDATE on thalamus_emergencies, EXECUTE on thalamus_unlink.`, 1)
}

func TestServeTellsWhatAnOldRolesFileGrantsNobody(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p := start(t, append(s.environ, "THALAMUS_ACCESS_ROLES=../../internal/access/testdata/roles.original.cfg"), "serve")
	p.await(`matches (GET to health_professional, root)`, 1)
	p.signal(syscall.SIGHUP)
	p.await("changes (GET to end_user, health_professional, root)", 2)
	for line := range strings.Lines(p.logged()) {
		if strings.Contains(line, "granted to nobody") && (!strings.Contains(line, "level=WARN") || !strings.Contains(line, "roles.original.cfg")) {
			t.Errorf("the line is %s", line)
		}
	}
}

func TestServeTellsNothingOfTheShippedRolesFile(t *testing.T) {
	t.Parallel()
	p := start(t, migratedSite(t).environ, "serve")
	if log := p.logged(); strings.Contains(log, "roles file") {
		t.Errorf("the log says %s", log)
	}
}

func TestServeRefusesToSendPasswordsInTheClear(t *testing.T) {
	t.Parallel()
	s := pythonSite(t)
	environ := append(s.environ, "THALAMUS_SERVER_LISTEN=0.0.0.0:0")
	if status, out := here(t, "", environ, "serve"); status != 1 || !strings.Contains(out, "in the clear") {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestADatabaseThatIsDownAtTheStartOfACommandIsOneLine(t *testing.T) {
	t.Parallel()
	environ := append(pythonSite(t).environ, "THALAMUS_DATABASE_URL=postgres://thalamus:hunter2@127.0.0.1:1/federation")
	for _, command := range [][]string{{"migrate"}, {"export", "--out", "x"}, {"import", "-"}, {"account", "password", other}} {
		status, out := here(t, "", environ, command...)
		if status != 1 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "reach the database") || strings.Contains(out, "hunter2") {
			t.Errorf("%s: status %d: %s", command, status, out)
		}
	}
}

func TestSIGTERMLetsRunningRequestsFinish(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p := start(t, s.environ, "serve")
	release := holdRow(t, s.url, other)
	type reply struct {
		status int
		err    error
	}
	replied := make(chan reply)
	go func() {
		status, _, err := try(t, "PATCH", "http://"+p.address+"/people/"+other, other, otherPwd, `{"name":"late"}`)
		replied <- reply{status, err}
	}()
	waitFor(t, s.url, `SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`)
	p.signal(syscall.SIGTERM)
	testdb.Await(t, "it takes no new connections", func() bool { return !connects(t, p.address) })
	release()
	if r := <-replied; r.err != nil || r.status != 200 {
		t.Errorf("the running request got %d, %v", r.status, r.err)
	}
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d: %s", status, p.logged())
	}
}

func TestReadersOfALockedTableAreToldToComeAgain(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p := start(t, s.environ, "serve")
	end := testdb.At(t, s.url).Hold(`LOCK TABLE institutions IN ACCESS EXCLUSIVE MODE`)
	if status, body := ask(t, "GET", "http://"+p.address+"/institutions", other, otherPwd, ""); status != 503 {
		t.Errorf("status %d: %s", status, body)
	}
	end("COMMIT")
}

func TestSIGHUPReadsTheRolesAgainUnlessTheyAreWrong(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	roles := filepath.Join(t.TempDir(), "roles.cfg")
	p := startWithRoles(t, s, roles, `[{"role":"end_user","permissions":{"GET":["login"]}}]`)
	login := "http://" + p.address + "/login"
	for _, c := range []struct {
		roles, logged string
		want          int
	}{
		{`[{"role":"end_user","permissions":{"GET":[]}}]`, "reloaded", 403},
		{`[{"role":"end_user","permissions":{"GET":"login"}}]`, "must be an array", 403},
		{"[{\"role\":\"end_user\",\"permissions\":{\"GET\":[\"login\"]}},\n{\"role\":\"m\xe9decin\",\"permissions\":{}}]", "line 2: not UTF-8", 403},
		{`[{"role":"end_user","permissions":{"GET":["login","page"]}}]`, "reloaded", 200},
	} {
		t.Run(c.roles, func(t *testing.T) {
			before := strings.Count(p.logged(), c.logged)
			if err := os.WriteFile(roles, []byte(c.roles), 0o600); err != nil {
				t.Fatal(err)
			}
			p.signal(syscall.SIGHUP)
			p.await(c.logged, before+1)
			if code, _ := ask(t, "GET", login, other, otherPwd, ""); code != c.want {
				t.Errorf("with %s: %d, want %d", c.roles, code, c.want)
			}
		})
	}
}

func TestAWrongRolesFileStopsTheStartAndAnOddNameIsTold(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	latin1 := writeFile(t, "[\n{\"role\":\"m\xe9decin\",\"permissions\":{\"GET\":[\"login\"]}}]")
	code, out := here(t, "", append(s.environ, "THALAMUS_ACCESS_ROLES="+latin1), "serve")
	if code != 1 || !strings.Contains(out, latin1+": line 2: not UTF-8") {
		t.Errorf("status %d: %s", code, out)
	}
	roles := filepath.Join(t.TempDir(), "roles.cfg")
	p := startWithRoles(t, s, roles, "\uFEFF[{\"role\":\"end_user\",\"permissions\":{\"GET\":[\"login\"]}},\n{\"role\":\"nurse \",\"permissions\":{}}]")
	if p.address == "" || !strings.Contains(p.logged(), "looks like another name") || !strings.Contains(p.logged(), "line 2: ") {
		t.Error(p.logged())
	}
}

func connects(t *testing.T, address string) bool {
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

func startWithRoles(t *testing.T, s site, file, roles string) *program {
	t.Helper()
	if err := os.WriteFile(file, []byte(roles), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, append(s.environ, "THALAMUS_ACCESS_ROLES="+file), "serve")
}

// holdRow locks a person's row until release is called.
func holdRow(t *testing.T, url, id string) (release func()) {
	t.Helper()
	conn := testdb.Connect(t, url)
	tx, err := conn.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), `SELECT FROM people WHERE id = $1 FOR UPDATE`, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = conn.Close(t.Context()) }
}

// waitFor asks again and again until the query says true.
func waitFor(t *testing.T, url, query string) {
	t.Helper()
	conn := testdb.Connect(t, url)
	testdb.Await(t, query, func() (done bool) {
		if err := conn.QueryRow(t.Context(), query).Scan(&done); err != nil {
			t.Fatal(err)
		}
		return done
	})
}
