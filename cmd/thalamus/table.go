// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"thalamus/internal/command"
	"thalamus/internal/manual"
)

const (
	programAbout = `Thalamus is the message and authentication server of the GNU Health Federation.`

	programNotes = `thalamus help COMMAND tells more about a command. Commands read the configuration
/etc/thalamus/thalamus.toml where there is one, or the file after --config. The
shipped one, /usr/share/thalamus/thalamus.toml, explains every key; each can be set in
the environment instead, as in THALAMUS_DATABASE_URL or THALAMUS_SERVER_LISTEN. The two
files have man pages of their own, thalamus.toml(5) and roles.cfg(5).

Exit status: 0 all went well, 1 it failed, 2 the command line is wrong,
3 import or account add refused some of it, follow cannot go on from its cursor,
seen could not read a file to its end, or check found warnings alone.`
)

// topics are those of the manual.
func topics() (all []command.Topic) {
	for _, topic := range manual.Topics() {
		all = append(all, command.Topic{Name: topic.Name, Summary: topic.Purpose})
	}
	return all
}

// table is all commands, in the order in which help lists them.
func table(env environment) command.Table {
	return command.Table{
		Program: "thalamus", About: programAbout, Notes: programNotes, Topics: topics(),
		Commands: []command.Command{
			demoCommand(env),
			setupCommand(env),
			migrateCommand(env),
			accountCommand(env),
			serveCommand(env),
			checkCommand(env),
			restoreCommand(env),
			eraseCommand(env),
			deletedCommand(env),
			seenCommand(env),
			followCommand(env),
			duplicatesCommand(env),
			importCommand(env),
			exportCommand(env),
			versionCommand(env),
		},
	}
}
