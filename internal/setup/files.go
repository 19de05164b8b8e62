// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"

	"thalamus/internal/shell"
)

// user is the step to the system user as whom the server runs.
func (p *Plan) user() Step {
	name := p.options.User
	return Step{
		Name: "the system user " + name,
		Done: func(context.Context) bool { _, err := user.Lookup(name); return err == nil },
		Shell: func() []string {
			return []string{"useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin " + shell.Quote(name)}
		},
	}
}

// configuration is the step to a thalamus.toml with what is wanted in it.
func (p *Plan) configuration() Step {
	file := p.options.Config()
	return Step{
		Name:  "the configuration " + file,
		Done:  func(context.Context) bool { return len(p.edits()) == 0 && isPrivate(file, p.options.User) },
		Shell: func() []string { return p.configureCommands(file) },
	}
}

func (p *Plan) configureCommands(file string) (lines []string) {
	group := shell.Quote(p.options.User)
	_, err := os.Stat(file)
	switch {
	case err != nil:
		lines = append(lines, "install -D -m 640 -g "+group+" "+shell.Quote(p.options.template())+" "+shell.Quote(file))
	case !isPrivate(file, p.options.User):
		lines = append(lines, "chgrp "+group+" "+shell.Quote(file), "chmod 640 "+shell.Quote(file))
	}

	if edits := p.edits(); len(edits) > 0 {
		line := "sed -i"
		for _, edit := range edits {
			line += " \\\n    -e " + shell.Quote(edit)
		}
		lines = append(lines, line+" \\\n    "+shell.Quote(file))
	}

	return lines
}

// isPrivate reports whether a file can be read by its owner, this group and nobody else.
func isPrivate(file, group string) bool {
	info, err := os.Stat(file)
	found, unknown := user.LookupGroup(group)
	if err != nil || unknown != nil {
		return false
	}

	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && strconv.Itoa(int(owner.Gid)) == found.Gid && info.Mode().Perm() == 0o640
}

// sameContent reports whether two files hold the same.
func sameContent(from, to string) bool {
	source, err := os.ReadFile(from)
	if err != nil {
		return false
	}

	target, err := os.ReadFile(to)
	if err != nil {
		return false
	}
	return bytes.Equal(source, target)
}

// installCommand is the line that copies a file for a group to read.
func installCommand(from, to, group string, mode fs.FileMode) string {
	return strings.Join([]string{"install -D -m", strconv.FormatUint(uint64(mode), 8), "-g", shell.Quote(group), shell.Quote(from), shell.Quote(to)}, " ")
}
