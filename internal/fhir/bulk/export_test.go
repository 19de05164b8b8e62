// SPDX-License-Identifier: GPL-3.0-or-later

package bulk_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/bulk"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var madrid = time.FixedZone("Europe/Madrid", 3600)

// plant adds records of each kind, odd ones among them.
func plant(db *testdb.DB) {
	db.Exec(`INSERT INTO people (id, data) SELECT id, jsonb_build_object('id', id, 'name', 'Ana', 'password', 'secret', 'dob', '1990-10-04')
		FROM unnest('{XA,A_B,XC}'::text[]) AS id`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES
		('p1', 'XA', '{"page_date": "2024-06-01T08:41:00", "page_type": "medical", "medical_context": "encounter", "health_condition_code": "I10", "measurements": [{"hr": 61, "bp": {"systolic": 120, "diastolic": 80}}]}'),
		('p2', 'XA', '{"page_date": "2024-06-02", "page_type": "medical", "medical_context": "immunization", "summary": "Tetanus"}'),
		('p3', 'A_B', '{"page_date": "2024-06-03", "procedure_text": "X-ray", "summary": "line\u2028\nseparator"}'),
		(repeat('long', 20), 'A_B', '{}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('d 1', 'XA', 'p1', 'bytes', '{"type": "scan"}'), ('d2', 'A_B', 'p3', NULL, '{}')`)
	db.Exec(`INSERT INTO institutions (id, data) VALUES ('I_1', '{"name": "Hospital"}')`)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('U_1', '{"desc": "House"}')`)
	db.Exec(`SELECT thalamus_link('XA', 'A_B', true, NULL, NULL, NULL), thalamus_link('XA', 'XC', false, NULL, NULL, NULL)`)
}

// exported reads the resources of an export again, by their types, in order.
func exported(t *testing.T, dir string) map[string][]string {
	t.Helper()
	var manifest struct {
		TransactionTime time.Time
		Output          []struct {
			Type, URL string
			Count     int
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &manifest); err != nil || time.Since(manifest.TransactionTime).Abs() > time.Hour {
		t.Errorf("%v: %s", err, text)
	}

	found := map[string][]string{}
	for _, part := range manifest.Output {
		text, err := os.ReadFile(filepath.Join(dir, part.URL))
		if err != nil {
			t.Fatal(err)
		}
		resources := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if len(resources) != part.Count {
			t.Errorf("%s has %d lines, and not %d", part.URL, len(resources), part.Count)
		}
		for _, one := range resources {
			if !strings.HasPrefix(one, `{"resourceType":"`+part.Type+`",`) {
				t.Errorf("%s has %.60s", part.URL, one)
			}
		}
		found[part.Type] = slices.Sorted(slices.Values(resources))
	}
	return found
}

// served are the resources that a hub gives one who may read all, by their types, in order.
func served(h *testhub.Hub) map[string][]string {
	h.T.Helper()
	paths := []string{"/fhir/Organization?_count=1000", "/fhir/Location?_count=1000"}
	for _, row := range h.DB.Rows(`SELECT id FROM people WHERE jsonb_typeof(data) = 'object'`) {
		id, _ := row[0].(string)
		paths = append(paths, "/fhir/Patient/"+url.PathEscape(resource.ID(id))+"/$everything")
	}

	found := map[string][]string{}
	for _, path := range paths {
		var bundle struct {
			Entry []struct{ Resource json.RawMessage }
		}
		text := strings.ReplaceAll(h.Do(testhub.Root, http.MethodGet, path, "").Want(h.T, http.StatusOK).Text, h.URL+"/personal_docs", "/personal_docs")
		if err := json.Unmarshal([]byte(text), &bundle); err != nil {
			h.T.Fatal(err)
		}
		for _, entry := range bundle.Entry {
			var one struct{ ResourceType string }
			if err := json.Unmarshal(entry.Resource, &one); err != nil {
				h.T.Fatal(err)
			}
			found[one.ResourceType] = append(found[one.ResourceType], string(entry.Resource))
		}
	}
	for _, all := range found {
		slices.Sort(all)
	}
	return found
}

func TestAnExportHasWhatTheHubGives(t *testing.T) {
	t.Parallel()
	h := testhub.QuickWith(t, "../../../etc/roles.cfg", func(o *testhub.Options) { o.Zone = madrid })
	plant(h.DB)
	dir := filepath.Join(t.TempDir(), "all")
	ex := &bulk.Export{DB: h.DB.DB, Zone: madrid}
	if err := ex.Run(t.Context(), dir); err != nil {
		t.Fatal(err)
	}

	got := exported(t, dir)
	if diff := cmp.Diff(served(h), got); diff != "" {
		t.Errorf("(-hub +export)\n%s", diff)
	}
	if len(got) != 8 {
		t.Errorf("there are %d types, want 8", len(got))
	}
	var records int
	for _, count := range ex.Written {
		records += count
	}
	if ex.Written[fed.Page] < 4 || ex.Records.Load() != int64(records) {
		t.Errorf("it tells of %v, %d in all", ex.Written, ex.Records.Load())
	}
}

// Rows that are no JSON object or belong to nobody are counted, and left out.
func TestAnExportLeavesOutWhatIsNoRecord(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('NULL', NULL), ('LIST', '[]'), ('XA', '{}');
		INSERT INTO pols (id, book, data) VALUES ('nobodys', NULL, '{}'), ('p1', 'XA', '{}');
		INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('of no page', 'XA', NULL, '{}'), ('nobodys', NULL, 'p1', '{}')`)
	dir := filepath.Join(t.TempDir(), "all")
	ex := &bulk.Export{DB: db.DB, Zone: time.UTC}
	if err := ex.Run(t.Context(), dir); err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(map[fed.Resource]int{fed.Person: 2, fed.Page: 1, fed.Document: 2}, ex.Left); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := exported(t, dir); len(got["Patient"]) != 1 || len(got["Observation"]) != 1 || len(got) != 2 {
		t.Errorf("it has %v", got)
	}
}

func TestTheAttachmentsOfAnExportAreBehindThePathOfTheHub(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	plant(db)
	dir := filepath.Join(t.TempDir(), "all")
	if err := (&bulk.Export{DB: db.DB, Zone: time.UTC, BasePath: "/hub/"}).Run(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if got := exported(t, dir)["DocumentReference"][0]; !strings.Contains(got, `"url":"/hub/personal_docs/XA/p1/d%201"`) {
		t.Error(got)
	}
}

// exportHeld exports while a table is locked, and gives how that ends.
func exportHeld(t *testing.T, db *testdb.DB, table string, ex *bulk.Export, name string) (release func() error) {
	t.Helper()
	end := db.Hold(`LOCK TABLE ` + table)
	ended := make(chan error, 1)
	go func() { ended <- ex.Run(t.Context(), name) }()
	db.AwaitWaiting(1)
	return func() error {
		end("ROLLBACK")
		return <-ended
	}
}

// A person who comes meanwhile is in none of the files.
func TestAnExportIsOfOneMoment(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	plant(db)
	name := filepath.Join(t.TempDir(), "all")
	release := exportHeld(t, db, "dus", &bulk.Export{DB: db.DB, Zone: time.UTC}, name)
	db.Exec(`INSERT INTO people (id, data) VALUES ('XLATE', '{}')`)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if got := exported(t, name)["Patient"]; len(got) != 3 {
		t.Errorf("there are %d persons, want 3: %s", len(got), got)
	}
}

// Nothing of what was written before is there twice.
func TestAnExportBeginsAgainWhenItsConnectionIsLost(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	plant(db)
	name := filepath.Join(t.TempDir(), "all")
	ex := &bulk.Export{DB: db.DB, Zone: time.UTC}
	release := exportHeld(t, db, "pols", ex, name)
	db.Text(`SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	db.AwaitWaiting(1)
	if err := release(); err != nil || ex.Records.Load() != 11 {
		t.Errorf("%d records, %v", ex.Records.Load(), err)
	}
	if got := exported(t, name)["Patient"]; len(got) != 3 {
		t.Errorf("there are %d persons, want 3", len(got))
	}
}
