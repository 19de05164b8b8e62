// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Each range costs a statement, and a header has room for two thousand of them.
func TestMoreThanTenRangesOrTwiceTheSameBytesGiveTheWholeDocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	content := strings.Repeat("0123456789", 100_000)
	path := h.store("digits", content, `{}`)
	var tail strings.Builder
	for i := range 1900 {
		tail.WriteString(",-" + strconv.Itoa(2*i+3))
	}
	for name, ranges := range map[string]string{
		"1,901 ends": "-1" + tail.String(), "eleven": "0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20",
		"twice the same": "3-4,3-4", "one in another": "5-6,0-9", "touching": "0-5,5-9", "an end and a start": "999990-,-10", "the whole twice": "0-,0-",
		"all outside": strings.Repeat("1000000-,", 10) + "1000000-",
	} {
		t.Run(name, func(t *testing.T) {
			a := h.DoWith(ana, http.MethodGet, path, "", "Range", "bytes="+ranges)
			if a.StatusCode != http.StatusOK || a.Text != content {
				t.Errorf("%s: status %d with %d bytes, want the whole", name, a.StatusCode, len(a.Text))
			}
		})
	}
	for name, ranges := range map[string]string{
		"ten": "0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18", "side by side": "0-4,5-9", "backwards": " 20-29 , 0-9", "one outside": "0-4,1000000-",
	} {
		t.Run(name, func(t *testing.T) {
			if a := h.DoWith(ana, http.MethodGet, path, "", "Range", "bytes="+ranges); a.StatusCode != http.StatusPartialContent {
				t.Errorf("%s: status %d, want a part", name, a.StatusCode)
			}
		})
	}
}

// The digest is of what is sent, not what somebody says of it.
func TestTheDigestOfADocumentIsThatOfItsBytes(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("x", "bytes", `{"hash": "`+strings.Repeat("0", 128)+`"}`)
	sum := sha512.Sum512([]byte("bytes"))
	want := "sha-512=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if got := h.Do(ana, method, path, "").Want(t, http.StatusOK).Header.Get("Repr-Digest"); got != want {
			t.Errorf("%s: the digest is %s, want %s", method, got, want)
		}
	}
}
