// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"net"

	"github.com/jackc/pgx/v5"
)

// Connect makes one connection without a pool. The caller closes it.
func Connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}

	dialer := &net.Dialer{Timeout: config.ConnectTimeout}
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		return dial(ctx, dialer, config.User, network, address)
	}
	return pgx.ConnectConfig(ctx, config)
}
