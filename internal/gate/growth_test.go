// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/testhub"
)

const (
	growthLimit = 2 << 20
	growthPage  = 200_000 // bytes
)

func limitGrowth(o *testhub.Options) { o.MaxGrowth = growthLimit }

// A patch of nine bytes keeps the whole record as it was: thirty of them on a page of
// 8 MB made half a gigabyte.
func TestTinyPatchesOfALargePageDoNotFillTheDisk(t *testing.T) {
	t.Parallel()
	h := quickHub(t, limitGrowth)
	page := "/pols/ESPGNU777ORG/amp"
	h.Do(ana, http.MethodPost, page, `{"id": "amp", "info": "`+strings.Repeat("x", growthPage)+`"}`).Want(t, http.StatusCreated)
	var refused testhub.Answer

	for i := range 30 {
		if a := h.Do(ana, http.MethodPatch, page, fmt.Sprintf(`{"n": %d}`, i)); a.StatusCode != http.StatusOK {
			refused = a
			break
		}
	}

	refused.WantError(t, http.StatusTooManyRequests)
	if wait, err := strconv.Atoi(refused.Header.Get("Retry-After")); err != nil || wait < 1 || wait > 3600 {
		t.Errorf("Retry-After is %q", refused.Header.Get("Retry-After"))
	}

	h.wantGrowth(t)
	h.Do(ana, http.MethodPost, "/pols/ESPGNU777ORG/more", `{"id": "more"}`).WantError(t, http.StatusTooManyRequests)
	h.Do(ana, http.MethodPost, birthDocs, "bytes").WantError(t, http.StatusTooManyRequests)
	h.Do(ana, http.MethodGet, page, "").Want(t, http.StatusOK)
	h.Do(cameron, http.MethodPatch, page, `{"n": "of another account"}`).Want(t, http.StatusOK)
}

// wantGrowth fails the test if the history holds more than may be added, and one record.
func (h *hub) wantGrowth(t *testing.T) {
	t.Helper()
	kept, _ := strconv.Atoi(h.DB.Text(`SELECT sum(octet_length(before::text))::text FROM thalamus_changes`))
	if kept > growthLimit+2*growthPage || kept < growthLimit/4 {
		t.Errorf("the history holds %d bytes", kept)
	}
}

func TestPatchesAtOnceDoNotFillTheDiskEither(t *testing.T) {
	t.Parallel()
	h := quickHub(t, limitGrowth)
	page := "/pols/ESPGNU777ORG/amp"
	h.Do(ana, http.MethodPost, page, `{"id": "amp", "info": "`+strings.Repeat("x", growthPage)+`"}`).Want(t, http.StatusCreated)
	var all sync.WaitGroup

	for i := range 40 {
		all.Go(func() {
			a, err := testhub.Try(h.Request(ana, http.MethodPatch, page, fmt.Sprintf(`{"n": %d}`, i)))
			if err != nil || a.StatusCode != http.StatusOK && a.StatusCode != http.StatusTooManyRequests {
				t.Errorf("status %d, %v", a.StatusCode, err)
			}
		})
	}

	all.Wait()
	h.wantGrowth(t)
}

func TestDocumentsCountAndRepeatedOnesDoNot(t *testing.T) {
	t.Parallel()
	h := quickHub(t, limitGrowth)
	for range 10 {
		h.UploadChunked(ana, birthDocs+"?id=again", testhub.Noise(growthLimit-10_000))
	}

	h.Do(ana, http.MethodPost, birthDocs, "bytes").Want(t, http.StatusCreated)
	h.UploadChunked(ana, birthDocs+"?id=large", testhub.Noise(growthLimit)).Want(t, http.StatusCreated)
	h.Do(ana, http.MethodPost, birthDocs, "more bytes").WantError(t, http.StatusTooManyRequests)
}

// A node's message that is refused may be lost.
func TestAGlobalAccountIsOnlyWarnedOfItsGrowthOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t, limitGrowth)
	for _, account := range [][]string{cameron, root} {
		for i := range 20 {
			body := fmt.Sprintf(`{"id": "p%d%s", "info": "%s"}`, i, account[0], strings.Repeat("x", growthPage))
			h.Do(account, http.MethodPost, fmt.Sprintf("/pols/ESPGNU777ORG/p%d%s", i, account[0]), body).Want(t, http.StatusCreated)
		}
		if got := strings.Count(h.Log.String(), "more within an hour than others may\" account="+account[0]); got != 1 {
			t.Errorf("%d warnings of %s", got, account[0])
		}
	}

	h.Do(ana, http.MethodPatch, "/people/ESPGNU777ORG", `{"a": 1}`).Want(t, http.StatusOK)
}
