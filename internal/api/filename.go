// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
	"fmt"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// fileName gives a name to save a document under.
func fileName(d store.Document, id string) string {
	said := record.KeysOf(d.Data)
	name, _ := record.Text(said.FileName)
	if clean := sanitizeFileName(name); clean != "" {
		return clean
	}

	name = cmp.Or(sanitizeFileName(id), defaultFileName)
	extension, _ := record.Text(said.Extension)
	if clean := sanitizeFileName(extension); clean != "" {
		return name + "." + clean
	}

	return name
}

// defaultFileName is the name of what has none that a file may have.
const defaultFileName = "document"

// sanitizeFileName makes a file name of a text: the part behind the last slash, without
// control characters and those that change the direction of what follows, which make
// exe.pdf of fdp.exe. It is empty if nothing is left but dots.
func sanitizeFileName(name string) string {
	if !utf8.ValidString(name) {
		name = gate.FromLatin1(name)
	}

	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return -1
		}
		return c
	}, name)
	if runes := []rune(name); len(runes) > fed.LongestID {
		name = string(runes[:fed.LongestID])
	}

	if strings.Trim(name, ". ") == "" {
		return ""
	}

	return strings.TrimSpace(name)
}

// attachment is the Content-Disposition of a document. A name that is not ASCII, or holds
// what some clients read otherwise, comes beside a fallback (RFC 6266).
func attachment(name string) string {
	fallback := strings.NewReplacer(`"`, "_", `%`, "_").Replace(record.ASCII(name))
	header := mime.FormatMediaType("attachment", map[string]string{"filename": cmp.Or(sanitizeFileName(fallback), defaultFileName)})
	if fallback == name {
		return header
	}
	return header + "; filename*=UTF-8''" + encodeExtended(name)
}

// encodeExtended encodes the value of an extended parameter (RFC 8187).
func encodeExtended(value string) string {
	var b strings.Builder
	for _, c := range []byte(value) {
		if c < utf8.RuneSelf && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0) {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
