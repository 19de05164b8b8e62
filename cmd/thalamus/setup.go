// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"thalamus/internal/setup"
)

// runSetup is "thalamus setup".
func runSetup(ctx context.Context, args []string, env environment) error {
	o := setup.Options{
		Dir: filepath.Dir(env.config), Shared: []string{"/usr/share/thalamus", "/usr/local/share/thalamus"},
		User: "thalamus", Record: "/var/log/thalamus/access.jsonl", Socket: "/var/run/postgresql", DB: "federation",
	}

	flags := newFlags("setup")
	flags.StringVar(&o.URLFile, "database-url-file", "", "")
	flags.StringVar(&o.Cert, "cert", "", "")
	flags.StringVar(&o.Key, "key", "", "")
	flags.Func("name", "", func(names string) error {
		o.Names = append(o.Names, strings.Split(names, ",")...)
		return nil
	})

	admin := flags.String("admin", "", "")
	dry := flags.Bool("dry-run", false, "")
	if _, err := parse(flags, args, 0); err != nil {
		return err
	}

	switch {
	case (o.Cert == "") != (o.Key == ""):
		return usageError("a certificate needs its key: say both --cert and --key, or none")
	case o.Cert != "" && len(o.Names) > 0:
		return usageError("--name is for a self-signed certificate; one from --cert has its names")
	case !*dry && os.Geteuid() != 0:
		return errors.New("setup changes the system; run it as root, or with --dry-run to see what it would do")
	}

	return setUp(ctx, o, &administrator{id: *admin, config: o.Config(), env: env}, *dry)
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
	if dry || !onTerminal(env.stdin) || !o.Unnamed() {
		return checkNames(o)
	}

	known := strings.Join(setup.Names(), ", ")
	answer, err := askLine(env, "By which names and addresses do others reach this server? ["+known+"]: ")
	if err != nil {
		return err
	}

	o.Names = strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' })
	return checkNames(o)
}

// checkNames refuses what is no name of a host, and adds those of the machine for itself.
func checkNames(o *setup.Options) error {
	for _, name := range o.Names {
		if net.ParseIP(name) == nil && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" || name == "" {
			return usageError(fmt.Sprintf("%q is no name of a host and no address", name))
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
			return migrate(ctx, []string{"--config", config}, env.withoutStdout())
		},
		Shell: func() []string { return []string{"thalamus migrate --config " + config} },
	}
}
