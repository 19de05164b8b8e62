// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"testing"

	tables "github.com/yuin/goldmark/extension/ast"
)

// A screen reader says the head of a column before each of its cells.
func TestEveryColumnHasAHead(t *testing.T) {
	t.Parallel()
	for _, topic := range Topics() {
		p := topic.parse()
		for _, head := range all[*tables.TableHeader](p.root) {
			for _, cell := range all[*tables.TableCell](head) {
				if p.plain(cell) == "" {
					t.Errorf("%s has a column without one", topic.Name)
				}
			}
		}
	}
}
