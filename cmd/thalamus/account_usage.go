// SPDX-License-Identifier: GPL-3.0-or-later

package main

const accountUsage = `Usage: thalamus account list [--role ROLE] [--inactive] [--json]
       thalamus account show ID [--json]
       thalamus account add ID [--name NAME] [--lastname NAME] [--role ROLE...] [--only]
       thalamus account add --from people.csv [--role ROLE...] [--only]
       thalamus account password ID [--enable]
       thalamus account roles ID +ROLE -ROLE... [--force]
       thalamus account disable ID [--force]
       thalamus account enable ID
       thalamus account delete ID

list tells who has a password, or other roles than end_user, and with --role who has
that role; show tells of one account. --json writes a JSON object a line.

add creates a person who can log in. It gives end_user beside other roles, because
that is the role by which people have their own record and change their own
password. password gives an account another password, which counts from the next
request on, and changes nothing else of it. Either is asked for on a terminal,
twice; otherwise it is the first line of standard input.

add --from reads a list as a spreadsheet writes it, CSV in UTF-8: its first line has
headings, id and, as far as they are known, name, lastname, gender (m, f, nb, other,
nd), dob (like 1990-05-31) and roles (with commas between them; otherwise those after
--role). It prints a first password for each who is created, to be handed out and
changed; it is nowhere else. Rows with a fault are told by line, and left out (exit
status 3). Who exists already is told, and keeps the password, so that the same list
can be read again; with >> what it printed before stays.

roles gives the roles with + and takes those with -. A role that the roles file does
not have is refused. disable closes an account, and enable opens it again. delete
removes a disabled one that has no pages or documents; thalamus restore puts it back.

The history has the operating system's user as who did it, like "os/ana". The last
account that can administer accounts (active, with a password, and with a role that
has the grant "roles") is neither disabled nor deprived of its role.

    --name NAME      as the person is called
    --lastname NAME  and the family
    --role ROLE      a role of the roles file; may be repeated
    --only           give no other roles than those
    --enable         open the account as well
    --force          also the last account that can administer accounts
    --inactive       only accounts that are closed
    --config FILE    configuration; default /etc/thalamus/thalamus.toml

Examples: thalamus account add ESPGNU777ADM --role root
          thalamus account add --from patients.csv >> passwords.txt
          thalamus account roles ESPGNU777NUR +health_professional -librarian
`
