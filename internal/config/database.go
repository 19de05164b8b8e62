// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// connectionString matches the two forms that PostgreSQL's clients read: a URL, and settings
// like "host=localhost dbname=federation".
var connectionString = regexp.MustCompile(`^(postgres(ql)?://|\s*[a-z_]+\s*=)`)

// checkDatabase checks both URLs.
func (l *loader) checkDatabase() {
	const url = "database.url"
	d := &l.cfg.Database
	l.checkURL(url, &d.URL, d.URLFile)
	l.checkURL("database.read_url", &d.ReadURL, d.ReadURLFile)

	if d.URL.Reveal() == "" && d.URLFile == "" && !l.faulty[url] {
		l.fault(url, "is not set: write it in the file or in %sDATABASE_URL, or run thalamus setup", variablePrefix)
	}
}

// checkURL shows nothing of the values: the URL, or a text in its place by
// mistake, may hold the password. PostgreSQL's client decides whether it can read
// the rest.
func (l *loader) checkURL(name string, url *Secret, fromFile string) {
	file := name + "_file"
	if l.faulty[name] || l.faulty[file] {
		return
	}

	blamed := name
	if fromFile != "" {
		blamed = file
		l.readURLFile(name, url, fromFile)
	}

	text := url.Reveal()
	switch {
	case l.faulty[file]:
	case text == "" && fromFile != "":
		l.fault(file, "the file is empty")
	case text != "" && !connectionString.MatchString(text):
		l.fault(blamed, "this is not a database; write postgres://user@host:5432/database")
	}
}

// readURLFile reads a URL from the file of a secret store. Editors and
// echo end such a file with a newline, which is not part of it.
func (l *loader) readURLFile(name string, url *Secret, from string) {
	file := name + "_file"
	if url.Reveal() != "" {
		l.fault(file, "%s is set too; keep one of them", name)
		return
	}

	text, err := os.ReadFile(from)
	if err != nil {
		l.fault(file, "the file cannot be read: %w", withoutFileName(err))
		return
	}

	*url = NewSecret(strings.TrimSpace(string(text)))
}

// withoutFileName is the error without the name of the file.
func withoutFileName(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
