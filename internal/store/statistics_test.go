// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/task"
	"thalamus/internal/testdb"
)

// counted is a database with some persons and pages that were counted. Of each kind of page there
// are ten, so that they are told.
func counted(t *testing.T, fill string) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO institutions VALUES ('LAB', '{"name": "Laboratory of the Canaries"}')`)
	db.Exec(fill)
	must(t, db.CountStatistics(t.Context()))
	return db
}

// ten inserts pages with such data, one for each of ten persons.
func ten(data string) string {
	return fmt.Sprintf(`INSERT INTO people SELECT 'P' || n FROM generate_series(1, 10) AS n ON CONFLICT DO NOTHING;
		INSERT INTO pols (id, book, data) SELECT gen_random_uuid()::text, 'P' || n, '%s' FROM generate_series(1, 10) AS n;`, data)
}

// listCounts writes counts as "institution month kind count", with "-" for what they do not tell.
func listCounts(s store.Statistics) string {
	var all []string
	for _, c := range s.Counts {
		month, count := "-", "few"
		if c.Month != nil {
			month = c.Month.Format("2006-01")
		}
		if c.Count != nil {
			count = fmt.Sprint(*c.Count)
		}
		all = append(all, strings.Join([]string{orDash(c.Institution), month, orDash(c.Kind), count}, " "))
	}
	return strings.Join(all, "; ")
}

func orDash(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}

func TestPagesAreCountedByInstitutionMonthAndKind(t *testing.T) {
	t.Parallel()
	fill := ten(`{"page_date": "2026-05-31 23:59", "domain": "medical", "context": "birth", "node": "LAB"}`) +
		ten(`{"page_date": "2026-06-01", "page_type": "medical", "medical_context": "encounter", "creation_info": {"node": "Laboratory of the Canaries"}, "node": "LAB"}`) +
		ten(`{"page_date": "once", "page_type": "social", "node": "mygnuhealth"}`) +
		ten(`{"page_date": "9999-01-01", "domain": "my secret", "node": "Ana Betz"}`) +
		ten(`{"page_date": "1776-07-04", "context": 7}`)
	db := counted(t, fill)
	for _, c := range []struct {
		name string
		q    store.StatisticsQuery
		want string
	}{
		{"all in one", store.StatisticsQuery{}, "- - - 50"},
		{"by institution", store.StatisticsQuery{By: []string{"institution"}}, " - - 20; LAB - - 10; Laboratory of the Canaries - - 10; mygnuhealth - - 10"},
		{"by month", store.StatisticsQuery{By: []string{"month"}}, "- 2026-05 - 10; - 2026-06 - 10; - - - 30"},
		{"by kind", store.StatisticsQuery{By: []string{"kind"}}, "- - birth 10; - - encounter 10; - - other 20; - - social 10"},
		{"by two", store.StatisticsQuery{By: []string{"kind", "month"}, Kind: "birth"}, "- 2026-05 birth 10"},
		{"of an institution", store.StatisticsQuery{By: []string{"kind"}, Institution: "LAB"}, "- - birth 10"},
		{"until a month", store.StatisticsQuery{By: []string{"kind"}, To: month(5)}, "- - birth 10"},
		{"from a month", store.StatisticsQuery{By: []string{"kind"}, From: month(6)}, "- - encounter 10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.q.Subject = "page"
			got, err := db.Statistics(t.Context(), c.q)
			wantText(t, listCounts(got), err, c.want)
		})
	}
}

func month(n time.Month) *time.Time { return new(time.Date(2026, n, 1, 0, 0, 0, 0, time.UTC)) }

// Persons count in the month when they were registered: as their node says, else when the hub heard.
func TestPersonsAreCountedByWhetherTheyCanLogIn(t *testing.T) {
	t.Parallel()
	const hash = `$2b$04$abcdefghijklmnopqrstuuGPj1a7ILy4RDxDMY0uGKjnQMbGRDGSS`
	persons := func(prefix, data string) string {
		return fmt.Sprintf(`INSERT INTO people (id, data) SELECT '%s' || n, '%s' FROM generate_series(1, 10) AS n;`, prefix, data)
	}
	db := counted(t, persons("A", `{"password": "`+hash+`", "creation_info": {"node": "LAB", "timestamp": "2025-12-31 10:00:00.5"}}`)+
		persons("B", `{"password": "`+hash+`", "active": false}`)+persons("C", `{"name": "nobody"}`)+
		`UPDATE people SET data = data || '{"n": 1}'`)
	got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "person", By: store.Dimensions})
	now := time.Now().UTC().Format("2006-01")
	wantText(t, listCounts(got), err, " "+now+" closed 10;  "+now+" no_account 10; LAB 2025-12 active 10")
}

// Nobody is to be found in a count.
func TestFewAreNotToldAndManyAreRounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		records int
		want    string
	}{{1, "- - - few"}, {7, "- - - few"}, {8, "- - - 10"}, {12, "- - - 10"}, {13, "- - - 15"}, {997, "- - - 995"}} {
		t.Run(fmt.Sprint(c.records), func(t *testing.T) {
			db := counted(t, fmt.Sprintf(`INSERT INTO people (id, data) SELECT 'A' || n, '{}' FROM generate_series(1, %d) AS n`, c.records))
			got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "person"})
			wantText(t, listCounts(got), err, c.want)
		})
	}
}

// Many pages of few persons tell of these.
func TestPagesOfFewPersonsAreNotTold(t *testing.T) {
	t.Parallel()
	db := counted(t, ten(`{"domain": "social"}`)+`INSERT INTO pols (id, book, data)
		SELECT n::text, 'P' || n % 7, '{"domain": "medical"}' FROM generate_series(7, 69) AS n WHERE n % 7 > 0`)
	got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page", By: []string{"kind"}})
	wantText(t, listCounts(got), err, "- - medical few; - - social 10")
}

// A hub without records has counted, too.
func TestNothingIsToldBeforeTheFirstCount(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	_, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page"})
	var problem *fed.Error
	if !errors.As(err, &problem) || problem.Kind != fed.Unavailable {
		t.Errorf("got %v", err)
	}
	must(t, db.CountStatistics(t.Context()))
	got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page"})
	wantText(t, listCounts(got), err, "")
}

// A count waits fifty times as long as the last one took, for a change, and for no other server.
func TestItIsCountedWhenItIsTime(t *testing.T) {
	t.Parallel()
	db := counted(t, ten(`{}`))
	for _, step := range []struct{ name, before, want string }{
		{"a moment ago", ten(`{}`), "- - - 10"},
		{"long ago", `UPDATE thalamus_statistics_state SET counted = counted - interval '2 minutes'`, "- - - 20"},
		{"long ago and nothing new", `UPDATE thalamus_statistics_state SET counted = counted - interval '2 minutes'; DELETE FROM thalamus_statistics`, ""},
		{"that took long", ten(`{}`) + `UPDATE thalamus_statistics_state SET took = '1 minute'`, ""},
		{"longer ago", `UPDATE thalamus_statistics_state SET counted = counted - interval '1 hour'`, "- - - 30"},
	} {
		t.Run(step.name, func(t *testing.T) {
			db.Exec(step.before)
			must(t, db.CountStatistics(t.Context()))
			got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page"})
			wantText(t, listCounts(got), err, step.want)
		})
	}

	db.Exec(ten(`{}`) + `UPDATE thalamus_statistics_state SET counted = counted - interval '1 hour'`)
	end := db.Hold(`SELECT pg_advisory_xact_lock(x'7468616c'::int, 5)`) // as another server that counts
	must(t, db.CountStatistics(t.Context()))
	got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page"})
	wantText(t, listCounts(got), err, "- - - 30")
	end("ROLLBACK")
}

// On a standby all would be read in vain.
func TestADatabaseThatCanOnlyBeReadIsNotCounted(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // what is not writable is tried again
	defer cancel()
	must(t, testdb.At(t, db.URL).CountStatistics(ctx))
}

func TestTooManyCountsAreRefused(t *testing.T) {
	t.Parallel()
	db := counted(t, `INSERT INTO thalamus_statistics SELECT 'page', n::text, NULL, 'birth', 10, 10 FROM generate_series(1, 10001) AS n;
		INSERT INTO thalamus_statistics_state VALUES (true, now()) ON CONFLICT (one) DO UPDATE SET counted = now()`)
	_, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page", By: []string{"institution"}})
	var problem *fed.Error
	if !errors.As(err, &problem) || problem.Kind != fed.Invalid {
		t.Errorf("got %v", err)
	}
	got, err := db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page", By: []string{"kind"}})
	wantText(t, listCounts(got), err, "- - birth 100010")
}

func TestStatisticsAreKeptUntilTheServerEnds(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(ten(`{}`))
	counting := task.Start(t.Context(), func(ctx context.Context) { db.KeepStatistics(ctx, func(err error) { t.Error(err) }) })
	defer counting.Stop()
	eventually(t, db, "1", `SELECT count(*)::text FROM thalamus_statistics WHERE subject = 'page'`)
}
