// SPDX-License-Identifier: GPL-3.0-or-later

package document

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
)

// FileName gives the name to save a document under: its filename, or its id and extension.
func FileName(data fed.Record, id string) string {
	said := record.KeysOf(data)
	name, _ := record.Text(said.FileName)
	if clean := SanitizeFileName(name); clean != "" {
		return clean
	}

	name = cmp.Or(SanitizeFileName(id), defaultFileName)
	extension, _ := record.Text(said.Extension)
	if clean := SanitizeFileName(extension); clean != "" {
		return name + "." + clean
	}

	return name
}

// defaultFileName stands where no other name is left after SanitizeFileName.
const defaultFileName = "document"

// SanitizeFileName makes a file name of a text: the part behind the last slash, without
// control characters and without bidirectional controls, which show fdp.exe as exe.pdf. It is
// empty if only dots are left.
func SanitizeFileName(name string) string {
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

// Attachment makes the Content-Disposition of a document. A name with other characters than
// ASCII, or with ones that some clients misread, gets an ASCII fallback beside it (RFC 6266).
func Attachment(name string) string {
	fallback := strings.NewReplacer(`"`, "_", `%`, "_").Replace(record.ASCII(name))
	header := mime.FormatMediaType("attachment", map[string]string{"filename": cmp.Or(SanitizeFileName(fallback), defaultFileName)})
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
