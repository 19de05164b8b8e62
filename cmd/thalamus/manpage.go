// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"strings"

	"thalamus/internal/command"
	"thalamus/internal/manual"
)

// manMark asks help for the source of a man page in place of the page for a terminal.
const manMark = "--man"

// manPage prints a man page as Markdown, which go-md2man reads: the program's, or that of the
// topic that the arguments name.
func manPage(commands command.Table, args []string, env environment) error {
	if len(args) == 0 {
		writeManPage(env, "thalamus", 1, "the hub of a GNU Health federation", commands.ManPage())
		return nil
	}

	topic, ok := manual.Find(args[0])
	if !ok {
		return command.UsageError(fmt.Sprintf("there is no topic %q; thalamus help tells what there is", args[0]))
	}

	name, section := topic.ManName()
	writeManPage(env, name, section, topic.Purpose, topic.ManPage())
	return nil
}

func writeManPage(env environment, name string, section int, purpose, body string) {
	fmt.Fprintf(env.stdout, "%% %s %d \"\" \"Thalamus %s\" \"Thalamus\"\n\n", strings.ToUpper(name), section, version)
	fmt.Fprintf(env.stdout, "# NAME\n\n%s - %s\n\n%s\n# SEE ALSO\n\n%s\n", name, purpose, body, seeAlso(name))
}

// seeAlso names the other man pages.
func seeAlso(name string) string {
	var others []string
	if name != "thalamus" {
		others = append(others, "**thalamus**(1)")
	}

	for _, topic := range manual.Topics() {
		other, _ := topic.ManName()
		if other != name {
			others = append(others, topic.ManReference())
		}
	}
	return strings.Join(others, ", ")
}
