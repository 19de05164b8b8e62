// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"thalamus/internal/fed"
)

// entityTags is a list of entity tags, as If-Match and If-None-Match have one. The hub's own
// are versions; others are left out.
type entityTags struct {
	any      bool    // it is *
	versions []int64 // never nil
}

// readEntityTags reads a header; nil when it was not sent.
func readEntityTags(r *http.Request, header string) (*entityTags, error) {
	values := r.Header[header]
	if values == nil {
		return nil, nil //nolint:nilnil // no header is no mistake
	}

	text := strings.Join(values, ",")
	if strings.Trim(text, " \t") == "*" {
		return &entityTags{any: true}, nil
	}

	rest := strings.TrimLeft(text, " \t,")
	if rest == "" {
		return nil, invalidTags(header)
	}

	read := entityTags{versions: []int64{}}
	for rest != "" {
		opaque, behind, ok := cutEntityTag(rest)
		if !ok {
			return nil, invalidTags(header)
		}

		if version, ok := versionOfTag(opaque); ok {
			read.versions = append(read.versions, version)
		}

		rest = strings.TrimLeft(behind, " \t,")
	}

	return &read, nil
}

func invalidTags(header string) error {
	return fed.Errorf(fed.Malformed, "%s must be * or a list of entity tags in quotation marks.", header)
}

// versionTag is a version, and a suffix that proxies append: a dash, two of them or a
// semicolon with a word.
var versionTag = regexp.MustCompile(`^([0-9]+)((--?|;)[A-Za-z][A-Za-z0-9]*)?$`)

// versionOfTag reads a tag of the hub's own. A proxy that compresses makes it another one on the way
// to the client, 3-gzip of 3, or a weak one, and takes neither back: the number counts.
func versionOfTag(opaque string) (version int64, ok bool) {
	parts := versionTag.FindStringSubmatch(opaque)
	if parts == nil {
		return 0, false
	}

	version, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return 0, false
	}

	return version, strconv.FormatInt(version, 10) == parts[1]
}

// cutEntityTag cuts the first entity tag off a list, without its quotation marks.
func cutEntityTag(text string) (opaque, rest string, ok bool) {
	text, ok = strings.CutPrefix(strings.TrimPrefix(text, "W/"), `"`)
	if !ok {
		return "", "", false
	}

	opaque, rest, ok = strings.Cut(text, `"`)
	control := strings.ContainsFunc(opaque, func(c rune) bool { return c <= ' ' || c == 0x7f })
	rest = strings.TrimLeft(rest, " \t")
	return opaque, rest, ok && !control && (rest == "" || rest[0] == ',')
}

// preconditions reads If-Match and If-None-Match.
func preconditions(r *http.Request) (w fed.Write, err error) {
	match, err := readEntityTags(r, "If-Match")
	if err != nil {
		return w, err
	}

	if match != nil {
		w.Old = true
		if !match.any {
			w.Versions = match.versions
		}
	}

	none, err := readEntityTags(r, "If-None-Match")
	if err != nil {
		return w, err
	}

	if none != nil {
		w.New, w.Except = none.any, none.versions
	}

	return w, nil
}

var revalidate = []string{"private, no-cache"}

// setVersion sets the headers of a reply about a version of a record.
func setVersion(header http.Header, version int64) {
	header["Etag"] = []string{`"` + strconv.FormatInt(version, 10) + `"`}
	header["Cache-Control"] = revalidate
}

// setVersionOfError is setVersion for an error that is about the version.
func setVersionOfError(header http.Header, err error) {
	var known *fed.Error
	if errors.As(err, &known) && known.Version != 0 {
		setVersion(header, known.Version)
	}
}

// Unchanged answers a client that has this version already: then done is true, and nothing
// more is to be sent.
func Unchanged(w http.ResponseWriter, r *http.Request, version int64) (done bool, err error) {
	asked, err := preconditions(r)
	switch {
	case err != nil:
		return false, err
	case asked.Versions != nil && !slices.Contains(asked.Versions, version):
		return false, fed.OtherVersion(version)
	}

	setVersion(w.Header(), version)
	if asked.New || slices.Contains(asked.Except, version) {
		w.WriteHeader(http.StatusNotModified)
		return true, nil
	}

	return false, nil
}
