// SPDX-License-Identifier: GPL-3.0-or-later

package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// ErrHelp says that the command line asks for the command's page.
var ErrHelp = errors.New("help was asked for")

// Parse finds the command that a command line names, reads its flags, and gives its arguments.
// With ErrHelp the page of the command is wanted.
func (t Table) Parse(words []string) (found Command, args []string, err error) {
	found, rest, err := t.Find(words)
	if err != nil {
		return found, nil, err
	}

	args, err = t.read(found, rest)
	return found, args, err
}

func (t Table) read(c Command, words []string) (args []string, err error) {
	if c.Take != nil {
		words = c.Take(words)
	}

	args, err = split(c.flagSet(), words)
	if errors.Is(err, flag.ErrHelp) {
		return nil, ErrHelp
	}

	see := fmt.Sprintf("see %s help %s", t.Program, c.Name)
	switch {
	case err != nil:
		return nil, UsageError(fmt.Sprintf("%s: %v; %s", c.Name, err, see))
	case c.Run == nil:
		return nil, UsageError(fmt.Sprintf("%s needs another word; %s", c.Name, see))
	case c.Count != AnyNumber && c.Count != len(args):
		return nil, UsageError(fmt.Sprintf("%s takes %d arguments, not %d (%s); %s", c.Name, c.Count, len(args), strings.Join(args, " "), see))
	}
	return args, nil
}

// flagSet is the flags as package flag reads them.
func (c Command) flagSet() *flag.FlagSet {
	set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	for _, f := range c.Flags {
		switch into := f.Into.(type) {
		case *string:
			set.StringVar(into, f.Name, *into, "")
		case *bool:
			set.BoolVar(into, f.Name, *into, "")
		case *uint:
			set.UintVar(into, f.Name, *into, "")
		case func(string) error:
			set.Func(f.Name, "", into)
		default:
			panic(fmt.Sprintf("%s --%s: no flag is read into a %T", c.Name, f.Name, into))
		}
	}
	return set
}

// split reads flags wherever they stand before a --, and gives the other words.
func split(set *flag.FlagSet, words []string) (args []string, err error) {
	for {
		if err := set.Parse(words); err != nil {
			return nil, err
		}

		read := len(words) - set.NArg()
		dashes := read > 0 && words[read-1] == "--"
		if dashes || set.NArg() == 0 {
			return append(args, set.Args()...), nil
		}

		args, words = append(args, set.Arg(0)), set.Args()[1:]
	}
}
