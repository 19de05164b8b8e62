// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// What a stranger asks is answered by the first sections, in the stranger's words.
func TestASearchFindsTheSectionFirst(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]string{
		"forgot password":                     "administrators#somebody-forgot-the-password",
		"How do I reset a password?":          "administrators#somebody-forgot-the-password",
		"lost database":                       "backups#the-database-is-lost-or-wrong",
		"who has read":                        "api-guide#who-has-read",
		"pgbouncer":                           "proxies#behind-a-connection-pooler",
		"SIGTERM":                             "operating#restarts",
		"going back":                          "takeover#going-back",
		"erase":                               "history#erase-a-person",
		"gdpr":                                "history#erase-a-person",
		"server.max_body":                     "configuration#keys",
		"exit status":                         "operating#is-all-well",
		"misspelt":                            "search#how-a-name-is-found",
		"where are the logs":                  "operating#the-log",
		"add user":                            "accounts#add-change-and-close-accounts",
		"pagination":                          "api-guide#lists-in-pages",
		"what fields does a page have":        "resources#a-page-of-life",
		"swagger":                             "api-guide#paths",
		"how to authenticate":                 "api-guide#logging-in",
		"concurrent":                          "api-guide#versions",
		"two programs change the same record": "api-guide#versions",
		"make package":                        "install#packages",
		"change password":                     "accounts#passwords",
		"duplicates":                          "search#",
		"permissions":                         "roles#",
		"port":                                "first-day#after-noon-the-first-page",
	} {
		t.Run(asked, func(t *testing.T) {
			t.Parallel()
			var first []string
			for _, hit := range Search(asked)[:min(3, len(Search(asked)))] {
				first = append(first, hit.Topic.Name+"#"+hit.Anchor)
			}
			if !slices.Contains(first, want) {
				t.Errorf("first are %q", first)
			}
		})
	}
}

func TestASectionHasAllWordsOrTheirBeginningsOrTheMost(t *testing.T) {
	t.Parallel()
	if found := Search("PGBOUN  notific"); len(found) != 1 || !strings.Contains(found[0].Snippet, "pgbouncer") {
		t.Errorf("%+v", found)
	}
	if found := Search("pgbouncer nowhere-to-be-found"); len(found) != len(Search("pgbouncer")) {
		t.Errorf("%+v", found)
	}
	for _, none := range []string{"", " ", "nowhere-to-be-found", "gbouncer", "<script>"} {
		if found := Search(none); len(found) > 0 {
			t.Errorf("%q finds %+v", none, found)
		}
	}
}

func TestASearchIsBounded(t *testing.T) {
	t.Parallel()
	found := Search("the")
	if len(found) != mostFound {
		t.Errorf("%d are found", len(found))
	}
	for _, hit := range found {
		if n := utf8.RuneCountInString(hit.Snippet); n > snippet*2 {
			t.Errorf("a snippet has %d characters: %s", n, hit.Snippet)
		}
	}
	hubs := strings.Repeat("hub ", mostWords)
	if diff := cmp.Diff(Search(hubs), Search(hubs+"portal")); diff != "" {
		t.Errorf("a word too much counts: %s", diff)
	}
}
