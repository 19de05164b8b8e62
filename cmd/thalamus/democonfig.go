// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"strconv"
	"strings"

	"thalamus/etc"
	"thalamus/internal/config"
)

// demoConfig is the configuration of a demo, with which other commands find it, too.
const demoConfig = `# thalamus demo writes this file anew at each start. While the demo runs, other
# commands work on it: thalamus deleted --config THIS-FILE

[server]
listen = "127.0.0.1:PORT"
tls_cert = "cert.pem"
tls_key = "key.pem"
title = "Puerto Salvia (a demo)"
contact = "Nobody: all people and places here are invented."

[database]
url = URL

[access]
roles = "roles.cfg"
record = "access.jsonl"
`

// file names of a demo's directory.
const (
	demoConfigFile = "thalamus.toml"
	demoCert       = "cert.pem"
)

// configure writes the configuration and what it names, and reads it as any command does. The
// database has no password: who may enter its socket's directory may log in.
func (d demoDir) configure(url string, port uint) (*certificates, config.Config, error) {
	certs, err := d.certificates()
	if err != nil {
		return nil, config.Config{}, err
	}
	if err := d.write("roles.cfg", string(etc.Roles)); err != nil {
		return nil, config.Config{}, err
	}

	text := strings.NewReplacer("PORT", strconv.FormatUint(uint64(port), 10), "URL", strconv.Quote(url)).Replace(demoConfig)
	if err := d.write(demoConfigFile, text); err != nil {
		return nil, config.Config{}, err
	}

	c, _, err := config.Load(d.file(demoConfigFile), nil)
	return certs, c, err
}

// write writes a file that only its owner can read, whatever an older one was.
func (d demoDir) write(name, text string) error {
	if err := os.Remove(d.file(name)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(d.file(name), []byte(text), 0o600)
}
