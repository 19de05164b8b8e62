// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"cmp"
	"context"
	"os"
	"strings"
)

// Schema is where the tables of test databases are: public, or what TESTS_SCHEMA says, and nothing is
// in public then. Clusters that a test has for itself have it in public.
var Schema = cmp.Or(os.Getenv("TESTS_SCHEMA"), "public")

// InSchema gives SQL in which names are qualified by public with the schema of test databases.
func InSchema(sql string) string { return strings.ReplaceAll(sql, "public.", Schema+".") }

// renameSchema gives the cluster's schema that name, in all databases that are made from now on.
func renameSchema(ctx context.Context) error {
	first := &pool{url: cluster.URL(bare)}
	defer first.close()

	err := first.exec(ctx, "ALTER SCHEMA public RENAME TO "+Schema)
	if err != nil {
		return err
	}
	return admin.exec(ctx, "ALTER ROLE ALL SET search_path = "+Schema)
}
