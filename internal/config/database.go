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

// checkDatabase shows nothing of the values: the URL, or a text in its place by
// mistake, may hold the password. PostgreSQL's client decides whether it can read
// the rest.
func (l *loader) checkDatabase() {
	const url, file = "database.url", "database.url_file"
	if l.faulty[url] || l.faulty[file] {
		return
	}

	name := url // of the key to blame
	if l.cfg.Database.URLFile != "" {
		name = file
		l.readURLFile(file)
	}

	text := l.cfg.Database.URL.Reveal()
	switch {
	case l.faulty[file]:
	case text == "" && name == file:
		l.fault(file, "the file is empty")
	case text == "":
		l.fault(url, "is not set: write it in the file or in %sDATABASE_URL, or run thalamus setup", variablePrefix)
	case !connectionString.MatchString(text):
		l.fault(name, "this is not a database; write postgres://user@host:5432/database")
	}
}

// readURLFile reads the URL from the file of a secret store. Editors and
// echo end such a file with a newline, which is not part of it.
func (l *loader) readURLFile(name string) {
	d := &l.cfg.Database
	if d.URL.Reveal() != "" {
		l.fault(name, "database.url is set too; keep one of them")
		return
	}

	text, err := os.ReadFile(d.URLFile)
	if err != nil {
		l.fault(name, "the file cannot be read: %w", withoutFileName(err))
		return
	}

	d.URL = NewSecret(strings.TrimSpace(string(text)))
}

// withoutFileName is the error without the name of the file.
func withoutFileName(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
