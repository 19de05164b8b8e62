// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"thalamus/internal/config"
	"thalamus/internal/fed"
	"thalamus/internal/transfer"
)

// importFlags are the arguments of import.
type importFlags struct {
	config, resource, book, report string
	withRoles                      bool
	files                          []string
}

func readImportFlags(args []string, env environment) (f importFlags, err error) {
	flags := newFlags("import")
	file := configFlag(flags, env)
	flags.StringVar(&f.resource, "resource", "", "")
	flags.StringVar(&f.book, "book", "", "")
	flags.StringVar(&f.report, "report", "", "")
	flags.BoolVar(&f.withRoles, "with-roles", false, "")

	f.files, err = parse(flags, args, anyNumber)
	if err != nil {
		return f, err
	}

	f.config = *file
	if len(f.files) == 0 {
		return f, usageError("import needs files, or - for standard input; see thalamus help import")
	}
	if f.resource != "" && !slices.Contains(transfer.Resources(), f.resource) {
		return f, usageError(fmt.Sprintf("--resource is one of %s, not %q", strings.Join(transfer.Resources(), ", "), f.resource))
	}
	return f, nil
}

// importFiles is "thalamus import".
func importFiles(ctx context.Context, args []string, env environment) (err error) {
	collectMore()
	f, err := readImportFlags(args, env)
	if err != nil {
		return err
	}

	sources, total, err := openable(ctx, f.files, env.stdin)
	if err != nil {
		return err
	}

	im := &transfer.Import{}
	bar := &progress{out: env.stderr, what: "records", records: im.Records.Load, bytes: im.Bytes.Load, total: total}
	env.stderr = bar

	c, db, err := openConfigured(ctx, f.config, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	refusals, err := newRefusals(f.report, f.files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, refusals.close()) }()

	im.DB, im.Rules, im.Report = db, importRules(c, f), refusals.take
	refusals.out = bar
	bar.start()
	tally, err := im.Run(ctx, sources)
	bar.stop()
	refusals.rest()
	fmt.Fprintln(env.stderr, tell(tally))

	switch {
	case err != nil:
		return fmt.Errorf("the import ended before its end; run it again to go on from there: %w", err)
	case tally.Refused > 0:
		return partlyError("refused records are not imported; nothing that was stored before has been changed")
	}
	return nil
}

func importRules(c config.Config, f importFlags) transfer.Rules {
	return transfer.Rules{
		Passwords: passwords(c),
		WithRoles: f.withRoles, Resource: fed.Resource(f.resource), Book: f.book,
		MaxRecord: int64(c.Server.MaxBody), MaxElements: c.Server.MaxElements, MaxDocument: int64(c.Server.MaxDocument),
	}
}

// toMove is how many connections moving needs.
const toMove = 4

// openable looks whether there are such files before any of them is imported. total
// is their size, 0 if it is not known.
func openable(ctx context.Context, files []string, stdin io.Reader) (sources []transfer.Source, total int64, err error) {
	known := true
	for _, name := range files {
		if name == "-" {
			known = false
			sources = append(sources, transfer.Source{Name: name, Open: func() (io.ReadCloser, error) { return interruptible(ctx, stdin), nil }})
			continue
		}

		info, err := os.Stat(name)
		if err != nil {
			return nil, 0, err
		}
		if info.IsDir() {
			return nil, 0, fmt.Errorf("%s is a directory", name)
		}

		known = known && info.Mode().IsRegular()
		total += info.Size()
		sources = append(sources, transfer.Source{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }})
	}

	if !known {
		total = 0
	}
	return sources, total, nil
}

// interruptible reads until ctx ends, even if nothing comes any more.
func interruptible(ctx context.Context, in io.Reader) io.ReadCloser {
	out, into := io.Pipe()
	go func() {
		_, err := io.Copy(into, in)
		_ = into.CloseWithError(err) // never fails
	}()
	context.AfterFunc(ctx, func() { _ = into.CloseWithError(context.Cause(ctx)) })
	return out
}

// tell says in a line what became of the records.
func tell(t transfer.Tally) string {
	told := fmt.Sprintf("imported %s; %d were there already, %d refused", counts(t.Created), t.Present, t.Refused)
	if t.Odd > 0 {
		told += fmt.Sprintf("; %d persons cannot log in, because their \"active\" is neither true nor null", t.Odd)
	}
	return told
}

// counts lists how many there are of each resource.
func counts(of map[fed.Resource]int) string {
	var parts []string
	count := func(resource fed.Resource) {
		if n := of[resource]; n == 1 {
			parts = append(parts, "1 "+string(resource))
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, resource))
		}
	}
	for _, info := range fed.ResourcesInOrder() {
		count(info.Resource)
	}

	count(fed.Link)
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
