// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"thalamus/internal/store"
)

// Options describe the wanted installation. An empty one leaves the configuration as it is.
type Options struct {
	Dir    string   // of the configuration, with thalamus.toml in it
	Shared []string // directories of which one has the thalamus.toml to begin with
	User   string   // the system user who serves, and has a group of this name
	Record string   // the file of the access record, where none is configured

	Socket string // the directory of the Unix socket of a PostgreSQL on this machine
	DB     string // the name of the database there

	URLFile string // a file with the URL of a database elsewhere

	Cert, Key string   // PEM files of a certificate; without them one is self-signed
	Names     []string // host names and addresses for that one
}

// Plan is the steps to the files and the database.
type Plan struct {
	Steps []Step
	Cert  string // the file of the certificate

	options Options
	text    document // the configuration as it is
	wanted  []setting
}

// Config is the configuration file.
func (o Options) Config() string { return o.path("thalamus.toml") }

func (o Options) path(name string) string { return filepath.Join(o.Dir, name) }

// template is the shipped configuration; "" without one.
func (o Options) template() string {
	for _, dir := range o.Shared {
		file := filepath.Join(dir, "thalamus.toml")
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return ""
}

// provisioner makes the database on this machine.
func (o Options) provisioner() store.Provisioner {
	return store.Provisioner{Superuser: o.url("postgres", "postgres"), User: o.User, Database: o.DB}
}

// url is how a user reaches a database on this machine.
func (o Options) url(user, database string) string {
	url := "postgres:///" + database + "?host=" + o.Socket + "&user=" + user
	if port := o.port(); port != "" {
		url += "&port=" + port
	}
	return url
}

// port is that of the PostgreSQL on this machine, if it has the only one and not the usual.
func (o Options) port() string {
	const usual = ".s.PGSQL.5432"
	sockets, _ := filepath.Glob(filepath.Join(o.Socket, ".s.PGSQL.*[0-9]"))
	if len(sockets) != 1 || filepath.Base(sockets[0]) == usual {
		return ""
	}
	return strings.TrimPrefix(filepath.Base(sockets[0]), ".s.PGSQL.")
}

// read gives the configuration, or the one to begin with.
func (o Options) read() (document, error) {
	text, err := os.ReadFile(o.Config())
	if errors.Is(err, fs.ErrNotExist) {
		text, err = os.ReadFile(o.template())
	}
	if err != nil {
		return nil, fmt.Errorf("there is no %s that can be read, and no other to begin with: %w", o.Config(), err)
	}
	return strings.Split(string(text), "\n"), nil
}

// Unnamed reports whether a certificate will be made, and nobody has said for which names.
func (o Options) Unnamed() bool {
	text, _ := o.read()
	_, err := os.Stat(o.path(certFile))
	return err != nil && text.value("server", "tls_cert") == "" && o.Cert == "" && len(o.Names) == 0
}

// Make looks at what there is, and plans the rest.
func Make(o Options) (*Plan, error) {
	text, err := o.read()
	if err != nil {
		return nil, err
	}

	p := &Plan{options: o, text: text}
	certificate, err := p.certificate()
	if err != nil {
		return nil, err
	}

	if p.text.value("database", "url") == "" && p.text.value("database", "url_file") == "" {
		p.setFirstDefaults()
	}

	p.Steps = append(p.Steps, p.user(), p.database(), p.configuration(), certificate)
	return p, nil
}

// setFirstDefaults wants the first settings of a new hub, unless they are configured: an access record in a
// file, and no web site whose pages may use the hub.
func (p *Plan) setFirstDefaults() {
	for _, s := range []setting{{"access", "record", strconv.Quote(p.options.Record)}, {"server", "cors_origins", "[]"}} {
		if p.text.value(s.section, s.key) == "" {
			p.wanted = append(p.wanted, s)
		}
	}
}

// want is for a key to have a text, or to be a comment if that is empty.
func (p *Plan) want(section, key, text string) {
	toml := ""
	if text != "" {
		toml = strconv.Quote(text)
	}
	p.wanted = append(p.wanted, setting{section, key, toml})
}

// edits are the commands with which sed makes the configuration as it is wanted.
func (p *Plan) edits() (all []string) {
	for _, s := range p.wanted {
		if edit := p.text.edit(s); edit != "" {
			all = append(all, edit)
		}
	}
	return all
}
