// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"thalamus/internal/access"
	docs "thalamus/internal/document"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// archivedDocument is a document whose bytes come behind the lists.
type archivedDocument struct {
	Key   store.DocumentKey
	File  string // in the ZIP; "": there are no bytes
	Title string
}

// writeDocumentList writes what is said about the documents, and keeps where their bytes are to go.
func (a *archive) writeDocumentList() error {
	if !a.allows(access.PersonalDocs) || !a.allows(access.Document) {
		a.missing = append(a.missing, say("archive.no_documents"))
		return nil
	}

	return a.writeLines("documents", func(add func([]byte) error) error {
		return a.store.EachDocument(a.ctx, a.c.Subject, "", store.Keyset[string]{}, a.pieces, func(e store.DocumentEntry) error {
			entry, err := docs.EntryText(a.c, e)
			if err != nil {
				return err
			}

			line, err := json.Marshal(a.keepDocument(e))
			if err != nil {
				return err
			}
			return add(fmt.Appendf(nil, `{"file":%s,"entry":%s}`, line, entry))
		})
	})
}

// keepDocument gives the file that a document's bytes will be in, or nil.
func (a *archive) keepDocument(e store.DocumentEntry) (file *string) {
	name := docs.FileName(e.Data, e.ID)
	kept := archivedDocument{Title: cut(name, maxExcerpt)}
	if e.HasBytes && e.Person != nil && e.Page != nil {
		kept.Key = store.DocumentKey{Person: *e.Person, Page: *e.Page, ID: e.ID}
		kept.File = fmt.Sprintf("documents/%04d/%s", len(a.documents)+1, portableName(name, e.Data))
		file = &kept.File
	}
	a.documents = append(a.documents, kept)
	return file
}

// longestName is a limit in bytes that every file system keeps.
const longestName = 120

// portableName makes a file name that every system takes. One without an extension gets that of
// its type.
func portableName(name string, data fed.Record) string {
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune(`<>:"|?*`, c) {
			return '_'
		}
		return c
	}, name)

	extension := path.Ext(name)
	stem := strings.TrimSuffix(name, extension)
	if extension == "" || len(extension) > len(".jpeg")+5 {
		stem, extension = name, extensionOf(data)
	}
	for len(stem) > longestName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	return cmp.Or(strings.TrimRight(stem, " ."), "document") + extension
}

// viewed are the extensions of files that a browser shows without running them, by their types.
var viewed = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf", "text/plain": ".txt",
}

func extensionOf(data fed.Record) string {
	contentType, _ := record.Text(record.KeysOf(data).ContentType)
	essence, _, _ := strings.Cut(contentType, ";")
	return viewed[strings.ToLower(strings.TrimSpace(essence))]
}

// Href leads to a file that a browser shows by its extension without running it. Any other is
// only named in index.html: opened from there, a page of HTML would run as a page of this disk.
func (d archivedDocument) Href() string {
	extension := strings.ToLower(path.Ext(d.File))
	if extension != ".jpeg" && !slices.Contains(viewedExtensions, extension) {
		return ""
	}
	return (&url.URL{Path: d.File}).EscapedPath()
}

var viewedExtensions = func() (all []string) {
	for _, extension := range viewed {
		all = append(all, extension)
	}
	return all
}()

// writeDocuments writes the bytes, a piece at a time.
func (a *archive) writeDocuments() error {
	for _, d := range a.documents {
		if d.File == "" {
			continue
		}
		if err := a.writeDocument(d); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) writeDocument(d archivedDocument) error {
	document, err := a.store.Document(a.ctx, d.Key)
	if err != nil {
		return err
	}

	file, err := a.create(d.File)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, a.store.OpenDocument(a.ctx, d.Key, document, nil))
	return err
}
