// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// Reason gives the error of PostgreSQL or of the network for which a connection cannot be made,
// at the first of several addresses. pgx puts user, database and address before it. Any other
// error stays as it is.
func Reason(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return err
	}

	var server *pgconn.PgError
	if errors.As(connect, &server) {
		return server
	}

	var network *net.OpError // its text may have the port of this end, another one each time
	if errors.As(connect, &network) {
		return fmt.Errorf("%s %v: %w", network.Op, network.Addr, network.Err)
	}

	return err
}
