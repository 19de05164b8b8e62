// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/bulk"
	"thalamus/internal/pg"
	"thalamus/internal/terminal"
	"thalamus/internal/transfer"
)

const exportAbout = `Writes all institutions, domiciliary units, persons, pages, documents and the
links between persons, as they are at one moment, in the lines that import reads.
Equal federations give equal files.

With --fhir it writes them as resources of FHIR R4, in the files of Bulk Data: one for
each type, with a resource on each line, and manifest.json, which lists them.
Documents are in it without their bytes, and the links between persons are in both
Patients. "thalamus help fhir-export" tells more.

Neither is a backup: the history of records is in none, nor are their versions in the
lines that import reads. pg_dump saves everything.`

// exportOptions are the flags of "thalamus export".
type exportOptions struct {
	out, fhir, config string
	withPasswords     bool
}

func (o exportOptions) check() error {
	if o.fhir != "" && (o.out != "" || o.withPasswords) {
		return command.UsageError("--fhir goes with neither --out nor --with-passwords: FHIR has its own files, and no passwords in them")
	}
	return nil
}

func exportCommand(env environment) command.Command {
	var o exportOptions
	return command.Command{
		Name: "export", Summary: "write all records to a file, or as FHIR", About: exportAbout,
		Flags: []command.Flag{
			{Name: "out", Placeholder: "FILE", Into: &o.out,
				Help: "write to a file that only you can read, which appears when it is complete; otherwise to standard output"},
			{Name: "fhir", Placeholder: "DIR", Into: &o.fhir,
				Help: "write FHIR to a directory that only you can read, which appears when it is complete; if there is one, it must be empty"},
			{Name: "with-passwords", Help: "write the hashes of passwords, too", Into: &o.withPasswords},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, _ []string) error { return export(ctx, o, env) },
	}
}

func export(ctx context.Context, o exportOptions, env environment) error {
	collectMore()
	if err := o.check(); err != nil {
		return err
	}
	if o.fhir != "" {
		return exportFHIR(ctx, o, env)
	}

	ex := &transfer.Export{Passwords: o.withPasswords}
	bar := &terminal.Progress{Out: env.stderr, Unit: "records", Records: ex.Records.Load}
	env.stderr = bar

	_, db, err := openConfigured(ctx, o.config, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	ex.DB = db
	bar.Start()
	if o.out == "" {
		err = ex.Run(ctx, env.stdout)
	} else {
		err = writeWhole(ctx, o.out, func(w io.Writer) error { return ex.Run(ctx, w) })
	}

	bar.Stop()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}

	tellExported(env.stderr, ex.Written, ex.Left)
	return nil
}

func exportFHIR(ctx context.Context, o exportOptions, env environment) error {
	ex := &bulk.Export{}
	bar := &terminal.Progress{Out: env.stderr, Unit: "records", Records: ex.Records.Load}
	env.stderr = bar

	c, db, err := openConfigured(ctx, o.config, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	ex.DB, ex.Zone, ex.BasePath = db, c.FHIR.Location(), c.Server.BasePath
	bar.Start()
	err = ex.Run(ctx, o.fhir)
	bar.Stop()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}

	tellExported(env.stderr, ex.Written, ex.Left)
	return nil
}

// tellExported says how many records were written, and how many were not.
func tellExported(out io.Writer, written, left map[fed.Resource]int) {
	fmt.Fprintf(out, "exported %s; the history is not in it, pg_dump saves it\n", counts(written))
	if len(left) > 0 {
		fmt.Fprintf(out, "left out %s that are no JSON object or belong to nobody\n", counts(left))
	}
}

// writeWhole makes a file that only its owner can read, once it is complete: until
// then there is what was there before. What is no file, a pipe or a device, is written to.
func writeWhole(ctx context.Context, name string, fill func(io.Writer) error) (err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return writeThrough(name, fill)
	}

	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-") // readable for the owner only
	if err != nil {
		return err
	}

	err = keep(file, fillWhole(ctx, file, fill), name)
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// keep closes a file that was filled, or was not, and gives it its name.
func keep(file *os.File, filled error, name string) error {
	if filled != nil {
		return errors.Join(filled, file.Close())
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// fillWhole fills a file anew when the connection to the database was lost: one half would be
// of another moment than the other.
func fillWhole(ctx context.Context, file *os.File, fill func(io.Writer) error) error {
	for {
		err := fill(file)
		if !errors.Is(err, pg.ErrLost) || ctx.Err() != nil {
			return err
		}
		if err := empty(file); err != nil {
			return err
		}
	}
}

func empty(file *os.File) error {
	_, err := file.Seek(0, io.SeekStart)
	return errors.Join(err, file.Truncate(0))
}

func writeThrough(name string, fill func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(fill(file), file.Close())
}
