// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"net/http"
	"strings"
	"testing"
)

// A list of one piece has its length, below and above the size up to which net/http sets it.
func TestAShortListHasAContentLength(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, length := range []int{2, 2046, 2047, 2048, 2049, 2050, 30_000, 90_000} {
		h.DB.Exec(`DELETE FROM institutions`)
		if rest := length - len(`[[{"info": ""}]]`); rest > 0 {
			h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('A', jsonb_build_object('info', $1::text))`, strings.Repeat("a", rest))
		}

		a := h.Do(root, "GET", "/institutions", "").Want(t, http.StatusOK)
		if a.ContentLength != int64(length) || len(a.Text) != length {
			t.Errorf("a list of %d bytes: length %d, %d came", length, a.ContentLength, len(a.Text))
		}
	}
}

// A page for a browser and a record are always whole when they are sent.
func TestARecordHasAContentLength(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, length := range []int{20, 2047, 2048, 2049, 90_000} {
		h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('A', jsonb_build_object('info', $1::text))
			ON CONFLICT (id) DO UPDATE SET data = excluded.data`, strings.Repeat("a", length-len(`{"info": ""}`)))
		for _, method := range []string{"GET", "HEAD"} {
			if a := h.Do(root, method, "/institutions/A", "").Want(t, http.StatusOK); a.ContentLength != int64(length) {
				t.Errorf("%s of a record of %d bytes: length %d", method, length, a.ContentLength)
			}
		}
	}
}
