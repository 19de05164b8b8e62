// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/testhub"
)

// versioned are paths of records of each kind, with a body that creates one.
func versioned() map[string]string {
	return map[string]string{
		"/people/NEW777ORG":      `{"active": false}`,
		"/pols/ESPGNU777ORG/new": `{"id": "new"}`,
		birthDocs + "/new":       ``,
		"/domiciliary-units/NEW": `{}`,
		"/institutions/NEW":      `{}`,
	}
}

// create makes the record of a path.
func (h *hub) create(account []string, path, body string, headers ...string) testhub.Answer {
	h.T.Helper()
	if body == "" {
		return h.DoWith(account, "POST", birthDocs+"?id=new", "bytes", headers...)
	}
	return h.DoWith(account, "POST", path, body, headers...)
}

func TestEveryRecordHasItsVersionAsETag(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, body := range versioned() {
		h.create(root, path, body).WantVersion(t, http.StatusCreated, `"1"`)
		h.create(root, path, body).WantVersion(t, http.StatusOK, `"1"`)
		h.Do(root, "PATCH", path, `{}`).WantVersion(t, http.StatusOK, `"1"`)
		h.Do(root, "PATCH", path, `{"n": 2}`).WantVersion(t, http.StatusOK, `"2"`)
		h.Do(root, "GET", path, "").WantVersion(t, http.StatusOK, `"2"`)
		h.Do(root, "HEAD", path, "").WantVersion(t, http.StatusOK, `"2"`)
		h.Do(root, "DELETE", path, "").WantVersion(t, http.StatusNoContent, "")
		h.Do(root, "GET", path, "").WantVersion(t, http.StatusNotFound, "")
	}
}

func TestListsHaveNoETag(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{"/people", "/pols/" + ana[0], anaDocs, birthDocs, "/domiciliary-units", "/institutions"} {
		h.DoWith(root, "GET", path, "", "If-None-Match", "*", "If-Match", "broken").WantVersion(t, http.StatusOK, "")
	}
}

func TestAPasswordAloneKeepsTheVersion(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := "/people/" + ana[0]
	before := h.Do(ana, "GET", path, "").Header.Get("ETag")
	h.Do(ana, "PATCH", path, `{"password": "a new long one"}`).WantVersion(t, http.StatusOK, before)
}

// A caller who may write but not read learns the version: it is only a number, and the
// next If-Match needs it.
func TestAWriterWithoutTheRightToReadLearnsTheVersionOnly(t *testing.T) {
	t.Parallel()
	h := quickHubWith(t, rolesFile(t, "writer", `"POST": ["page"], "PATCH": ["page"], "global": "True"`))
	writer := h.Enrol("WRITER", "writer")
	a := h.Do(writer, "POST", "/pols/"+ana[0]+"/w", `{"id": "w"}`).WantVersion(t, http.StatusCreated, `"1"`)
	if a.Text != "{}" {
		t.Errorf("got %s", a.Text)
	}
}

func TestAReaderWhoHasTheVersionGetsNoBody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, body := range versioned() {
		h.create(root, path, body)
		for _, tags := range []string{`"1"`, `W/"1"`, `*`, `"7", W/"1"`, `,"a,b" , "1",`, `"1-gzip"`, `W/"1-br"`, `"1--gzip"`, `"1;gzip"`, `W/"1;br"`} {
			for _, method := range []string{"GET", "HEAD"} {
				a := h.DoWith(root, method, path, "", "If-None-Match", tags).WantVersion(t, http.StatusNotModified, `"1"`)
				if a.Text != "" || a.Header.Get("Content-Type") != "" {
					t.Errorf("%s with %s: %s %q", method, tags, a.Header.Get("Content-Type"), a.Text)
				}
			}
		}
		for _, tags := range []string{`"2"`, `"01"`, `"+1"`, `""`, `"99999999999999999999"`, `"x"`, `"-1"`, `"gzip-1"`, `"11"`, `"1gzip"`, `"1-"`, `"1;"`, `"1-2"`, `"1-gzip-2"`, `"1;;gz"`, `"1.gzip"`, `"1-gzip;"`, `"2;gzip"`, `"2-1"`} {
			h.DoWith(root, "GET", path, "", "If-None-Match", tags).WantVersion(t, http.StatusOK, `"1"`)
		}
		h.DoWith(root, "GET", path, "", "If-Match", `"2"`).WantVersion(t, http.StatusPreconditionFailed, `"1"`)
		for _, tag := range []string{`"1"`, `W/"1"`, `"1-gzip"`, `*`} {
			if a := h.DoWith(root, "GET", path, "", "If-Match", tag).WantVersion(t, http.StatusOK, `"1"`); a.Text == "" {
				t.Errorf("with %s there is no body", tag)
			}
		}
		h.DoWith(root, "GET", path+"-no", "", "If-None-Match", `*`, "If-Match", `"1"`).WantVersion(t, http.StatusNotFound, "")
	}
}

func TestAChangeIsMadeIfTheVersionMatches(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, body := range versioned() {
		h.create(root, path, body)
		for _, condition := range [][]string{
			{"If-Match", `"2"`}, {"If-Match", `W/"2"`}, {"If-Match", `"2-gzip"`}, {"If-Match", `"2;gzip"`}, {"If-Match", `"1-2", "1-", "1gzip"`}, {"If-Match", `"x", "01", "99999999999999999999"`}, {"If-Match", `""`},
			{"If-None-Match", `"1"`}, {"If-None-Match", `W/"1"`}, {"If-None-Match", `"1-gzip"`}, {"If-None-Match", `"1;gzip"`}, {"If-None-Match", `*`}, {"If-Match", `"1"`, "If-None-Match", `"1"`},
		} {
			for _, method := range []string{"PATCH", "DELETE"} {
				a := h.DoWith(root, method, path, `{"n": 1}`, condition...).WantVersion(t, http.StatusPreconditionFailed, `"1"`)
				a.WantError(t, http.StatusPreconditionFailed)
			}
		}
		h.DoWith(root, "PATCH", path, `{"n": 1}`, "If-Match", `"7"`, "If-Match", `"1"`).WantVersion(t, http.StatusOK, `"2"`)
		h.DoWith(root, "PATCH", path, `{"n": 2}`, "If-Match", ` * `).WantVersion(t, http.StatusOK, `"3"`)
		h.DoWith(root, "PATCH", path, `{"n": 3}`, "If-None-Match", `"3,", "2"`).WantVersion(t, http.StatusOK, `"4"`)
		h.DoWith(root, "PATCH", path, `{"n": 4}`, "If-Match", `W/"4"`).WantVersion(t, http.StatusOK, `"5"`)
		h.DoWith(root, "PATCH", path, `{"n": 5}`, "If-Match", `"5-gzip"`).WantVersion(t, http.StatusOK, `"6"`)
		h.DoWith(root, "PATCH", path, `{"n": 6}`, "If-Match", `W/"6;gzip"`).WantVersion(t, http.StatusOK, `"7"`)
		h.DoWith(root, "DELETE", path, "", "If-Match", `"7"`).Want(t, http.StatusNoContent)
		for _, method := range []string{"PATCH", "DELETE"} {
			h.DoWith(root, method, path, `{}`, "If-Match", `"4"`).WantVersion(t, http.StatusNotFound, "")
		}
	}
}

func TestTagsThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := "/people/" + ana[0]
	for _, tags := range []string{
		``, ` `, `,`, `1`, `"1`, `1"`, `'1'`, `w/"1"`, `W/1`, `W/`, `"1" "2"`, `"1"2`, `*, "1"`, `"1", *`, `**`, `"a b"`,
		"\"a\tb\"", `"`, `""""`, strings.Repeat(`"1`, 3000),
	} {
		for _, header := range []string{"If-Match", "If-None-Match"} {
			for _, method := range []string{"GET", "PATCH", "DELETE"} {
				a := h.DoWith(root, method, path, `{}`, header, tags).WantVersion(t, http.StatusBadRequest, "")
				a.WantError(t, http.StatusBadRequest)
			}
			h.DoWith(root, "POST", "/institutions/NEW", `{}`, header, tags).WantError(t, http.StatusBadRequest)
		}
	}
	h.Do(root, "GET", "/institutions/NEW", "").Want(t, http.StatusNotFound)
	h.DoWith(root, "GET", path, "", "If-Match", strings.Repeat(`"x",`, 2000)+`"1"`).Want(t, http.StatusOK)
}

func TestACreationThatMustBeTheFirst(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, body := range versioned() {
		h.create(root, path, body, "If-Match", "*").WantVersion(t, http.StatusPreconditionFailed, "")
		h.create(root, path, body, "If-Match", `"1"`).WantVersion(t, http.StatusPreconditionFailed, "")
		h.create(root, path, body, "If-None-Match", "*").WantVersion(t, http.StatusCreated, `"1"`)
		h.create(root, path, body, "If-None-Match", "*").WantVersion(t, http.StatusPreconditionFailed, `"1"`)
		h.create(root, path, body, "If-None-Match", `"1"`).WantVersion(t, http.StatusPreconditionFailed, `"1"`)
		h.create(root, path, body, "If-Match", `"2"`).WantVersion(t, http.StatusPreconditionFailed, `"1"`)
		h.create(root, path, body, "If-Match", `"1"`).WantVersion(t, http.StatusOK, `"1"`)
		h.create(root, path, body, "If-None-Match", `"2"`).WantVersion(t, http.StatusOK, `"1"`)
	}
}

func TestADeletedIdIsGoneButForWhoMayDelete(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, body := range versioned() {
		h.create(root, path, body).Want(t, http.StatusCreated)
		h.Do(root, "DELETE", path, "").Want(t, http.StatusNoContent)
		if strings.HasPrefix(path, "/p") { // cameron may not create the others
			h.create(cameron, path, body).WantVersion(t, http.StatusGone, "").WantError(t, http.StatusGone)
		}
		h.create(root, path, body, "If-None-Match", "*").WantVersion(t, http.StatusCreated, `"3"`)
		h.Do(root, "GET", path, "").WantVersion(t, http.StatusOK, `"3"`)
	}
}

func TestOfPatchesToOneVersionExactlyOneIsMade(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path, writers = "/domiciliary-units/DU1", 12
	tag := h.Do(root, "GET", path, "").Header.Get("ETag")
	answers := make([]testhub.Answer, writers)
	var end sync.WaitGroup
	for i := range writers {
		r := h.Request(root, "PATCH", path, fmt.Sprintf(`{"writer": %d}`, i))
		r.Header.Set("If-Match", tag)
		end.Go(func() { answers[i], _ = testhub.Try(r) })
	}
	end.Wait()
	now := h.Do(root, "GET", path, "").Header.Get("ETag")
	made := 0
	for _, a := range answers {
		if a.StatusCode == 0 {
			t.Fatal("a patch got no reply")
		}
		if a.StatusCode == http.StatusOK {
			made++
			a.WantVersion(t, http.StatusOK, now)
			continue
		}
		a.WantVersion(t, http.StatusPreconditionFailed, now)
	}
	if made != 1 || now == tag {
		t.Errorf("%d patches were made; the version was %s and is %s", made, tag, now)
	}
}

func TestTheRequestsAccountAndIdAreInHistory(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	wantTold := func(a testhub.Answer, want string) {
		t.Helper()
		const q = `SELECT string_agg(concat_ws(' ', operation, account, node), ',') FROM thalamus_changes WHERE request = $1`
		if got := h.DB.Text(q, a.Header.Get("X-Request-Id")); got != want {
			t.Errorf("%s %s: history tells %q, want %q", a.Request.Method, a.Request.URL.Path, got, want)
		}
	}
	for path, body := range versioned() {
		wantTold(h.create(root, path, body), "create "+root[0])
		wantTold(h.Do(root, "PATCH", path, `{"modification_info": {"node": "n"}}`), "update "+root[0]+" n")
		wantTold(h.Do(root, "DELETE", path, ""), "delete "+root[0])
		wantTold(h.create(root, path, body), "create "+root[0])
	}
	form := h.DoWith(ana, "POST", "/password/"+ana[0], "password=a+new+long+one&pconfirm=a+new+long+one", "Content-Type", "application/x-www-form-urlencoded")
	wantTold(form.Want(t, http.StatusSeeOther), "password "+ana[0])
}
