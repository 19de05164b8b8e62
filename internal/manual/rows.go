// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"net/http"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/web"
)

// Rows are those of the route table that show the manual to everybody.
func Rows() []gate.Row {
	return []gate.Row{
		row("/docs", getRoot),
		row("/docs/", getIndex),
		row("/docs/{topic}", getTopic),
	}
}

func row(pattern string, handle gate.Handler) gate.Row {
	return gate.Row{
		Method: http.MethodGet, Pattern: pattern, Endpoint: access.Public, Subject: gate.Nobody,
		Face: gate.HTML, BodyTimeout: gate.NoBody, Handle: handle,
	}
}

// getRoot leads to the index, whose links are relative to it.
func getRoot(w http.ResponseWriter, _ *http.Request, c *gate.Caller) error {
	w.Header().Set("Location", c.Path("docs", ""))
	w.WriteHeader(http.StatusPermanentRedirect)
	return nil
}

func getIndex(w http.ResponseWriter, _ *http.Request, c *gate.Caller) error {
	var links []web.ManualLink
	for _, topic := range Topics() {
		links = append(links, web.ManualLink{To: topic.Name, Text: topic.Title, Purpose: topic.Purpose})
	}

	page, err := c.Site().ManualIndex(links)
	if err != nil {
		return err
	}
	gate.ReplyPage(w, http.StatusOK, page)
	return nil
}

func getTopic(w http.ResponseWriter, _ *http.Request, c *gate.Caller) error {
	name := c.Param("topic")
	if strings.HasSuffix(name, picture) {
		return sendPicture(w, name)
	}

	topic, ok := pages()[name]
	if !ok {
		return fed.Errorf(fed.NotFound, "The manual has no such page.")
	}

	page, err := c.Site().Manual(topic)
	if err != nil {
		return err
	}
	gate.ReplyPage(w, http.StatusOK, page)
	return nil
}

func sendPicture(w http.ResponseWriter, name string) error {
	content, err := files.ReadFile(name)
	if err != nil {
		return fed.Errorf(fed.NotFound, "The manual has no such picture.")
	}
	gate.Reply(w, http.StatusOK, "image/png", content)
	return nil
}
