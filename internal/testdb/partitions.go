// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"os"
)

// partitioned is whether pols of the template has partitions, by TESTS_PARTITIONED.
var partitioned = os.Getenv("TESTS_PARTITIONED") != ""

// pagesInPartitions is what a site does before the first migration, which leaves tables that are there.
const pagesInPartitions = `
CREATE TABLE people (id varchar PRIMARY KEY, data jsonb);
CREATE TABLE pols (id varchar PRIMARY KEY, book varchar REFERENCES people (id), data jsonb) PARTITION BY HASH (id);
CREATE TABLE pols_0 PARTITION OF pols FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE pols_1 PARTITION OF pols FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE pols_2 PARTITION OF pols FOR VALUES WITH (MODULUS 3, REMAINDER 2);
`

// partition makes pols of a new database with partitions.
func partition(ctx context.Context, database string) error {
	inside := &pool{url: cluster.URL(database)}
	defer inside.close()
	return inside.exec(ctx, pagesInPartitions)
}
