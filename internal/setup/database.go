// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"context"

	"thalamus/internal/shell"
)

// database is the step to a database: one elsewhere whose URL a file has, the one that is
// configured, or else one on this machine.
func (p *Plan) database() Step {
	url, file := p.text.value("database", "url"), p.text.value("database", "url_file")
	here := p.options.url(p.options.User, p.options.DB)
	switch {
	case p.options.URLFile != "":
		return p.remoteDatabase()
	case file != "" || url != "" && url != here:
		return Step{Name: "the database that is configured", Done: func(context.Context) bool { return true }}
	}

	p.want("database", "url", here)
	return p.localDatabase()
}

// remoteDatabase keeps the URL of a database elsewhere in a file, because there may be a password
// in it.
func (p *Plan) remoteDatabase() Step {
	from, to := p.options.URLFile, p.options.path("database.url")
	p.want("database", "url", "")
	p.want("database", "url_file", to)
	return Step{
		Name:  "the database's URL in " + to,
		Done:  func(context.Context) bool { return sameContent(from, to) && isPrivate(to, p.options.User) },
		Shell: func() []string { return []string{installCommand(from, to, p.options.User, 0o640)} },
	}
}

// localDatabase makes a user and a database. PostgreSQL knows the user as the system user of this
// name (peer authentication): there is no password.
func (p *Plan) localDatabase() Step {
	local := p.options.provisioner()
	return Step{
		Name: "the database " + local.Database + " of this machine's PostgreSQL",
		Done: func(ctx context.Context) bool {
			provided, err := local.IsProvisioned(ctx)
			if err != nil {
				return false
			}
			return provided
		},
		Do:    local.Provision,
		Shell: p.provisionCommands,
	}
}

func (p *Plan) provisionCommands() []string {
	as, name, db := "runuser -u postgres -- ", shell.Quote(p.options.User), shell.Quote(p.options.DB)
	options := ""
	if port := p.options.port(); port != "" {
		options = "--port " + port + " "
	}

	return []string{
		as + "psql " + options + `-Atc "SELECT rolname FROM pg_roles" | grep -qx ` + name + ` ||`,
		"    " + as + "createuser " + options + name,
		as + "createdb " + options + "--owner " + name + " --encoding UTF8 --lc-collate C --lc-ctype C.UTF-8 --template template0 " + db,
		as + "psql " + options + "--quiet --dbname " + db + ` -c "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO ` + name + `"`,
	}
}
