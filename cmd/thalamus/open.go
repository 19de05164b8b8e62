// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"thalamus/etc"
	"thalamus/internal/access"
	"thalamus/internal/config"
	"thalamus/internal/logging"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// configure reads the configuration and makes the log that it describes.
func configure(file string, env environment) (config.Config, *slog.Logger, error) {
	c, warnings, err := config.Load(file, env.environ)
	if err != nil {
		return c, nil, err
	}

	log := logging.New(c.Log, env.stderr)
	for _, warning := range warnings {
		log.Warn("configuration", "warning", warning)
	}
	return c, log, nil
}

// openConfigured reads the configuration and opens the database that it names, with
// other connections than it says unless conns is 0.
func openConfigured(ctx context.Context, file string, env environment, conns int) (config.Config, *store.DB, error) {
	c, _, err := configure(file, env)
	if err != nil {
		return c, nil, err
	}

	if conns > 0 {
		c.Database.MaxConns = conns
	}

	db, err := openFit(ctx, c, file, env)
	return c, db, err
}

// openFit opens a database that was migrated, for a command.
func openFit(ctx context.Context, c config.Config, file string, env environment) (*store.DB, error) {
	o := options(c)
	o.Outage = (&waiting{out: env.stderr}).tell
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := checkFit(ctx, db, file); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// checkFit says how a database is migrated that was not.
func checkFit(ctx context.Context, db *store.DB, file string) error {
	err := db.Check(ctx)
	if errors.Is(err, store.ErrOlder) {
		return fmt.Errorf("%w; run: %s", err, withConfig("thalamus migrate", file))
	}
	return err
}

func options(c config.Config) store.Options {
	return store.Options{
		URL: c.Database.URL.Reveal(), MaxConns: c.Database.MaxConns,
		MaxRecord: int64(c.Server.MaxBody), MaxElements: c.Server.MaxElements,
		Emergency: c.Consent.Emergency, Silent: !c.Consent.Tell,
	}
}

// readingOptions are those of a program that reads standbys, too.
func readingOptions(c config.Config) store.Options {
	o := options(c)
	o.ReadURL, o.ReadLag = c.Database.ReadURL.Reveal(), c.Database.ReadLag
	return o
}

// withConfig is a command line that reads this configuration.
func withConfig(command, file string) string { return command + config.Flag(file) }

func passwords(c config.Config) record.PasswordRules {
	return record.PasswordRules{Cost: c.Passwords.Cost, MinLength: c.Passwords.MinLength}
}

func loadPolicy(c config.Config, log *slog.Logger) (*access.Policy, error) {
	policy, warnings, err := access.LoadBeside(c.Access.Roles, etc.Roles)
	if err != nil {
		return nil, err
	}
	for _, warning := range warnings {
		log.Warn("roles file", "file", c.Access.Roles, "warning", warning)
	}
	return policy, nil
}
