// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

func configuration(_ context.Context, s Site) ([]Finding, error) {
	const explained = "The shipped thalamus.toml explains every key."
	if len(s.Faults) > 0 {
		return findingsOf(Fault, s.Faults, explained, nil), nil
	}

	name := s.File
	if name == "" {
		name = "The environment"
	}

	return findingsOf(Warning, s.Warnings, explained, passed("%s says enough, and nothing that is unknown.", name)), nil
}

// files checks the access rights of the configuration, and of the file with the database's
// password.
func files(_ context.Context, s Site) (found []Finding, err error) {
	if _, err := os.ReadFile(s.File); s.File != "" && err != nil {
		return unreadable("configuration", s.File, err), nil
	}

	for _, file := range []string{s.File, s.SecretFile} {
		if isOpen(file) && fileContains(file, s.Secret) && hasPassword(s.Secret) {
			found = append(found, warning("Everybody on this machine can read the database's password in "+file+".",
				"chmod o= "+file+", and choose another password.")...)
		}
	}

	if found == nil {
		found = passed("User %s can read the configuration, and not everybody a password.", effectiveUser())
	}

	return found, nil
}

// unreadable is the fault of a file that root can read and the serving user cannot.
func unreadable(what, file string, err error) []Finding {
	return fault(fmt.Sprintf("The %s cannot be read by user %s: %v.", what, effectiveUser(), err),
		fmt.Sprintf("If that is the user who serves: chgrp %s %s && chmod 640 %[2]s", effectiveUser(), file))
}

// isOpen reports whether everybody may do something with a file.
func isOpen(file string) bool {
	info, err := os.Stat(file)
	if err != nil {
		return false
	}
	return info.Mode().Perm()&0o007 != 0
}

func fileContains(file, text string) bool {
	content, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	return strings.Contains(string(content), text)
}

var passwordSetting = regexp.MustCompile(`(^|[\s?&])password\s*=`)

func hasPassword(databaseURL string) bool {
	if passwordSetting.MatchString(databaseURL) {
		return true
	}

	at, err := url.Parse(databaseURL)
	if err != nil {
		return false
	}
	_, has := at.User.Password()
	return has
}

// record looks whether the access record can be written.
func record(_ context.Context, s Site) ([]Finding, error) {
	if s.Record == "-" {
		return passed("The access record goes to standard output."), nil
	}

	remedy := fmt.Sprintf("Make the directory, and let it belong to the user who serves: install -d -o %s -m 750 %s", effectiveUser(), filepath.Dir(s.Record))
	file, err := os.OpenFile(s.Record, os.O_WRONLY|os.O_APPEND, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return newRecord(s.Record, remedy), nil
	}
	if err != nil {
		return fault(fmt.Sprintf("The access record cannot be written by user %s: %v.", effectiveUser(), err), remedy), nil
	}
	return passed("The access record is in %s.", s.Record), file.Close()
}

// newRecord is about an access record that does not exist yet.
func newRecord(file, remedy string) []Finding {
	if err := checkWritable(filepath.Dir(file)); err != nil {
		return fault(fmt.Sprintf("The access record cannot be begun by user %s: %v.", effectiveUser(), err), remedy)
	}
	return passed("The access record will be in %s.", file)
}

// checkWritable gives the reason why no file can be made in a directory, or nil.
func checkWritable(dir string) error {
	const writable, searchable = 2, 1
	if err := syscall.Access(dir, writable|searchable); err != nil {
		return &fs.PathError{Op: "write", Path: dir, Err: err}
	}
	return nil
}

// effectiveUser names the user as whom this process runs now. user.Current would name the one
// who started it, for it keeps its first answer.
func effectiveUser() string {
	id := strconv.Itoa(os.Geteuid())
	u, err := user.LookupId(id)
	if err != nil {
		return id
	}
	return u.Username
}
