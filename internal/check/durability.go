// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"fmt"
	"time"

	"thalamus/internal/store"
)

const (
	archivedWithin  = 24 * time.Hour
	publishedWithin = time.Minute
	writesWithin    = 5 * time.Minute // a transaction that has written
)

// durability looks for settings of PostgreSQL with which acknowledged records can be lost.
func durability(ctx context.Context, s Site) ([]Finding, error) {
	risks, err := s.DB.DurabilityRisks(ctx)
	if err != nil {
		return nil, err
	}

	for i, risk := range risks {
		risks[i] = "Acknowledged records can be lost: " + risk
	}
	return findingsOf(Fault, risks, "Change it in postgresql.conf, and: SELECT pg_reload_conf()", passed("PostgreSQL keeps what it has acknowledged.")), nil
}

// archive looks whether the log of PostgreSQL gets into its archive.
func archive(ctx context.Context, s Site) ([]Finding, error) {
	a, err := s.DB.Archive(ctx)
	if err != nil {
		return nil, err
	}
	return archiveFindings(a), nil
}

func archiveFindings(a store.Archive) []Finding {
	last := a.Archived
	if last == nil {
		last = a.Since
	}

	switch {
	case !a.On:
		return passed("PostgreSQL does not archive its log: a backup is what pg_dump has saved.")
	case a.Failed != nil && (a.Archived == nil || a.Failed.After(*a.Archived)):
		return fault("PostgreSQL cannot archive its log: the last attempt failed at "+formatTime(*a.Failed)+". Its disk fills.",
			"Look into PostgreSQL's log, and at archive_command.")
	case last == nil || a.Clock.Sub(*last) > archivedWithin:
		return warning("Nothing has come into the archive of PostgreSQL's log for a day.", "Set archive_timeout, as to 5min, and look whether the archive is reached.")
	}

	return passed("Its log was archived at %s.", formatTime(*last))
}

// feed looks whether the feed of changes is behind.
func feed(ctx context.Context, s Site) ([]Finding, error) {
	facts, err := s.DB.Facts(ctx)
	if err != nil {
		return nil, err
	}

	since, err := s.DB.Unpublished(ctx)
	if err != nil {
		return nil, err
	}

	writers, err := s.DB.OpenWriters(ctx)
	if err != nil {
		return nil, err
	}

	return feedFindings(facts.Clock, since, writers), nil
}

// feedFindings is about unpublished changes, the first of them since a time, and about
// transactions that have written and are open.
func feedFindings(now time.Time, since *time.Time, writers []store.OpenWriter) []Finding {
	if since != nil && now.Sub(*since) > publishedWithin {
		return warning("Followers have heard of no change since "+formatTime(*since)+".", "Start a server, or look into its log: each gives changes to the feed.")
	}

	for _, w := range writers {
		if w.Since != nil && now.Sub(*w.Since) > writesWithin {
			return warning(fmt.Sprintf("A transaction of %s (%s) has been open since %s, and followers hear of its changes when it ends.", w.User, w.Application, formatTime(*w.Since)),
				fmt.Sprintf("End it where it was begun, or: SELECT pg_terminate_backend(%d)", w.PID))
		}
	}

	return passed("The feed has all changes.")
}

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
