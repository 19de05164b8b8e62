// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"crypto/md5" //nolint:gosec // no secret: the index of the database has the same
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An id of FHIR has letters, digits, "-" and "." only, and 64 of them at most. Other bytes of ours
// are written as "." with two hexadecimal digits. Where that is too long, ".." and a digest stand for it,
// by which the database finds it. Each id has one form only.
const (
	longest     = 64
	longestPage = 36 // a UUID: the rest tells the observations of a page apart
	longestPath = 22 // of those: of where a measurement stands, behind two characters and a number of four digits
)

const digestMark = ".."

// part divides the id of a page from what tells its observations apart. It is no escape.
const part = ".-"

// ID is the FHIR id of a record other than a page.
func ID(id string) string { return shorten(escape(id), id, longest) }

// PageID is the FHIR id of what is made of a page as a whole.
func PageID(id string) string { return shorten(escape(id), id, longestPage) }

// observationID is the FHIR id of a measurement, by where it stands in a page; element is negative of all
// measurements.
func observationID(page string, element int, path string) string {
	place := escape(path)
	if path != "" && isDigit(path[0]) { // it follows a number
		place = escapeByte(path[0]) + escape(path[1:])
	}

	place = shorten(place, path, longestPath)
	if element >= 0 {
		place = strconv.Itoa(element) + place
	}
	return page + part + place
}

func shorten(escaped, id string, most int) string {
	if len(escaped) <= most {
		return escaped
	}
	return digestMark + digest(id)[:min(2*md5.Size, most-len(digestMark))]
}

// digest is what PostgreSQL's md5 gives.
func digest(id string) string {
	sum := md5.Sum([]byte(id)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// escape writes an id in characters of FHIR.
func escape(id string) string {
	if isUnescaped(id) {
		return id
	}

	var b strings.Builder
	for i := range len(id) {
		if c := id[i]; isLiteral(c) {
			b.WriteByte(c)
		} else {
			b.WriteString(escapeByte(c))
		}
	}
	return b.String()
}

func escapeByte(c byte) string { return fmt.Sprintf(".%02X", c) }

func isUnescaped(id string) bool {
	for i := range len(id) {
		if !isLiteral(id[i]) {
			return false
		}
	}
	return true
}

func isLiteral(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || c == '-'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Name is the name of a record in an id of FHIR: its own id, or the digest of that.
type Name struct{ ID, Digest string }

// ReadID reads what ID gave; ok is false for what it cannot have given.
func ReadID(text string) (name Name, ok bool) { return read(text, longest) }

// ReadPageID reads the id of what is made of a page, of the whole page or of a measurement.
func ReadPageID(text string) (name Name, ok bool) {
	page, _, _ := strings.Cut(text, part)
	return read(page, longestPage)
}

func read(text string, most int) (name Name, ok bool) {
	if sum, isDigest := strings.CutPrefix(text, digestMark); isDigest {
		return Name{Digest: sum}, len(sum) == 2*md5.Size && strings.Trim(sum, "0123456789abcdef") == ""
	}

	id, ok := unescape(text)
	return Name{ID: id}, ok && id != "" && len(text) <= most && escape(id) == text && utf8.ValidString(id) && !strings.ContainsRune(id, 0)
}

func unescape(text string) (id string, ok bool) {
	var b strings.Builder
	for {
		plain, rest, escaped := strings.Cut(text, ".")
		b.WriteString(plain)
		if !escaped {
			return b.String(), true
		}
		if len(rest) < 2 {
			return "", false
		}

		c, err := strconv.ParseUint(rest[:2], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(c))
		text = rest[2:]
	}
}
