// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/web"
)

// wantsPage reports whether a person with a browser reads the reply to a GET. Scripts, in
// browsers too, do not name HTML.
func wantsPage(r *http.Request) bool {
	page := accepted(r, "text/html")
	return isReading(r.Method) && page.specificity == named && page.quality > 0 && !Prefers(r, JSONType, "text/html")
}

// isReading reports whether requests of this method read.
func isReading(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// replyErrorPage answers a browser with a page about the error.
func (ev *event) replyErrorPage(w http.ResponseWriter, kind fed.Kind, sentence string) {
	status := failures[kind].Status
	problem := web.Problem{Title: http.StatusText(status), Sentence: sentence, Wait: w.Header().Get("Retry-After")}
	if kind == fed.Internal {
		problem.Request = ev.caller.Request
	}

	page, err := ev.caller.Site().Problem(problem)
	if err != nil {
		page = []byte(sentence)
	}

	ReplyPage(w, status, page)
}
