// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"thalamus/internal/check"
	"thalamus/internal/command"
	"thalamus/internal/config"
	"thalamus/internal/store"
)

const (
	checkAbout = `Looks over the installation and prints a line for each thing: how it is, a sentence,
and what helps. Then it prints which role may do what. It changes nothing.

ok       it is as it should be
warning  it works, and something may go wrong
unknown  it could not be looked at, most often because of a fault above
fault    it does not work, or records are in danger

Run by root it reads the configuration, and looks at everything in it as the user
thalamus, if there is one: the server sees no more than that user does. If the server
runs as another user: sudo -u USER thalamus check. It reads all persons, a million
within some seconds, and waits five seconds at most for a database that does not answer.`

	checkNotes = `Exit status, for monitoring: 0 all is ok; 1 there is a fault, or something could not be
looked at; 2 the command line is wrong; 3 there are warnings alone.`
)

func checkCommand(env environment) command.Command {
	var config string
	var asJSON bool
	return command.Command{
		Name: "check", Summary: "look over an installation", About: checkAbout, Notes: checkNotes,
		Flags: []command.Flag{
			{Name: "json", Into: &asJSON,
				Help: "print one JSON object, with the findings in \"checks\" and the rights of the roles in \"rights\""},
			configFlag(&config, env),
		},
		Run: func(ctx context.Context, _ []string) error { return runCheck(ctx, config, asJSON, env) },
	}
}

func runCheck(ctx context.Context, config string, asJSON bool, env environment) error {
	s, release := installation(config, env)
	defer release()

	if err := become(env.user); err != nil {
		return err
	}

	found := check.Run(ctx, s)
	write := writeFindings
	if asJSON {
		write = writeJSON
	}

	if err := write(env.stdout, found, check.Rights(s.Roles)); err != nil {
		return err
	}
	return verdict(found)
}

// installation is the one that the configuration describes.
func installation(file string, env environment) (s check.Site, release func()) {
	c, warnings, err := config.Load(file, env.environ)
	if err != nil {
		return check.Site{Faults: strings.Split(err.Error(), "\n")}, func() {}
	}

	db, err := store.New(readingOptions(c))
	s = siteOf(c, file, db)
	s.Warnings, s.Unopened = warnings, err
	if err != nil {
		return s, func() {}
	}
	return s, db.Close
}

func siteOf(c config.Config, file string, db *store.DB) check.Site {
	return check.Site{
		File: file, Flags: config.Flag(file),
		Listen: c.Server.Listen, Exposed: c.Server.CheckExposure(c.Server.Listen), AllowPlaintext: c.Server.AllowPlaintext,
		Cert: c.Server.TLSCert, Key: c.Server.TLSKey, Proxied: len(c.Server.TrustedProxies) > 0, Origins: c.Server.CORSOrigins,
		Roles: c.Access.Roles, Record: c.Access.Record,
		Secret: c.Database.URL.Reveal(), SecretFile: c.Database.URLFile, Retention: c.Feed.Retention > 0,
		DB: db,
	}
}

// verdict gives the exit status.
func verdict(found []check.Finding) error {
	count := map[check.State]int{}
	for _, f := range found {
		count[f.State]++
	}

	told := fmt.Sprintf("faults: %d, unknown: %d, warnings: %d", count[check.Fault], count[check.Unknown], count[check.Warning])
	switch check.Worst(found) {
	case check.OK:
		return nil
	case check.Warning:
		return partlyError(told)
	default:
		return errors.New(told)
	}
}

// writeFindings prints lines for people.
func writeFindings(out io.Writer, found []check.Finding, rights []check.Right) error {
	lines := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range found {
		fmt.Fprintf(lines, "%s\t%s\t%s\n", f.State, f.Check, strings.TrimSpace(f.Says+" "+f.Remedy))
	}

	if err := lines.Flush(); err != nil || len(rights) == 0 {
		return err
	}

	fmt.Fprint(out, "\nRoles may read (r), add (a), change (c) and delete (d) all records, or (in brackets) one's own and those about no person:\n\n")
	return check.WriteRights(out, rights)
}

// writeJSON prints the same for programs.
func writeJSON(out io.Writer, found []check.Finding, rights []check.Right) error {
	return json.NewEncoder(out).Encode(map[string]any{"state": check.Worst(found), "checks": found, "rights": rights})
}
