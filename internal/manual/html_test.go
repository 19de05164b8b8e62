// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/web"
)

func TestAPageIsMadeForBrowsers(t *testing.T) {
	t.Parallel()
	page := Topic{Name: "sample", Title: "Title", Purpose: "the purpose", Body: sample}.page()
	for _, want := range []string{
		`<a href="other#part">of another</a>`, `<a href="#one">of this</a>`, `<a href="https://example.org/">elsewhere</a>`,
		`<h2 id="one">One</h2>`, `<th scope="col">key</th>`, `<td><code>a</code></td>`,
		`<td>ein größeres <code>Wort</code> und noch eins</td>`, `<td></td>`,
	} {
		if !strings.Contains(string(page.Body), want) {
			t.Errorf("there is no %s in %s", want, page.Body)
		}
	}
	if diff := cmp.Diff([]web.ManualLink{{To: "#one", Text: "One"}}, page.Contents); diff != "" {
		t.Errorf("contents (-want +got)\n%s", diff)
	}
}

// In a narrow window a row is a list, in which two columns explain themselves.
func TestACellOfAWideTableHasItsHead(t *testing.T) {
	t.Parallel()
	page := Topic{Body: "| a | `b` & c | d |\n|---|---|---|\n| 1 | 2 | |\n"}.page()
	for _, want := range []string{`<td>1</td>`, `<td data-head="b &amp; c">2</td>`, `<td data-head="d"></td>`} {
		if !strings.Contains(string(page.Body), want) {
			t.Errorf("there is no %s in %s", want, page.Body)
		}
	}
}
