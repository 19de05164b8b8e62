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

// getIndex lists the topics, or what a search has found.
func getIndex(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	index := web.ManualIndex{Search: r.URL.Query().Get("q")}
	for _, hit := range Search(index.Search) {
		index.Found = append(index.Found, hit.link())
	}
	for _, group := range Groups() {
		index.Groups = append(index.Groups, group.links())
	}

	page, err := c.Site().ManualIndex(index)
	if err != nil {
		return err
	}
	gate.ReplyPage(w, http.StatusOK, page)
	return nil
}

func (h Hit) link() web.ManualLink {
	link := web.ManualLink{Lang: h.Topic.Lang, To: h.Topic.Name, Text: h.Topic.Title, Purpose: h.Snippet}
	if h.Heading != "" {
		link.To, link.Text = link.To+"#"+h.Anchor, link.Text+": "+h.Heading
	}
	return link
}

func (g Group) links() web.ManualGroup {
	group := web.ManualGroup{Lang: g.Topics[0].Lang, Readers: g.Readers}
	for _, topic := range g.Topics {
		group.Links = append(group.Links, web.ManualLink{Lang: topic.Lang, To: topic.Name, Text: topic.Title, Purpose: topic.Purpose})
	}
	return group
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
