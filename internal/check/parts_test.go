// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// only makes one check of the installation and gives what it says.
func (p *planting) only(name string) Finding {
	p.t.Helper()
	for _, f := range Run(p.t.Context(), p.Site) {
		if f.Check == name {
			return f
		}
	}
	p.t.Fatalf("there is no check %q", name)
	return Finding{}
}

func TestACheckThatNeedsAFailedOneIsNotMade(t *testing.T) {
	t.Parallel()
	var made []string
	says := func(state State) func(context.Context, Site) ([]Finding, error) {
		return func(context.Context, Site) ([]Finding, error) {
			made = append(made, string(state))
			return []Finding{{State: state}}, nil
		}
	}
	found := run(t.Context(), Site{}, []check{
		{"a", nil, false, shortTimeout, says(Warning)},
		{"b", []string{"a"}, false, shortTimeout, says(Fault)},
		{"c", []string{"a", "b"}, false, shortTimeout, says(OK)},
		{"d", []string{"c"}, false, shortTimeout, says(OK)},
		{"e", nil, false, shortTimeout, says(OK)},
	})
	var states []string
	for _, f := range found {
		states = append(states, f.Check+" "+string(f.State))
	}
	if got, want := strings.Join(states, ", "), "a warning, b fault, c unknown, d unknown, e ok"; got != want || len(made) != 3 {
		t.Errorf("got %s, want %s; made %q", got, want, made)
	}
	if !strings.Contains(found[2].Says, `"b"`) || !strings.Contains(found[3].Says, `"c"`) {
		t.Errorf("they do not say why: %+v", found)
	}
}

func TestACheckThatFailsOrLastsIsUnknownAndNoneIsLostByIt(t *testing.T) {
	t.Parallel()
	fine := func(context.Context, Site) ([]Finding, error) { return passed("fine"), nil }
	found := run(t.Context(), Site{}, []check{
		{"fails", nil, false, shortTimeout, func(context.Context, Site) ([]Finding, error) { return nil, errors.New("it broke") }},
		{"lasts", nil, false, time.Millisecond, func(ctx context.Context, _ Site) ([]Finding, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}},
		{"last", nil, false, shortTimeout, fine},
		{"waiting", []string{"database"}, false, shortTimeout, fine},
	})
	if len(found) != 4 || found[0].State != Unknown || found[1].State != Unknown || found[2].State != OK || found[3].State != Unknown {
		t.Fatalf("%+v", found)
	}
	if found[0].Says != "This could not be looked at: it broke." || found[1].Says != "There was no answer within 1ms." {
		t.Errorf("%+v", found)
	}
}

func TestAFaultyConfigurationIsAllThatIsKnown(t *testing.T) {
	t.Parallel()
	found := Run(t.Context(), Site{File: "x.toml", Faults: []string{"x.toml:1: a", "x.toml:2: is it b?"}})
	if len(found) != len(table)+1 || found[0].Says != "x.toml:1: a." || found[1].Says != "x.toml:2: is it b?" || found[1].State != Fault {
		t.Fatalf("%+v", found)
	}
	for _, f := range found[2:] {
		if f.State != Unknown {
			t.Errorf("%+v", f)
		}
	}
}

func TestAFindingEndsWithOneFullStop(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"a": "a.", "a.": "a.", "a..": "a.", "a?": "a?", "a?.": "a?"} {
		t.Run(text, func(t *testing.T) {
			for _, found := range [][]Finding{warning(text, ""), fault(text, ""), findingsOf(Fault, []string{text}, "", nil)} {
				if found[0].Says != want {
					t.Errorf("got %q, want %q", found[0].Says, want)
				}
			}
		})
	}
}

func TestTheWorstIsTold(t *testing.T) {
	t.Parallel()
	order := []State{OK, Warning, Unknown, Fault}
	for i, worse := range order {
		for _, better := range order[:i+1] {
			if got := Worst([]Finding{{State: better}, {State: worse}, {State: better}}); got != worse {
				t.Errorf("of %s and %s the worst is %s", better, worse, got)
			}
		}
	}
}

// A server does not wait for what it has waited for already, nor says what it has said.
func TestAServerIsToldOnlyOfWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := newSite(t)
	p.Origins = []string{"*"} // as by default
	p.open(p.Key)
	p.person("P1", `{"active": "no"}`, "secret")
	var checks []string
	for _, f := range AtStart(t.Context(), p.Site) {
		if f.Check != "durability" {
			checks = append(checks, f.Check)
		}
	}
	if got := strings.Join(checks, " "); got != "key hashes" {
		t.Errorf("got %s", got)
	}
}

func TestTheLastAdministratorWhomASlipClosedIsOpenedByTheStatement(t *testing.T) {
	t.Parallel()
	p := newSite(t)
	p.super.Exec(`UPDATE people SET id = 'O''N', data = data || '{"active": 1}'`)
	f := p.only("administrators")
	if f.State != Fault || f.Remedy != Opening("O'N") {
		t.Fatalf("%+v", f)
	}
	p.super.Exec(f.Remedy)
	if f := p.only("administrators"); f.State != OK {
		t.Errorf("after the remedy: %+v", f)
	}
}

func TestWithoutARoleThatAdministersAccountsThereIsNoAdministrator(t *testing.T) {
	t.Parallel()
	p := newSite(t)
	p.Roles = p.file("roles.cfg", `[{"role": "nurse", "permissions": {"GET": ["person"], "global": "True"}}]`)
	if f := p.only("administrators"); f.State != Fault || f.Says != "No role administers accounts." {
		t.Errorf("%+v", f)
	}
}

func TestTheStatementsOfALackingRightGrantIt(t *testing.T) {
	t.Parallel()
	p := newSite(t)
	p.connect(strings.ReplaceAll(p.super.As(`"guest-1"`), `"`, ``))
	if f := p.only("schema"); f.State != Unknown {
		t.Fatalf("a stranger could read the ledger: %+v", f)
	}
	p.super.Exec(`GRANT SELECT ON thalamus_migrations TO "guest-1"`)
	f := p.only("grants")
	_, statements, _ := strings.Cut(f.Remedy, ": ")
	if f.State != Fault || statements == "" {
		t.Fatalf("%+v", f)
	}
	p.super.Exec(statements)
	if f := p.only("grants"); f.State != OK {
		t.Errorf("after the remedy: %+v", f)
	}
}

func TestClocksMayDifferByTheTimeOfTheQuestionAndALittle(t *testing.T) {
	t.Parallel()
	before, after := time.Unix(1000, 0), time.Unix(1010, 0)
	for told, want := range map[int64]State{994: Warning, 996: OK, 1005: OK, 1014: OK, 1016: Warning} {
		if got := clockFindings(before, time.Unix(told, 0), after); got[0].State != want {
			t.Errorf("at %d: %+v", told, got)
		}
	}
}

func TestTheArchiveIsLookedAt(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	ago := func(d time.Duration) *time.Time {
		t := now.Add(-d)
		return &t
	}
	for _, c := range []struct {
		name                    string
		on                      bool
		archived, failed, since *time.Time
		want                    State
	}{
		{"off", false, nil, ago(0), nil, OK},
		{"well", true, ago(time.Minute), nil, nil, OK},
		{"well after a failure", true, ago(time.Minute), ago(time.Hour), nil, OK},
		{"failing", true, ago(time.Hour), ago(time.Minute), nil, Fault},
		{"failing from the first on", true, nil, ago(time.Minute), ago(time.Hour), Fault},
		{"new", true, nil, nil, ago(time.Hour), OK},
		{"never", true, nil, nil, ago(25 * time.Hour), Warning},
		{"never, and nobody knows since when", true, nil, nil, nil, Warning},
		{"long ago", true, ago(25 * time.Hour), nil, ago(time.Hour), Warning},
		{"lately", true, ago(23 * time.Hour), nil, nil, OK},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := archiveFindings(store.Archive{On: c.on, Archived: c.archived, Failed: c.failed, Since: c.since, Clock: now})
			if len(got) != 1 || got[0].State != c.want {
				t.Errorf("%s: %+v", c.name, got)
			}
		})
	}
}

func TestAnArchiveThatFailsIsFound(t *testing.T) {
	t.Parallel()
	cluster, dir := durable(t)
	super := testdb.At(t, cluster.URL("postgres"))
	super.Exec(`ALTER SYSTEM SET archive_mode = on`)
	super.Exec(`ALTER SYSTEM SET archive_command = 'false'`)
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}

	p := newFiles(t)
	p.super = testdb.At(t, startIn(t, dir).URL("postgres"))
	p.connect(p.super.URL)
	p.super.Exec(`SELECT pg_switch_wal()`)
	for end := time.Now().Add(time.Minute); p.super.Text(`SELECT (failed_count > 0)::text FROM pg_stat_archiver`) != "true"; {
		if time.Now().After(end) {
			t.Fatal("nothing is archived")
		}
	}
	if f := p.only("archive"); f.State != Fault {
		t.Errorf("%+v", f)
	}
}

func TestAStandbyIsToldOf(t *testing.T) {
	t.Parallel()
	cluster, dir := durable(t)
	testdb.Exec(t, cluster.URL("postgres"), `COPY (SELECT 1) TO PROGRAM 'cat >standby.signal'`) // in its own directory
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}

	p := newFiles(t)
	p.connect(startIn(t, dir).URL("postgres"))
	for check, state := range map[string]State{"database": Warning, "pooler": OK} {
		if f := p.only(check); f.State != state || !strings.Contains(f.Says, "standby") {
			t.Errorf("%+v", f)
		}
	}
}

func TestTheFeedMayBeALittleBehind(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	ago := func(d time.Duration) *time.Time {
		t := now.Add(-d)
		return &t
	}
	for _, c := range []struct {
		name         string
		since, begun *time.Time
		want         State
	}{
		{"well", nil, nil, OK},
		{"a moment behind", ago(50 * time.Second), nil, OK},
		{"behind", ago(70 * time.Second), nil, Warning},
		{"a short transaction", nil, ago(4 * time.Minute), OK},
		{"a long one", nil, ago(6 * time.Minute), Warning},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := feedFindings(now, c.since, []store.OpenWriter{{PID: 1}, {PID: 77, User: "u", Application: "psql", Since: c.begun}})
			if len(got) != 1 || got[0].State != c.want {
				t.Errorf("%s: %+v", c.name, got)
			}
			if c.begun != nil && c.want == Warning && (!strings.Contains(got[0].Remedy, "pg_terminate_backend(77)") || !strings.Contains(got[0].Says, "u (psql)")) {
				t.Errorf("%s: %+v", c.name, got)
			}
		})
	}
}
