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

	"thalamus/internal/command"
	"thalamus/internal/config"
	"thalamus/internal/fed"
	"thalamus/internal/task"
	"thalamus/internal/terminal"
	"thalamus/internal/transfer"
)

const (
	importAbout = `Loads records; - is standard input. A record is a JSON object, as export writes it:

    {"resource":"institution","id":"ID","data":{...}}
    {"resource":"unit","id":"ID","data":{...}}
    {"resource":"person","id":"ID","data":{...}}
    {"resource":"page","id":"ID","person":"ID","data":{...}}
    {"resource":"document","id":"ID","person":"ID","page":"ID","data":{...},"bytes":"BASE64"}
    {"resource":"link","person":"ID","data":{"person":"ID","same":true}}

Records stand one behind the other, each on as many lines as it likes, or in arrays:
the replies to GET /people and GET /pols/PERSON of a hub can be imported as they are,
also several such lists in one file. A record may be only its data: with book it is a
page, with lastname, dob, gender, roles or password a person, with --book a page
besides; the kind of others is said by --resource. A page belongs to the person that
the record names, or else to that of --book, or else to that of its own book, which is
stored as it is in any case. Persons come before their pages, pages before their
documents. A link says that two persons are the same, or are not; its data may have
the account that said so, and the time.

The rules are those of the server. Records that are there already with the same
content are counted, so that an interrupted import is simply run again. An id that has
other content is refused, never overwritten; so is a link that contradicts the known
links of the two persons. Passwords are taken as bcrypt hashes only.

Refused records are told by the line on which they begin, and by their own number
in the file where that is another one; the first 20 in full. A record that has no
end is refused alone, unless it is in an array: nothing behind it is read then.
Exit status 3: some records were refused; all others are stored.`

	importNotes = `Moving a federation: thalamus export --with-passwords --out all.jsonl, and at the
other place thalamus import --with-roles all.jsonl
With nothing but an account at the old hub, which gives no passwords:

    curl -u ACCOUNT https://OLD/people | thalamus import --with-roles -
    curl -u ACCOUNT https://OLD/pols/PERSON | thalamus import --book PERSON -`
)

// importOptions are the arguments of "thalamus import".
type importOptions struct {
	config, resource, book, report string
	withRoles                      bool
	files                          []string
}

func importCommand(env environment) command.Command {
	var o importOptions
	return command.Command{
		Name: "import", Arguments: "FILE...", Count: command.AnyNumber, Summary: "load records from files",
		About: importAbout, Notes: importNotes,
		Flags: []command.Flag{
			{Name: "resource", Placeholder: "NAME", Help: "the kind of records that do not tell it: person, page, unit or institution", Into: &o.resource},
			{Name: "book", Placeholder: "PERSON", Into: &o.book,
				Help: "the person of pages that name none beside their data, whatever their book says; without it pages whose book is null or not there are refused"},
			{Name: "with-roles", Into: &o.withRoles,
				Help: "take roles and active of persons as they are in the file, and none where there are none. Without it a person with roles other than end_user, or who is not active, is refused, and one without roles becomes an end_user"},
			{Name: "report", Placeholder: "FILE", Help: "write every refused line's number and reason to a file", Into: &o.report},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error {
			o.files = args
			return importFiles(ctx, o, env)
		},
	}
}

func (o importOptions) check() error {
	if len(o.files) == 0 {
		return command.UsageError("import needs files, or - for standard input; see thalamus help import")
	}
	if o.resource != "" && !slices.Contains(transfer.Resources(), o.resource) {
		return command.UsageError(fmt.Sprintf("--resource is one of %s, not %q", strings.Join(transfer.Resources(), ", "), o.resource))
	}
	return nil
}

func importFiles(ctx context.Context, o importOptions, env environment) (err error) {
	collectMore()
	if err := o.check(); err != nil {
		return err
	}

	sources, total, err := openable(ctx, o.files, env.stdin)
	if err != nil {
		return err
	}

	im := &transfer.Import{}
	bar := &terminal.Progress{Out: env.stderr, Unit: "records", Records: im.Records.Load, Bytes: im.Bytes.Load, Total: total}
	env.stderr = bar

	c, db, err := openConfigured(ctx, o.config, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	refusals, err := newRefusals(o.report, o.files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, refusals.close()) }()

	im.DB, im.Rules, im.Report = db, importRules(c, o), refusals.take
	refusals.out = bar
	bar.Start()
	tally, err := im.Run(ctx, sources)
	bar.Stop()
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

func importRules(c config.Config, o importOptions) transfer.Rules {
	return transfer.Rules{
		Passwords: passwords(c),
		WithRoles: o.withRoles, Resource: fed.Resource(o.resource), Book: o.book,
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

// interruptible reads until ctx ends, even if nothing comes any more. The reader sees the end of
// the copy as that of the input; a read of the input that is under way when ctx ends can only
// end with the program.
func interruptible(ctx context.Context, in io.Reader) io.ReadCloser {
	out, into := io.Pipe()
	task.Start(ctx, func(context.Context) {
		_, err := io.Copy(into, in)
		_ = into.CloseWithError(err) // never fails
	})
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
