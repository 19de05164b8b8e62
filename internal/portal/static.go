// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

//go:embed static
var static embed.FS

// asset is a file that pages refer to. Its path changes with its content, so that browsers
// need not ask again.
type asset struct {
	path, mediaType string
	body            []byte
}

func newAsset(name, mediaType, more string) asset {
	body, err := static.ReadFile("static/" + name)
	if err != nil {
		panic(err) // the file is embedded
	}

	body = append(body, more...)
	sum, extension := sha256.Sum256(body), path.Ext(name)
	hashed := strings.TrimSuffix(name, extension) + "-" + hex.EncodeToString(sum[:8]) + extension
	return asset{"/portal/static/" + hashed, mediaType, body}
}

func (p *Portal) getStatic(w http.ResponseWriter, _ *http.Request, c *gate.Caller) error {
	if c.Param("file") != path.Base(p.style.path) {
		return fed.Errorf(fed.NotFound, "There is nothing at this path.")
	}

	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	gate.Reply(w, http.StatusOK, p.style.mediaType, p.style.body)
	return nil
}
