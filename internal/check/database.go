// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"thalamus/internal/store"
)

// maxClockSkew is by how much two clocks may differ.
const maxClockSkew = 5 * time.Second

// database looks whether PostgreSQL answers, and takes writes.
func database(ctx context.Context, s Site) ([]Finding, error) {
	if err := connectError(ctx, s); err != nil {
		return fault("PostgreSQL cannot be used: "+err.Error()+".", "Look into PostgreSQL's log, and at database.url; as user "+effectiveUser()+", psql must come in with it."), nil
	}

	facts, err := s.DB.Facts(ctx)
	switch {
	case err != nil:
		return nil, err
	case facts.Standby:
		return warning("This PostgreSQL is a standby: it can be read, and takes no writes.", "Let database.url lead to the primary, or promote this one: pg_ctl promote"), nil
	}

	return passed("PostgreSQL %s answers user %s.", facts.Version, facts.User), nil
}

// connectError gives the reason why the database cannot be used, or nil.
func connectError(ctx context.Context, s Site) error {
	if s.Unopened != nil {
		return s.Unopened
	}
	return s.DB.CheckVersion(ctx)
}

// pooler checks that notifications (LISTEN) arrive through a connection pooler in between.
func pooler(ctx context.Context, s Site) ([]Finding, error) {
	facts, err := s.DB.Facts(ctx)
	switch {
	case err != nil:
		return nil, err
	case facts.Standby:
		return passed("A standby tells nothing of changes, and every account is read from it anew."), nil
	}

	if err := s.DB.CheckListening(ctx); err != nil {
		return fault("The server does not start: "+err.Error()+".", "With pgbouncer: pool_mode = session"), nil
	}
	return passed("What the database tells is heard."), nil
}

func clock(ctx context.Context, s Site) ([]Finding, error) {
	before := time.Now()
	facts, err := s.DB.Facts(ctx)
	if err != nil {
		return nil, err
	}
	return clockFindings(before, facts.Clock, time.Now()), nil
}

// clockFindings compares a time that the database has told with the times before and after on
// this machine.
func clockFindings(before, told, after time.Time) []Finding {
	ahead := max(told.Sub(after), before.Sub(told)).Round(time.Second)
	if ahead > maxClockSkew {
		return warning(fmt.Sprintf("The clocks of this machine and the database's differ by %v.", ahead), "Keep both by NTP, as with chrony or systemd-timesyncd.")
	}
	return passed("It agrees with the database's within some seconds.")
}

func connections(ctx context.Context, s Site) ([]Finding, error) {
	c, err := s.DB.Connections(ctx)
	if err != nil {
		return nil, err
	}

	servers := max(1, c.Instances)
	sum := servers * c.Each
	says := fmt.Sprintf("Servers: %d, each with up to %d connections, so %d together; PostgreSQL has %d for them.", servers, c.Each, sum, c.Most)
	if sum > c.Most {
		return warning(says, "Raise max_connections in postgresql.conf, or the limit of the database or its user, or lower database.max_conns."), nil
	}

	return passed("%s", says), nil
}

// owner checks that the tables have one owner, and that the server is no superuser.
func owner(ctx context.Context, s Site) ([]Finding, error) {
	facts, err := s.DB.Facts(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(facts.Owners) > 1:
		return fault("The tables belong to several database users, and thalamus migrate cannot change them all: "+strings.Join(facts.Owners, ", ")+".",
			"Let a superuser give them to one: ALTER TABLE ... OWNER TO "+quoted(facts.Owners[0])), nil
	case facts.Superuser:
		return warning("The server reaches PostgreSQL as a superuser, "+facts.User+", who may do everything there.",
			"Make it a user of its own, and name that in database.url."), nil
	}

	open, err := s.DB.OpenSchema(ctx)
	if err != nil {
		return nil, err
	}
	if open != "" {
		return warning(OpenSchema(open)), nil
	}

	return passed("The tables belong to %s, and the server is %s.", strings.Join(facts.Owners, ""), facts.User), nil
}

// OpenSchema says what is wrong with a schema in which everybody may create, and what to do.
func OpenSchema(schema string) (what, remedy string) {
	return "Every database user may create in schema " + schema + ", operators too, which others' statements then use.",
		"Let a superuser GRANT CREATE ON SCHEMA " + schema + " to the owner of the tables, and then REVOKE CREATE ON SCHEMA " + schema + " FROM PUBLIC."
}

func schema(ctx context.Context, s Site) ([]Finding, error) {
	err := s.DB.Check(ctx)
	switch {
	case errors.Is(err, store.ErrOlder):
		return fault(err.Error()+".", "As the owner of the tables: thalamus migrate"+s.Flags), nil
	case errors.Is(err, store.ErrSchema):
		return fault(err.Error()+".", "Install the version of thalamus that has migrated it, or a later one."), nil
	case err != nil:
		return nil, err
	}

	return passed("The tables are those of this version."), nil
}

// grants checks that the server's database user has all rights that it needs.
func grants(ctx context.Context, s Site) ([]Finding, error) {
	lacking, err := s.DB.MissingGrants(ctx, s.Retention)
	if err != nil {
		return nil, err
	}

	facts, err := s.DB.Facts(ctx)
	if err != nil {
		return nil, err
	}
	if len(lacking) > 0 {
		return fault("The database user "+facts.User+" lacks rights, as after an upgrade: "+strings.Join(lacking, ", ")+".",
			"As the owner of the tables: "+grantStatements(lacking, facts.User)), nil
	}

	return passed("The database user may do what it is asked to."), nil
}

// grantStatements are the statements that grant rights like "SELECT on people".
func grantStatements(lacking []string, user string) string {
	var statements []string
	for _, right := range lacking {
		what, of, _ := strings.Cut(right, " on ")
		if what == "EXECUTE" {
			of = "FUNCTION " + of
		}
		statements = append(statements, "GRANT "+what+" ON "+of+" TO "+quoted(user)+";")
	}
	return strings.Join(statements, " ")
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// quoted gives a name as an SQL identifier.
func quoted(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
