// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"fmt"
	"strings"
)

// replicas looks which standbys of database.read_url can be read.
func replicas(ctx context.Context, s Site) ([]Finding, error) {
	each, err := s.DB.Replicas().Ask(ctx)
	if err != nil {
		return nil, err
	}

	var read, others []string
	for _, one := range each {
		if one.Reason == nil {
			read = append(read, one.Server)
			continue
		}
		others = append(others, fmt.Sprintf("The replica %s is not read, and its readers go to the primary: %v.", one.Server, one.Reason))
	}

	well := passed("Readers go to the primary alone.")
	if len(each) > 0 {
		well = passed("Readers go to %s.", strings.Join(read, ", "))
	}
	return findingsOf(Warning, others, "Look at that server, and at database.read_url.", well), nil
}
