// SPDX-License-Identifier: GPL-3.0-or-later

package migrations

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheEmbeddedStepsAreInOrder(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 || all[0].Name != "federation_tables" {
		t.Errorf("got %d steps, the first is not federation_tables", len(all))
	}
}

func TestGapsAndDoublesAreRefused(t *testing.T) {
	for _, names := range []string{"0002_a.sql", "0001_a.sql 0003_b.sql", "0001_a.sql 0001_b.sql", "0001.sql", "1_a.sql"} {
		dir := fstest.MapFS{}
		for _, name := range strings.Fields(names) {
			dir[name] = &fstest.MapFile{Data: []byte("SELECT 1")}
		}
		if _, err := read(dir); err == nil {
			t.Errorf("%s was taken", names)
		}
	}
}
