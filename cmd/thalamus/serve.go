// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"thalamus/internal/check"
	"thalamus/internal/command"
	"thalamus/internal/listen"
	"thalamus/internal/store"
)

const serveAbout = `Serves the federation's database over HTTPS until it is told to stop by SIGTERM
or SIGINT; requests under way are finished first. It waits for a database that is
away, or not migrated yet. Where systemd listens for it, it takes up those sockets
in place of server.listen. SIGHUP makes it read the roles file and the certificate
again, and go on in a new file with the access record if the old one was renamed. A
certificate that is renewed in its place is taken up by itself.

Without a configuration file the environment must say enough: THALAMUS_DATABASE_URL
and THALAMUS_ACCESS_ROLES at least.`

func serveCommand(env environment) command.Command {
	var config string
	return command.Command{
		Name: "serve", Summary: "serve the federation", About: serveAbout,
		Flags: []command.Flag{configFlag(&config, env)},
		Run:   func(ctx context.Context, _ []string) error { return serve(ctx, config, env) },
	}
}

func serve(ctx context.Context, file string, env environment) error {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP) // one that comes during the start waits, and does not end us
	defer signal.Stop(hangups)

	c, _, err := configure(file, env)
	if err != nil {
		return err
	}

	return service{
		config: c, file: file, hangups: hangups,
		listen: func(ctx context.Context) ([]net.Listener, error) { return listen.Open(ctx, c.Server, env.environ) },
		started: func(ctx context.Context, db *store.DB, log *slog.Logger) {
			for _, f := range check.AtStart(ctx, siteOf(c, file, db)) {
				log.Warn(f.Says, "check", f.Check, "remedy", f.Remedy)
			}
		},
	}.run(ctx, env)
}
