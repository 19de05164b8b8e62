// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/api"
	"thalamus/internal/auth"
	"thalamus/internal/record"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// hub is a whole server with a database of its own.
type hub struct {
	*httptest.Server
	t   testing.TB
	db  *testdb.DB
	api *api.Server
	log *logbook
}

// logbook collects the log.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// The accounts of the fixture, with their passwords.
var (
	ana       = []string{"ESPGNU777ORG", "gnusolidario"} // end_user
	other     = []string{"FRAOTH001EUS", "otherpass1"}   // end_user
	cameron   = []string{"ITAPYT999HON", "gnusolidario"} // health_professional
	root      = []string{"ARGBUE111FAV", "freedom"}      // root
	nobody    = []string(nil)
	birthPage = "119b352e-8e4f-4847-9f05-53462cf94f10"
)

const defaultCost = 12

// newHub starts a server with the fixture's records and the shipped roles.
func newHub(t testing.TB, change ...func(*api.Options)) *hub {
	t.Helper()
	return hubWith(t, "../../etc/roles.cfg", change...)
}

func hubWith(t testing.TB, roles string, change ...func(*api.Options)) *hub {
	t.Helper()
	return serve(t, fixture.New(t), roles, change...)
}

// fixture is the database that most tests begin with.
var fixture = testdb.Filled{Name: "fixture", Fill: loadFixture}

// serve starts a server on a database.
func serve(t testing.TB, db *testdb.DB, roles string, change ...func(*api.Options)) *hub {
	t.Helper()
	policy, _, err := access.Load(roles)
	if err != nil {
		t.Fatal(err)
	}
	options := api.Options{
		Store: db.DB, Policy: policy, Passwords: record.Passwords{Cost: defaultCost, MinLength: 8},
		MaxBody: 8 << 20, MaxElements: testdb.MaxElements, MaxDocument: 32 << 20, Memory: 256 << 20, MaxGrowth: 256 << 20,
		CORSOrigins: []string{"*"}, Version: "test",
	}
	h := &hub{t: t, db: db, log: &logbook{}}
	options.Log = slog.New(slog.NewTextHandler(h.log, nil))
	for _, c := range change {
		c(&options)
	}
	if options.Verifier == nil {
		options.Verifier, err = auth.NewVerifier(auth.Options{
			Accounts: auth.NewAccounts(options.Store.Credentials), Cost: options.Passwords.Cost,
			Remember: 10 * time.Minute, Workers: 2,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	h.api = api.New(options)
	h.Server = httptest.NewUnstartedServer(h.api)
	h.Config.ErrorLog = slog.NewLogLogger(options.Log.Handler(), slog.LevelError)
	h.Start()
	t.Cleanup(h.Close)
	return h
}

// cheap makes hashing and its decoys fast where cost is not what is tested.
func cheap(o *api.Options) { o.Passwords.Cost = 4 }

// quickHub is a hub whose accounts log in at next to no cost.
func quickHub(t testing.TB, change ...func(*api.Options)) *hub {
	t.Helper()
	return quickHubWith(t, "../../etc/roles.cfg", change...)
}

func quickHubWith(t testing.TB, roles string, change ...func(*api.Options)) *hub {
	t.Helper()
	return serve(t, quickFixture.New(t), roles, append(change, cheap)...)
}

// quickFixture is the fixture with cheap hashes of the same passwords.
var quickFixture = testdb.Filled{Name: "quick_fixture", Fill: func(db *testdb.DB) {
	loadFixture(db)
	for _, account := range [][]string{ana, cameron, root} {
		hash, err := auth.Hash(account[1], 4)
		if err != nil {
			panic(err)
		}
		db.Exec(`UPDATE people SET data = data || jsonb_build_object('password', $2::text) WHERE id = $1`, account[0], hash)
	}
}}

// enrol adds somebody with these roles and gives the credentials.
func (h *hub) enrol(id string, roles ...string) (account []string) {
	h.t.Helper()
	const password = "enrolled with"
	h.db.Exec(`INSERT INTO people VALUES ($1::text, jsonb_build_object('id', $1::text, 'roles', $2::text[], 'password', $3::text))`,
		id, roles, quickHash(h.t, password))
	return []string{id, password}
}

func quickHash(t testing.TB, password string) string {
	t.Helper()
	hash, err := auth.Hash(password, 4)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func loadFixture(db *testdb.DB) {
	text, err := os.ReadFile("testdata/fixture.json")
	if err != nil {
		panic(err)
	}
	for _, load := range []string{
		`INSERT INTO people (id, data) SELECT id, NULLIF(data, 'null')
			FROM jsonb_to_recordset($1::jsonb -> 'people') AS x (id text, data jsonb)`,
		`INSERT INTO pols (id, book, data) SELECT id, book, data
			FROM jsonb_to_recordset($1::jsonb -> 'pols') AS x (id text, book text, data jsonb)`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT id, fedacct, pol, decode(document_b64, 'base64'), data
			FROM jsonb_to_recordset($1::jsonb -> 'personal_docs') AS x (id text, fedacct text, pol text, document_b64 text, data jsonb)`,
		`INSERT INTO dus (id, data) SELECT id, data FROM jsonb_to_recordset($1::jsonb -> 'dus') AS x (id text, data jsonb)`,
		`INSERT INTO institutions (id, data) SELECT id, data FROM jsonb_to_recordset($1::jsonb -> 'institutions') AS x (id text, data jsonb)`,
	} {
		db.Exec(load, string(text))
	}
}

// answer is a reply with its body read.
type answer struct {
	*http.Response
	body string
}

// request makes a request; body may be "".
func (h *hub) request(account []string, method, path, body string) *http.Request {
	h.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.URL+path, reader)
	if err != nil {
		h.t.Fatal(err)
	}
	if account != nil {
		r.SetBasicAuth(account[0], account[1])
	}
	return r
}

// do sends a request and reads the reply.
func (h *hub) do(account []string, method, path, body string) answer {
	h.t.Helper()
	return h.send(h.request(account, method, path, body))
}

// doWith is do with headers: name, value, name, value...
func (h *hub) doWith(account []string, method, path, body string, headers ...string) answer {
	h.t.Helper()
	r := h.request(account, method, path, body)
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Add(pair[0], pair[1])
	}
	return h.send(r)
}

// plainClient follows no redirect, and waits for nothing for long.
var plainClient = &http.Client{
	Timeout:       2 * time.Minute,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
}

func (h *hub) send(r *http.Request) answer {
	h.t.Helper()
	a, err := try(r)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func try(r *http.Request) (answer, error) {
	reply, err := plainClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return answer{reply, string(body)}, err
}

// want fails the test unless the reply has this status.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d: %.300s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}
