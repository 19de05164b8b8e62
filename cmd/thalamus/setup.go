// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"thalamus/internal/command"
	"thalamus/internal/setup"
	"thalamus/internal/terminal"
)

const setupAbout = `Makes a hub serve on this machine, as root: a database, a certificate, the
configuration in /etc/thalamus, the first administrator, and a service that starts
with the machine. It asks where an option is missing, and tells at its end how browsers,
nodes and phones find the hub and come to trust it.

Each step says whether it was done, or is so already: run again, setup changes
nothing that is right, and goes on where it failed.`

// setupOptions are the flags of "thalamus setup", and the places where it puts things.
type setupOptions struct {
	setup.Options
	admin string
	dry   bool
}

func setupCommand(env environment) command.Command {
	o := setupOptions{Options: setup.Options{
		Dir: filepath.Dir(env.config), Shared: []string{"/usr/share/thalamus", "/usr/local/share/thalamus"},
		User: "thalamus", Record: "/var/log/thalamus/access.jsonl", Socket: "/var/run/postgresql", DB: "federation",
	}}
	return command.Command{
		Name: "setup", Summary: "make it serve on this machine", About: setupAbout, Flags: o.flags(),
		Run: func(ctx context.Context, _ []string) error { return runSetup(ctx, o, env) },
	}
}

func (o *setupOptions) flags() []command.Flag {
	addNames := func(names string) error {
		o.Names = append(o.Names, strings.Split(names, ",")...)
		return nil
	}
	return []command.Flag{
		{Name: "admin", Placeholder: "ID", Into: &o.admin,
			Help: "federation account of the first administrator. Its password is asked for on a terminal; otherwise it is the first line of standard input. If there is none, one is made up and shown once"},
		{Name: "name", Placeholder: "NAMES", Into: addNames,
			Help: "host names and addresses for a self-signed certificate, with commas; as a rule those that the machine knows of itself, or those of before. Other names make another certificate"},
		{Name: "cert", Placeholder: "FILE", Into: &o.Cert,
			Help: "a certificate with its chain, as a PEM file, together with --key. Both are copied: run setup so again when they were renewed"},
		{Name: "key", Placeholder: "FILE", Help: "the certificate's key, as a PEM file", Into: &o.Key},
		{Name: "database-url-file", Placeholder: "FILE", Into: &o.URLFile,
			Help: "a file with the URL of a PostgreSQL elsewhere; it is copied. As a rule the database is made in the PostgreSQL of this machine, which knows the system user thalamus without a password"},
		{Name: "dry-run", Help: "change nothing; print what setup would do, as a script for sh", Into: &o.dry},
	}
}

func runSetup(ctx context.Context, o setupOptions, env environment) error {
	switch {
	case (o.Cert == "") != (o.Key == ""):
		return command.UsageError("a certificate needs its key: say both --cert and --key, or none")
	case o.Cert != "" && len(o.Names) > 0:
		return command.UsageError("--name is for a self-signed certificate; one from --cert has its names")
	case !o.dry && os.Geteuid() != 0:
		return errors.New("setup changes the system; run it as root, or with --dry-run to see what it would do")
	}

	return setUp(ctx, o.Options, &administrator{id: o.admin, config: o.Config(), env: env}, o.dry)
}

// setUp does all steps, or only shows them.
func setUp(ctx context.Context, o setup.Options, first *administrator, dry bool) error {
	if err := askNames(&o, first.env, dry); err != nil {
		return err
	}

	plan, err := setup.Make(o)
	if err != nil {
		return err
	}

	steps := append(filling(plan, o.Config(), first), plan.Service(), plan.Ready())
	if dry {
		setup.Print(ctx, steps, first.env.stdout)
		return nil
	}

	if err := setup.Run(ctx, steps, first.env.stdout); err != nil {
		return err
	}

	first.tell()
	return plan.Guide(first.env.stdout)
}

// filling are the steps to a hub that could be served.
func filling(plan *setup.Plan, config string, first *administrator) []setup.Step {
	return append(plan.Steps, migrated(config, first.env), first.step())
}

// askNames asks for the names in the first certificate, if there is somebody to ask.
func askNames(o *setup.Options, env environment, dry bool) error {
	if dry || !terminal.Is(env.stdin) || !o.Unnamed() {
		return checkNames(o)
	}

	known := strings.Join(setup.Names(), ", ")
	answer, err := terminal.AskLine(env.stdin, env.stderr, "By which names and addresses do others reach this server? ["+known+"]: ")
	if err != nil {
		return err
	}

	o.Names = strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' })
	return checkNames(o)
}

// checkNames refuses what is no name of a host, and adds those of the machine for itself.
func checkNames(o *setup.Options) error {
	for _, name := range o.Names {
		if err := setup.CheckName(name); err != nil {
			return command.UsageError(err.Error())
		}
	}

	if len(o.Names) > 0 {
		o.Names = append(o.Names, "localhost", "127.0.0.1", "::1")
	}
	return nil
}

// migrated is the step to a database that fits this version.
func migrated(config string, env environment) setup.Step {
	return setup.Step{
		Name: "the database's tables, as this version needs them",
		Done: func(ctx context.Context) bool {
			_, db, err := openConfigured(ctx, config, env.withoutOutput(), 0)
			if err != nil {
				return false
			}
			db.Close()
			return true
		},
		Do: func(ctx context.Context) error {
			return migrate(ctx, config, false, env.withoutStdout())
		},
		Shell: func() []string { return []string{withConfig("thalamus migrate", config)} },
	}
}
