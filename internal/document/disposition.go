// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"maps"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"thalamus/internal/gate"
)

// dispositionParams gives the parameters of a Content-Disposition. A header that breaks the
// standard is read leniently: many clients write file names as they are, blanks, commas and
// semicolons included.
func dispositionParams(header string) map[string]string {
	params := lenientParams(header)
	_, standard, err := mime.ParseMediaType(header)
	if err != nil {
		return params
	}

	maps.Copy(params, standard)
	return params
}

var (
	paramStart   = regexp.MustCompile(`;\s*([\w*-]+)\s*=\s*`)
	quotedString = regexp.MustCompile(`^"((?:[^"\\]|\\.)*)"\s*(?:;|$)`)
	unescaper    = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
)

// lenientParams reads parameters whose values end where the next one begins. Of two with one
// name the first counts.
func lenientParams(header string) map[string]string {
	params := map[string]string{}
	rest := ";" + header
	for at := paramStart.FindStringSubmatchIndex(rest); at != nil; at = paramStart.FindStringSubmatchIndex(rest) {
		key := strings.ToLower(rest[at[2]:at[3]])
		value, behind := lenientValue(rest[at[1]:])
		if _, double := params[key]; !double {
			params[key] = value
		}
		rest = behind
	}

	if name, ok := decodeExtended(params["filename*"]); ok {
		params["filename"] = name
	}

	return params
}

func lenientValue(text string) (value, rest string) {
	if at := quotedString.FindStringSubmatchIndex(text); at != nil {
		return unescaper.Replace(text[at[2]:at[3]]), text[at[3]+1:]
	}

	end := len(text)
	if next := paramStart.FindStringIndex(text); next != nil {
		end = next[0]
	}
	return strings.Trim(text[:end], " \t\""), text[end:]
}

// decodeExtended reads the value of an extended parameter (RFC 8187), also in Latin-1, which mime
// does not read.
func decodeExtended(value string) (text string, ok bool) {
	parts := strings.SplitN(value, "'", 3)
	text, err := url.PathUnescape(parts[len(parts)-1])
	if err != nil || len(parts) < 3 {
		return "", false
	}

	switch strings.ToLower(parts[0]) {
	case "utf-8", "us-ascii":
		return text, true
	case "iso-8859-1":
		return gate.FromLatin1(text), true
	}

	return "", false
}
