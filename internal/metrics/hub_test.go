// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"thalamus/internal/audit"
	"thalamus/internal/auth"
	"thalamus/internal/gate"
	"thalamus/internal/metrics"
	"thalamus/internal/server"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
	"thalamus/internal/tlscert"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// The accounts of the fixture, with their passwords.
var ana, cameron, root, nobody = testhub.Ana, testhub.Cameron, testhub.Root, testhub.Nobody

// hub is a whole server, and what it shows.
type hub struct {
	*testhub.Hub
	parts metrics.Parts
	shown *metrics.Metrics
	dir   string // of the access record
}

// quickHub has an access record, a certificate, one worker for logins, and a throttle.
func quickHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return serve(t, testhub.QuickFixture.New(t), change...)
}

func serve(t testing.TB, db *testdb.DB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hub")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p := metrics.Parts{
		Version: "1.2.3", Requests: metrics.NewRequests(), Stage: server.NewStage(), Sessions: testhub.SessionLimits,
		Record: openRecord(t, dir), Certs: certificate(t, dir),
	}

	h := &hub{dir: dir, Hub: testhub.Serve(t, db, "../../etc/roles.cfg", append(change, testhub.Cheap, func(o *testhub.Options) {
		o.Verifier = verifier(t, o)
		o.Observe, o.Record = p.Requests.Observe, p.Record
		p.Verifier, p.Log = o.Verifier, o.Log
	})...)}
	h.WatchHealth()
	p.Gate, p.Feed, p.DB, p.Inbox = h.Gate, h.Feed, h.DB.DB, h.Inbox
	p.Index = audit.NewIndex(p.Record, p.DB, p.Log)

	h.parts, h.shown = p, metrics.New(p)
	return h
}

func verifier(t testing.TB, o *testhub.Options) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(auth.Options{
		Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: 4, Remember: time.Minute, Workers: 1, Throttle: true, Pause: gate.Pause,
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func openRecord(t testing.TB, dir string) *audit.File {
	t.Helper()
	record, err := audit.Open(filepath.Join(dir, "access.jsonl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = record.Close() })
	return record
}

func certificate(t testing.TB, dir string) *tlscert.Files {
	t.Helper()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := tlscert.WriteSelfSigned(cert, key, []string{"hub"}, 30*24*time.Hour); err != nil {
		t.Fatal(err)
	}

	files, err := tlscert.Load(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// start takes samples of the database until the test ends.
func (h *hub) start() *hub {
	h.T.Cleanup(h.shown.Start(h.T.Context()).Stop)
	return h
}

// scrape gives all values, by names with labels.
func (h *hub) scrape() map[string]float64 {
	h.T.Helper()
	reply := httptest.NewRecorder()
	h.shown.ServeHTTP(reply, httptest.NewRequestWithContext(h.T.Context(), http.MethodGet, "/metrics", http.NoBody))
	if reply.Code != http.StatusOK {
		h.T.Fatalf("status %d: %s", reply.Code, reply.Body)
	}

	all := map[string]float64{}
	for line := range strings.Lines(reply.Body.String()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndexByte(line, ' ')
		value, err := strconv.ParseFloat(strings.TrimSpace(line[at+1:]), 64)
		if err != nil {
			h.T.Fatalf("%q: %v", line, err)
		}
		all[line[:at]] = value
	}
	return all
}

// want fails the test unless metrics come to have these values, soon: a request is counted after its reply.
func (h *hub) want(values map[string]float64) {
	h.T.Helper()
	for name, want := range values {
		h.await(name, func(got float64) bool { return got == want })
	}
}

// await returns when a metric is like that.
func (h *hub) await(name string, holds func(value float64) bool) {
	h.T.Helper()
	testdb.Await(h.T, name+" as it should be", func() bool {
		value, ok := h.scrape()[name]
		return ok && holds(value)
	})
}

func positive(value float64) bool { return value > 0 }
