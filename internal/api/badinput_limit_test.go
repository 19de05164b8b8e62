// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// smallLimit is the largest record of hubs on which records grow to their limit.
const smallLimit = 256 << 10

func smallRecordsHub(t *testing.T) *hub {
	t.Helper()
	db := testhub.QuickFixture.New(t)
	small, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: 8, MaxRecord: smallLimit, MaxElements: testdb.MaxElements})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(small.Close)
	return serve(t, db, "../../etc/roles.cfg", testhub.Cheap, func(o *testhub.Options) { o.Store, o.MaxBody = small, smallLimit })
}

// A number of 8 bytes that is printed with 131,072 digits.
const hugeNumber = "1e131071"

func TestHugeNumbersDoNotGetInBySmallPatchesEither(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i := range 100 {
		patch := fmt.Sprintf(`{"k%d": [%s1]}`, i, strings.Repeat(hugeNumber+",", 100))
		h.Do(root, http.MethodPatch, "/people/ESPGNU777ORG", patch).WantError(t, http.StatusUnprocessableEntity)
	}
	if got := h.Do(root, http.MethodGet, "/people/ESPGNU777ORG", "").Want(t, http.StatusOK).Text; len(got) > 1000 {
		t.Errorf("the record has grown to %d bytes", len(got))
	}
}

func TestARecordDoesNotGrowOverTheLimit(t *testing.T) {
	t.Parallel()
	h := smallRecordsHub(t)
	for _, table := range []string{"people", "pols", "personal_docs", "dus", "institutions"} {
		h.DB.Exec(`UPDATE `+table+` SET data = data || jsonb_build_object('a', repeat('x', $1))
			WHERE id IN ('ESPGNU777ORG', $2, '8789981f-4e31-48d5-8eb8-1774dac8b8f6', 'DU1', 'INST1')`, smallLimit-2000, birthPage)
	}
	for _, path := range writable[http.MethodPatch] {
		h.Do(root, http.MethodPatch, path, `{"b": "`+strings.Repeat("x", 900)+`"}`).Want(t, http.StatusOK)
		h.Do(root, http.MethodPatch, path, `{"c": "`+strings.Repeat("x", 1500)+`"}`).WantError(t, http.StatusRequestEntityTooLarge)
		h.Do(root, http.MethodPatch, path, `{"a": "small", "c": "now it fits"}`).Want(t, http.StatusOK)
	}
}

// A person who was imported too large can still be closed, or get a new password.
func TestAnAccountOverTheLimitIsStillAdministered(t *testing.T) {
	t.Parallel()
	h := smallRecordsHub(t)
	h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('a', repeat('x', $2)) WHERE id = $1`, ana[0], smallLimit)
	const path = "/people/ESPGNU777ORG"
	for _, patch := range []string{`{}`, `{"active": true}`, `{"roles": ["end_user", "root"], "id": "ESPGNU777ORG"}`, `{"password": "another password"}`} {
		h.Do(root, http.MethodPatch, path, patch).Want(t, http.StatusOK)
	}
	fillIn(h, root, ana[0], "by the form", "by the form").Want(t, http.StatusSeeOther)
	for _, patch := range []string{`{"b": ""}`, `{"active": false, "b": 1}`} {
		h.Do(root, http.MethodPatch, path, patch).WantError(t, http.StatusRequestEntityTooLarge)
	}
	h.Do(root, http.MethodPatch, path, `{"a": "it fits"}`).Want(t, http.StatusOK)
}

// wide is a JSON array of so many elements.
func wide(elements int) string { return "[" + strings.Repeat("0,", elements-1) + "0]" }

func TestARecordHasTenThousandKeysAndElementsAtMost(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range writable[http.MethodPost] {
		id := path[strings.LastIndex(path, "/")+1:]
		h.Do(root, http.MethodPost, path, `{"id": "`+id+`", "a": `+wide(9999)+`}`).WantError(t, http.StatusUnprocessableEntity)
		h.Do(root, http.MethodPost, path, `{"id": "`+id+`", "a": `+wide(9998)+`}`).Want(t, http.StatusCreated)
	}
	for _, path := range writable[http.MethodPatch] {
		h.Do(root, http.MethodPatch, path, `{"a": `+wide(10_000)+`}`).WantError(t, http.StatusUnprocessableEntity)
		h.Do(root, http.MethodPatch, path, `{"a": `+wide(9000)+`}`).Want(t, http.StatusOK)
		before := h.Do(root, http.MethodPatch, path, `{}`).Want(t, http.StatusOK).Text
		h.Do(root, http.MethodPatch, path, `{"b": {"c": `+wide(1000)+`}}`).WantError(t, http.StatusUnprocessableEntity)
		if after := h.Do(root, http.MethodPatch, path, `{}`).Text; after != before {
			t.Errorf("%s: a refused patch has changed the record", path)
		}
		h.Do(root, http.MethodPatch, path, `{"a": 1, "b": {"c": `+wide(1000)+`}}`).Want(t, http.StatusOK)
	}
	h.uploadForm(ana, birthDocs, documentPart("x"), dataPart(`{"a": `+wide(10_000)+`}`)).WantError(t, http.StatusUnprocessableEntity)
}

// Others may have made it so large; the account must be closed and get a password all the same.
func TestARecordOverTheLimitsIsChangedOnlyByWhoAdministersIt(t *testing.T) {
	t.Parallel()
	h := smallRecordsHub(t)
	for status, value := range map[int]string{
		http.StatusRequestEntityTooLarge: fmt.Sprintf(`to_jsonb(repeat('x', %d))`, smallLimit*9/8),
		http.StatusUnprocessableEntity:   `(SELECT jsonb_agg(n) FROM generate_series(1, 20000) AS n)`,
	} {
		h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('a', ` + value + `) WHERE id = 'ESPGNU777ORG'`)
		h.Do(root, http.MethodPatch, "/people/ESPGNU777ORG", `{"more": "Ana"}`).WantError(t, status)
		h.Do(root, http.MethodPatch, "/people/ESPGNU777ORG", `{"active": false, "more": "Ana"}`).WantError(t, status)
		h.Do(root, http.MethodPatch, "/people/ESPGNU777ORG", `{"name": "Eva"}`).Want(t, http.StatusOK)
		h.Do(root, http.MethodPatch, "/people/ESPGNU777ORG",
			`{"id": "ESPGNU777ORG", "active": false, "roles": ["end_user"], "password": "a new password"}`).Want(t, http.StatusOK)
		h.Do(root, http.MethodPatch, "/people/ESPGNU777ORG", `{"a": "small"}`).Want(t, http.StatusOK)
	}
}

func TestNumbersCountAsTheyAreWrittenOut(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	numbers := strings.Repeat("1e999,", 9000)
	h.Do(root, http.MethodPatch, "/institutions/INST1", `{"a": [`+numbers+`1]}`).WantError(t, http.StatusRequestEntityTooLarge)
	h.Do(root, http.MethodPost, "/institutions/new", `{"a": [`+numbers+`1]}`).WantError(t, http.StatusRequestEntityTooLarge)
	for i, status := range []int{200, 200, 200, 200, 413, 413} { // 2 MB each
		h.Do(root, http.MethodPatch, "/institutions/INST1", fmt.Sprintf(`{"k%d": [%s1]}`, i, numbers[:12_000])).Want(t, status)
	}
}

// Python's clients and MyGNUHealth send everything before they read.
func TestABodyOverTheLimitIsTakenInAndTheConnectionStaysUsable(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	body := `{"a": "` + strings.Repeat("x", 9<<20) + `"}`
	for method, paths := range writable {
		w := h.dial()
		w.send(head(method, paths[0], "Content-Length", len(body)), body)
		w.answer().WantError(t, http.StatusRequestEntityTooLarge)
		w.stillWorks("a long body")
		w.send(head(method, paths[0], "Transfer-Encoding", "chunked"), fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body))
		w.answer().WantError(t, http.StatusRequestEntityTooLarge)
		w.stillWorks("a long body in chunks")
	}
}

func TestAClientThatAsksBeforeSendingIsSpared(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, size := range map[string]int{"/people/NEW": 9 << 20, birthDocs: 100 << 20} {
		t.Run(path, func(t *testing.T) {
			w := h.dial()
			w.send(head(http.MethodPost, path, "Content-Length", size, "Expect", "100-continue"))
			a := w.answer()
			a.WantError(t, http.StatusRequestEntityTooLarge)
			if !a.Close {
				t.Errorf("%s: the connection stays open for a body that does not come", path)
			}
		})
	}
	w := h.dial()
	w.send(head(http.MethodPatch, "/institutions/INST1", "Content-Length", 8, "Expect", "100-continue"))
	if a := w.answer(); a.StatusCode != http.StatusContinue {
		t.Errorf("status %d instead of 100", a.StatusCode)
	}
	w.send(`{"a": 1}`)
	w.answer().Want(t, http.StatusOK)
	w.stillWorks("asking")
}
