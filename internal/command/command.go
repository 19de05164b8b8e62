// SPDX-License-Identifier: GPL-3.0-or-later

// Package command describes the commands of a program as rows of one table. From a row come the
// flags of a command, what is read of its command line, and its help page.
package command

import (
	"context"
	"fmt"
	"strings"

	"thalamus/internal/spelling"
)

// AnyNumber of arguments.
const AnyNumber = -1

// Table is a program and its commands, in the order in which help lists them.
type Table struct {
	Program      string
	About, Notes string // above and below the list of commands
	Commands     []Command
	Topics       []Topic
}

// Topic is something else that help tells of.
type Topic struct {
	Name    string
	Summary string // a phrase
}

// Command is a row of the table.
type Command struct {
	Name      string // its words: "restore", or "account add"
	Summary   string // a phrase for lists of commands
	Arguments string // as its usage shows them: "RESOURCE ID"
	Count     int    // of the arguments, or AnyNumber
	Flags     []Flag
	About     string // paragraphs above the flags
	Notes     string // paragraphs below them

	// Take removes arguments that only look like flags before flags are read, if it is not nil.
	Take func(args []string) (rest []string)
	// Run is nil for a group: its commands do the work.
	Run      func(ctx context.Context, args []string) error
	Commands []Command
}

// Flag is an option of a command.
type Flag struct {
	Name        string
	Placeholder string // of its value, as help shows it; empty for a bool
	Default     string // as help shows it; empty: none
	Help        string // a phrase
	Required    bool   // help shows it as such; the command checks it
	Repeated    bool
	Into        any // *string, *bool or *uint, which holds the default; or func(string) error
}

// UsageError is a mistake in a command line.
type UsageError string

func (e UsageError) Error() string { return string(e) }

// Find gives the command that the first words name, and the other words.
func (t Table) Find(words []string) (found Command, rest []string, err error) {
	if len(words) == 0 {
		return found, nil, UsageError(fmt.Sprintf("say what to do; %s help tells what there is", t.Program))
	}

	found, ok := named(t.Commands, words[0])
	if !ok {
		return found, nil, UsageError(fmt.Sprintf("there is no command %q; %s%s help tells what there is", words[0], t.guess(words[0]), t.Program))
	}
	return t.within(found, words[1:])
}

// within gives the command of a group that the first word names. Without such a word, or before
// a flag, it is the group itself.
func (t Table) within(group Command, words []string) (found Command, rest []string, err error) {
	if group.Run != nil || len(words) == 0 || strings.HasPrefix(words[0], "-") {
		return group, words, nil
	}

	name := group.Name + " " + words[0]
	found, ok := named(group.Commands, name)
	if !ok {
		return found, nil, UsageError(fmt.Sprintf("there is no command %q; %ssee %s help %s", name, isIt(name, group.Commands), t.Program, group.Name))
	}
	return found, words[1:], nil
}

func named(commands []Command, name string) (found Command, ok bool) {
	for _, c := range commands {
		if c.Name == name {
			return c, true
		}
	}
	return found, false
}

// guess asks whether a command was meant, or the help on a topic; it is empty if neither is
// near.
func (t Table) guess(word string) string {
	if question := isIt(word, t.Commands); question != "" {
		return question
	}

	var topics []string
	for _, topic := range t.Topics {
		topics = append(topics, topic.Name)
	}
	return question("help ", spelling.Nearest(word, topics))
}

func isIt(word string, commands []Command) string {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	return question("", spelling.Nearest(word, names))
}

func question(before, guess string) string {
	if guess == "" {
		return ""
	}
	return "is it " + before + guess + "? "
}
