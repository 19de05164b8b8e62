// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

const generalUsage = `Thalamus is the message and authentication server of the GNU Health Federation.

Usage:

    thalamus demo                     try it: a small invented federation
    thalamus setup                    make it serve on this machine
    thalamus migrate                  make a database fit, or take one over
    thalamus account add ID           create the first administrator, and others
    thalamus account ...              list, change, close and delete accounts
    thalamus serve                    serve the federation
    thalamus check                    look over an installation
    thalamus restore WHAT ID          put back what was deleted
    thalamus erase PERSON             remove a person for ever
    thalamus deleted                  list what restore could put back
    thalamus seen PERSON              list who has read a person's records
    thalamus follow --url URL ...     print a hub's changes as they happen
    thalamus duplicates               list persons who are probably there twice
    thalamus import FILE...           load records from files
    thalamus export --out FILE        write all records to a file
    thalamus version                  tell the version

thalamus help COMMAND tells more about a command. Commands read the configuration
/etc/thalamus/thalamus.toml where there is one, or the file after --config. The
shipped one, /usr/share/thalamus/thalamus.toml, explains every key; each can be set in
the environment instead, as in THALAMUS_DATABASE_URL or THALAMUS_SERVER_LISTEN.

Exit status: 0 all went well, 1 it failed, 2 the command line is wrong,
3 import or account add refused some of it, follow cannot go on from its cursor,
seen could not read a file to its end, or check found warnings alone.
`

const setupUsage = `Usage: thalamus setup [--admin ID] [--name NAMES] [--cert FILE --key FILE]
                     [--database-url-file FILE] [--dry-run]

Makes a hub serve on this machine, as root: a database, a certificate, the
configuration in /etc/thalamus, the first administrator, and a service that starts
with the machine. It asks for what is not said, and tells at its end how browsers,
nodes and phones find the hub and come to trust it.

Each step says whether it was done, or is so already: run again, setup changes
nothing that is right, and goes on where it failed.

    --admin ID       federation account of the first administrator. Its password is
                     asked for on a terminal; otherwise it is the first line of
                     standard input. If there is none, one is made up and shown once
    --name NAMES     host names and addresses for a self-signed certificate, with
                     commas; as a rule those that the machine knows of itself, or
                     those of before. Other names make another certificate
    --cert FILE, --key FILE
                     a certificate with its chain, and its key, as PEM files. They
                     are copied: run setup so again when they were renewed
    --database-url-file FILE
                     a file with the URL of a PostgreSQL elsewhere; it is copied. As
                     a rule the database is made in the PostgreSQL of this machine,
                     which knows the system user thalamus without a password
    --dry-run        change nothing; print what setup would do, as a script for sh
`

const serveUsage = `Usage: thalamus serve [--config FILE]

Serves the federation's database over HTTPS until it is told to stop by SIGTERM
or SIGINT; requests under way are finished first. It waits for a database that is
away, or not migrated yet. Where systemd listens for it, it takes up those sockets
in place of server.listen. SIGHUP makes it read the roles
file and the certificate again, and go on in a new file with the access record
if the old one was renamed. A certificate that is renewed in its place is taken
up by itself.

Without a configuration file the environment must say enough: THALAMUS_DATABASE_URL
and THALAMUS_ACCESS_ROLES at least.

    --config FILE    configuration; default /etc/thalamus/thalamus.toml
`

const migrateUsage = `Usage: thalamus migrate [--config FILE] [--check]

Makes the configured database fit for this version, or a database of the Python
server, which stays usable for that server. It only adds, and can be repeated.

    --config FILE    configuration; default /etc/thalamus/thalamus.toml
    --check          change nothing; exit status 1 if something is missing
`

const restoreUsage = `Usage: thalamus restore person|page|document|unit|institution ID [--page PAGE] [--config FILE]

Puts back a deleted record as it was before, a document with its bytes. It goes
on with the next version, and its history tells of it. A page needs its person,
a document its person and page: restore those first. A person comes back without
links to others, and without a password; thalamus account password ID gives one.

    --page PAGE      of a document whose data does not name its page, or another
    --config FILE    configuration; default /etc/thalamus/thalamus.toml
`

const eraseUsage = `Usage: thalamus erase PERSON [--yes] [--force] [--config FILE]

Removes a person with all links, pages and documents, also if they were deleted
before, and what the history and the feed hold of them. This cannot be undone. Of each
record there stays that this id was deleted, and when. Those who follow the feed
are told of the deletions; what they, backups and logs hold is not removed.

The configured database user must be the owner of the tables, with whom thalamus
migrate is run.

    --yes            do not ask; needed where there is no terminal
    --force          also the last account that can administer accounts
    --config FILE    configuration; default /etc/thalamus/thalamus.toml
`

const demoUsage = `Usage: thalamus demo [--data DIR] [--fresh] [--port N]

Serves a small invented federation on https://localhost:8443, with a PostgreSQL
of its own. Its passwords are public, so it listens on this machine only. What
is changed is kept for the next time. While it runs, other commands work on it
with --config DIR/thalamus.toml.

    --data DIR       where the demo lives; default thalamus/demo in your state
                     folder, /var/lib/thalamus/demo for root
    --fresh          throw the demo's data away and start over; stop it before
    --port N         listen on another port than 8443
`

const duplicatesUsage = `Usage: thalamus duplicates [--after PLACE] [--config FILE]

Lists all pairs of persons who are probably one and the same, a JSON object a
line, each pair once, the smaller id first, in no order:

    {"person":"ID","other":"ID","score":0.9731,
     "parts":{"names":0.95,"birth":1.00,"gender":1.00,"household":null}}

score is the probability that they are one person; pairs from 0.5 on are listed.
parts tell how far each agrees, from 0 to 1, and null where there is nothing to
compare. Pairs of whom a link says that they are the same, or are not, are left
out, and what follows from links, too. /people/ID/matches tells of one person by
the same comparison.

It only reads, and can be interrupted by SIGINT or SIGTERM. Then it says how to go
on from there: both lists together are the whole. Where other names are frequent by
then, it says so, and must begin anew.

    --after PLACE    go on from where an earlier list ended
    --config FILE    configuration; default /etc/thalamus/thalamus.toml
`

const importUsage = `Usage: thalamus import FILE... [--resource NAME] [--book PERSON] [--with-roles] [--report FILE] [--config FILE]

Loads records; - is standard input. A record is a JSON object, as export writes it:

    {"resource":"institution","id":"ID","data":{...}}
    {"resource":"unit","id":"ID","data":{...}}
    {"resource":"person","id":"ID","data":{...}}
    {"resource":"page","id":"ID","person":"ID","data":{...}}
    {"resource":"document","id":"ID","person":"ID","page":"ID","data":{...},"bytes":"BASE64"}
    {"resource":"link","person":"ID","data":{"person":"ID","same":true}}

Records stand one behind the other, each on as many lines as it likes, or in arrays:
what GET /people and GET /pols/PERSON of a hub give can be imported as it is, also
several such lists in one file. A record may be only its data: with book it is a
page, with lastname, dob, gender, roles or password a person, with --book a page
besides; of others --resource says what they are. Whose page it is says person, or else --book, or else
its own book, which is stored as it is in any case. Persons come before their pages, pages before
their documents. A link says that two persons are the same, or are not; who
said so and when, account and time, may be in its data.

The rules are those of the server. What is there already with the same content is
counted, so that an interrupted import is simply run again. An id that has other
content is refused, never overwritten; so is a link that contradicts what is
known of the two persons. Passwords are taken as bcrypt hashes only.

Refused records are told by the line on which they begin, and by their own number
in the file where that is another one; the first 20 in full. A record that has no
end is refused alone, unless it is in an array: nothing behind it is read then.
Exit status 3: some records were refused; all others are stored.

    --resource NAME  what records are that do not tell: person, page, unit or
                     institution
    --book PERSON    whose the pages are that have no person beside their data,
                     whatever book says there; without it those whose book is
                     null or not there are refused
    --with-roles     take roles and active of persons as they are in the file, and
                     none where there are none. Without it a person with roles
                     other than end_user, or who is not active, is refused, and
                     one without roles becomes an end_user
    --report FILE    write every refused line's number and reason to a file
    --config FILE    configuration; default /etc/thalamus/thalamus.toml

Moving a federation: thalamus export --with-passwords --out all.jsonl, and at the
other place thalamus import --with-roles all.jsonl
With nothing but an account at the old hub, which gives no passwords:

    curl -u ACCOUNT https://OLD/people | thalamus import --with-roles -
    curl -u ACCOUNT https://OLD/pols/PERSON | thalamus import --book PERSON -
`

const exportUsage = `Usage: thalamus export [--out FILE] [--with-passwords] [--config FILE]

Writes all institutions, domiciliary units, persons, pages, documents and the
links between persons, as they are at one moment, in the lines that import reads.
Equal federations give equal files.

It is no backup: the history of records, and their versions, are not in it.
pg_dump saves everything.

    --out FILE         write to a file that only you can read, which appears when
                       it is complete; otherwise to standard output
    --with-passwords   write the hashes of passwords, too
    --config FILE      configuration; default /etc/thalamus/thalamus.toml
`

const versionUsage = `Usage: thalamus version

Tells the version, as thalamus --version does.
`

func help(args []string, env environment) error {
	if len(args) == 0 {
		fmt.Fprint(env.stdout, generalUsage)
		return nil
	}

	c, ok := commands()[args[0]]
	if !ok {
		return usageError(fmt.Sprintf("there is no command %q", args[0]))
	}

	fmt.Fprint(env.stdout, c.usage)
	return nil
}

// errHelp makes run print the command's usage.
var errHelp = errors.New("help was asked for")

func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// anyNumber of arguments.
const anyNumber = -1

// parse reads options wherever they stand before a --, and gives the other
// arguments, of which there must be n.
func parse(flags *flag.FlagSet, args []string, n int) (rest []string, err error) {
	for {
		err := flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return nil, errHelp
		}
		if err != nil {
			return nil, usageError(fmt.Sprintf("%s: %v; see thalamus help %[1]s", flags.Name(), err))
		}
		if read := len(args) - flags.NArg(); read > 0 && args[read-1] == "--" || flags.NArg() == 0 {
			rest = append(rest, flags.Args()...)
			break
		}

		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}

	if n != anyNumber && len(rest) != n {
		return nil, usageError(fmt.Sprintf("%s takes %d arguments, not %d (%s); see thalamus help %[1]s", flags.Name(), n, len(rest), strings.Join(rest, " ")))
	}
	return rest, nil
}
