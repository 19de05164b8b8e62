// SPDX-License-Identifier: GPL-3.0-or-later

// Package config reads thalamus.toml and the THALAMUS_... environment into a
// Config. Only the program itself imports it; other packages receive values.
//
// A new key needs a field with a toml tag, its default in Default, a line in
// etc/thalamus.toml and, where not every value will do, a line in rules.go. The
// file key, the environment variable and the messages follow from the tag.
package config

import (
	"log/slog"
	"net/netip"
	"time"
)

// Config is the whole configuration, one field for each section of the file.
type Config struct {
	Server    Server    `toml:"server"`
	Database  Database  `toml:"database"`
	Access    Access    `toml:"access"`
	Passwords Passwords `toml:"passwords"`
	Login     Login     `toml:"login"`
	Portal    Portal    `toml:"portal"`
	FHIR      FHIR      `toml:"fhir"`
	Feed      Feed      `toml:"feed"`
	Consent   Consent   `toml:"consent"`
	Search    Search    `toml:"search"`
	Log       Log       `toml:"log"`
	Admin     Admin     `toml:"admin"`
}

// Server holds where to listen and the limits of requests.
type Server struct {
	Listen          string         `toml:"listen"`              // host:port; an empty host is every address
	TLSCert         string         `toml:"tls_cert" path:"yes"` // PEM; empty without TLS
	TLSKey          string         `toml:"tls_key" path:"yes"`  // PEM; set if and only if TLSCert is
	HSTS            bool           `toml:"hsts"`                // browsers must come by TLS, if TLSCert is not self-signed
	AllowPlaintext  bool           `toml:"allow_plaintext"`     // serve without TLS beyond loopback
	MaxBody         Size           `toml:"max_body"`            // of a JSON body, and of a stored record
	MaxElements     int            `toml:"max_elements"`        // keys and array elements of a record
	MaxDocument     Size           `toml:"max_document"`        // of the bytes of one document
	MaxGrowth       Size           `toml:"max_growth"`          // of the database by one account within an hour
	Memory          Size           `toml:"memory"`              // for bodies and lists; 0: the program decides
	CORSOrigins     []string       `toml:"cors_origins"`        // "*" or scheme://host[:port], as browsers write it
	TrustedProxies  []netip.Prefix `toml:"trusted_proxies"`     // masked; compare with an unmapped address
	BasePath        string         `toml:"base_path"`           // before this server's paths, behind a proxy; empty: none
	Title           string         `toml:"title"`               // of the institution, on pages for people; empty: none
	Contact         string         `toml:"contact"`             // of those whom its people ask, there; empty: none
	Patience        time.Duration  `toml:"patience"`            // that a request has until its reply begins
	DrainDelay      time.Duration  `toml:"drain_delay"`         // between the signal to stop and the end of listening
	ShutdownTimeout time.Duration  `toml:"shutdown_timeout"`    // for requests under way, then they are cut off
}

// Database holds the connection to PostgreSQL.
type Database struct {
	URL      Secret `toml:"url"`                 // a URL or key=value settings; never empty after Load
	URLFile  string `toml:"url_file" path:"yes"` // where Load took URL from, or empty
	MaxConns int    `toml:"max_conns"`           // 0: the store decides; the same of each standby

	ReadURL     Secret        `toml:"read_url"`                 // of standbys that answer readers, as URL; empty: none
	ReadURLFile string        `toml:"read_url_file" path:"yes"` // where Load took ReadURL from, or empty
	ReadLag     time.Duration `toml:"read_lag"`                 // how far behind they may be
}

// Access holds the roles and the access record.
type Access struct {
	Roles  string `toml:"roles" path:"yes"`  // the roles.cfg file
	Record string `toml:"record" path:"yes"` // the file of the access record; "-" is standard output
}

// Passwords holds the rules for new passwords.
type Passwords struct {
	Cost      int `toml:"cost"`       // bcrypt's, the logarithm of the work
	MinLength int `toml:"min_length"` // in characters
}

// Login holds the costs of a login.
type Login struct {
	Remember time.Duration `toml:"remember"` // how long a right password is cached; 0: not at all
	Throttle bool          `toml:"throttle"` // refuse accounts that fail too often
	Workers  int           `toml:"workers"`  // comparisons at once; 0: cores minus one
}

// Portal holds the pages for people and how long their sessions last.
type Portal struct {
	Enabled bool          `toml:"enabled"`
	Idle    time.Duration `toml:"idle"`    // after the last request
	Longest time.Duration `toml:"longest"` // after the sign-in

	Duplicates string `toml:"duplicates"` // when the queue of duplicates is filled each day, like 03:30; "": never
}

// FHIR holds the face for programs that speak FHIR.
type FHIR struct {
	Enabled bool   `toml:"enabled"`
	Zone    string `toml:"zone"` // of times that are stored without one, as the IANA database names it
}

// Feed holds the retention of the changes.
type Feed struct {
	Retention time.Duration `toml:"retention"` // of changes that newer ones have overtaken; 0: for ever
}

// Consent holds what the law of a country says about books of which something is withheld.
type Consent struct {
	Emergency time.Duration `toml:"emergency"` // how long a book that is opened in one is open
	Tell      bool          `toml:"tell"`      // readers are told that a book is not whole
}

// Search holds the fields by which persons can be found, besides their names.
type Search struct {
	Fields []string `toml:"fields"` // top-level keys of persons
}

// Log holds the level and the format of the log.
type Log struct {
	Level  slog.Level `toml:"level"`
	Format string     `toml:"format"` // "text" or "json"
}

// Admin holds where those who run the server look: metrics, health and profiles.
type Admin struct {
	Listen string `toml:"listen"` // host:port; empty: nowhere
}

// Default is the configuration of an empty file. It has no database, so it is
// not a complete one.
func Default() Config {
	return Config{
		Server: Server{
			Listen:          ":8443",
			HSTS:            true,
			MaxBody:         8 << 20,
			MaxElements:     10_000,
			MaxDocument:     32 << 20,
			MaxGrowth:       256 << 20,
			CORSOrigins:     []string{"*"},
			TrustedProxies:  []netip.Prefix{},
			Patience:        30 * time.Second,
			DrainDelay:      3 * time.Second,
			ShutdownTimeout: 30 * time.Second,
		},
		Database:  Database{ReadLag: 5 * time.Second},
		Access:    Access{Roles: "/etc/thalamus/roles.cfg", Record: "-"},
		Passwords: Passwords{Cost: 12, MinLength: 8},
		Login:     Login{Remember: 10 * time.Minute, Throttle: true},
		Portal:    Portal{Enabled: true, Idle: 30 * time.Minute, Longest: 12 * time.Hour},
		FHIR:      FHIR{Enabled: true, Zone: "UTC"},
		Consent:   Consent{Emergency: 30 * time.Minute, Tell: true},
		Search:    Search{Fields: []string{"gender", "marital_status", "education", "profession"}},
		Log:       Log{Level: slog.LevelInfo, Format: "text"},
	}
}

// Load reads the file (none when the name is empty), lets the variables of
// environ, in os.Environ's form, win over it, and checks the result. The error
// has a line for every fault. The warnings are for the log: things that look
// wrong and harm nothing.
func Load(file string, environ []string) (Config, []string, error) {
	l := newLoader()
	readable := l.readFile(file)
	l.readEnviron(environ)

	if readable { // else half of the keys that the rules look at are missing
		l.check()
	}

	if err := l.err(); err != nil {
		return Config{}, l.warnings, err
	}

	return l.cfg, l.warnings, nil
}
