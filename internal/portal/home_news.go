// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// homeNew is what is new in the caller's book since the last visit.
type homeNew struct {
	Since   time.Time
	Entries []entry
	More    bool // there is more that is new
}

// pageNews says what has become of a page.
type pageNews struct {
	What message
	Time time.Time
	By   string // the account, if it is not the caller's
}

// homeNew reads what is new since the last visit, that of others first.
func (p books) homeNew(r *http.Request, c *gate.Caller) (*homeNew, error) {
	last := c.WebSession.Before
	news, more, err := p.Store.For(c.Reader()).News(r.Context(), c.Subject, last, listedMembers, homeNews)
	if err != nil {
		return nil, err
	}

	shown := &homeNew{Since: last.Time, More: more}
	for _, n := range news {
		e := newEntry(c.Path("portal", "page", n.ID), n.Page)
		e.News = newPageNews(n)
		shown.Entries = append(shown.Entries, e)
	}
	return shown, nil
}

func newPageNews(n store.PageNews) *pageNews {
	shown := &pageNews{What: say("news.changed"), Time: n.Time}
	switch {
	case n.Created:
		shown.What = say("news.created")
	case n.Documents:
		shown.What = say("news.documents")
	}
	if n.Others && n.Account != nil {
		shown.By = *n.Account
	}
	return shown
}
