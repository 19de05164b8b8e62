// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The largest values that PostgreSQL can work with. A jsonb value has 28 bits
// of length. pg_dump writes a document in hexadecimal and a row of at most
// 1 GiB: a larger document could be stored and not saved. max_connections is
// an 18-bit number.
const (
	maxBody     = 255 << 20
	maxDocument = 500 << 20
	maxConns    = 1<<18 - 1
)

// A standby is asked once a second how far it has come. What a reader may be told that is older than a
// minute is no read replica's.
const minReadLag, maxReadLag = 2 * time.Second, time.Minute

// A book that is opened for longer is open, and not opened in an emergency.
const minEmergency, maxEmergency = time.Minute, 24 * time.Hour

// maxElements is how many PostgreSQL counts in about a second with each change of a record.
const maxElements = 10_000_000

// MinBodies is how many of the largest bodies there must be memory for.
const MinBodies = 8

// maxWorkers is more cores than any machine has.
const maxWorkers = 4096

// check applies the rules that a type does not express. Keys that could not be
// read are left out: they hold their defaults and would mislead.
func (l *loader) check() {
	c := &l.cfg

	l.checkListen()
	l.checkAdmin()
	l.checkTLS()
	l.checkOrigins()
	l.require(basePath.MatchString(c.Server.BasePath), "server.base_path",
		"%q is no path of a proxy; write /thalamus, in letters, digits, - and _", c.Server.BasePath)

	l.requireRange("server.max_body", int64(c.Server.MaxBody), 1<<10, maxBody)
	l.requireRange("server.max_elements", int64(c.Server.MaxElements), 100, maxElements)
	l.requireRange("server.max_document", int64(c.Server.MaxDocument), 1<<10, maxDocument)
	l.requireRange("server.max_growth", int64(c.Server.MaxGrowth), 1<<10, math.MaxInt64/2)
	l.checkMemory()
	l.checkSite()
	l.requireRange("server.patience", int64(c.Server.Patience), 1, math.MaxInt64)
	l.requireRange("server.shutdown_timeout", int64(c.Server.ShutdownTimeout), 1, math.MaxInt64)

	l.checkDatabase()
	l.requireRange("database.max_conns", int64(c.Database.MaxConns), 0, maxConns)
	l.require(minReadLag <= c.Database.ReadLag && c.Database.ReadLag <= maxReadLag, "database.read_lag",
		"%v is not between %v and %v", c.Database.ReadLag, minReadLag, maxReadLag)

	l.require(c.Access.Roles != "", "access.roles", "is empty; write the name of a file")
	l.require(c.Access.Record != "", "access.record", "is empty; write the name of a file, or - for standard output")

	l.checkPasswords()
	l.requireRange("login.workers", int64(c.Login.Workers), 0, maxWorkers)

	l.requireRange("portal.idle", int64(c.Portal.Idle), 1, math.MaxInt64)
	l.requireRange("portal.longest", int64(c.Portal.Longest), 1, math.MaxInt64)
	l.checkClock()
	l.checkZone()
	l.require(minEmergency <= c.Consent.Emergency && c.Consent.Emergency <= maxEmergency, "consent.emergency",
		"%v is not between %v and %v", c.Consent.Emergency, minEmergency, maxEmergency)
	l.checkSearch()
	l.require(c.Log.Format == "text" || c.Log.Format == "json",
		"log.format", "%q is not a format; write text or json", c.Log.Format)
}

// checkSite keeps the texts of pages short, and without control characters.
func (l *loader) checkSite() {
	const longestTitle, longestContact = 200, 2000

	title, contact := l.cfg.Server.Title, strings.ReplaceAll(l.cfg.Server.Contact, "\n", " ")
	l.require(!strings.ContainsFunc(title, unicode.IsControl), "server.title", "has control characters")
	l.require(!strings.ContainsFunc(contact, unicode.IsControl), "server.contact", "has control characters")
	l.require(utf8.RuneCountInString(title) <= longestTitle, "server.title", "has more than %d characters", longestTitle)
	l.require(utf8.RuneCountInString(contact) <= longestContact, "server.contact", "has more than %d characters", longestContact)
}

// checkMemory wants room in one account's quarter for two of the largest bodies.
func (l *loader) checkMemory() {
	memory, least := l.cfg.Server.Memory, MinBodies*l.cfg.Server.MaxBody
	l.require(memory == 0 || memory >= least, "server.memory", "%v is too little; write 0, or at least %d times server.max_body: %v", memory, MinBodies, least)
}

func (l *loader) require(ok bool, name, format string, args ...any) {
	if !ok {
		l.fault(name, format, args...)
	}
}

// requireRange keeps a number between two others, in the units of its type.
func (l *loader) requireRange(name string, n, low, high int64) {
	k, _ := l.find(name)

	switch k.field.Interface().(type) {
	case Size:
		l.require(low <= n && n <= high, name, "%v is not between %v and %v", Size(n), Size(low), Size(high))
	case int:
		l.require(low <= n && n <= high, name, "%d is not between %d and %d", n, low, high)
	default:
		l.require(low <= n && n <= high, name, "must be more than zero")
	}
}

// checkPasswords accepts a length below the customary eight, because hubs for
// exercises and for numbers typed on a keypad exist; the log says so. No
// password has more than 64 characters, so no minimum can be higher. A cost of
// 17 would take ten seconds for each login.
func (l *loader) checkPasswords() {
	p := l.cfg.Passwords
	l.requireRange("passwords.cost", int64(p.Cost), 4, 16)
	l.requireRange("passwords.min_length", int64(p.MinLength), 1, 64)

	if p.Cost < 10 {
		l.warn("passwords.cost is %d: stolen hashes would be quick to guess; only tests need less than 10", p.Cost)
	}

	if p.MinLength < 8 {
		l.warn("passwords.min_length is %d: passwords shorter than 8 characters are quick to guess", p.MinLength)
	}
}
