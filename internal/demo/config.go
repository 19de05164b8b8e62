// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"os"
	"strconv"
	"strings"

	"thalamus/etc"
	"thalamus/internal/config"
)

// configText is the configuration of a demo, with which other commands find it, too.
const configText = `# thalamus demo writes this file anew at each start. While the demo runs, other
# commands work on it: thalamus deleted --config THIS-FILE

[server]
listen = "127.0.0.1:PORT"
tls_cert = "cert.pem"
tls_key = "key.pem"
drain_delay = "0s"
title = "Puerto Salvia (a demo)"
contact = "Nobody: all people and places here are invented."

[database]
url = URL

[access]
roles = "roles.cfg"
record = "access.jsonl"
`

// Files of a demo's directory.
const (
	configFile = "thalamus.toml"
	certFile   = "cert.pem"
	keyFile    = "key.pem"
	rolesFile  = "roles.cfg"
	recordFile = "access.jsonl"
)

// ConfigFile is the configuration, for other commands.
func (d Dir) ConfigFile() string { return d.file(configFile) }

// Configure writes the configuration and the files that it names, and reads it as any command
// does. The database has no password: only its owner may enter its socket's directory.
func (d Dir) Configure(url string, port uint) (c config.Config, err error) {
	if err := d.certify(); err != nil {
		return c, err
	}
	if err := d.write(rolesFile, string(etc.Roles)); err != nil {
		return c, err
	}

	text := strings.NewReplacer("PORT", strconv.FormatUint(uint64(port), 10), "URL", strconv.Quote(url)).Replace(configText)
	if err := d.write(configFile, text); err != nil {
		return c, err
	}

	c, _, err = config.Load(d.ConfigFile(), nil)
	return c, err
}

// write writes a file that only its owner can read, whatever an older one was.
func (d Dir) write(name, text string) error {
	if err := os.Remove(d.file(name)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(d.file(name), []byte(text), 0o600)
}
