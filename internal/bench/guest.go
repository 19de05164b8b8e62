// SPDX-License-Identifier: GPL-3.0-or-later

package main

import "context"

// guest is a client whose account has logged in to a server.
type guest struct {
	*client
	server *child
	who    login
}

// visit starts a server and logs the hospital's node in. The caller closes.
func (b *bench) visit(ctx context.Context, environ ...string) (*guest, error) {
	server, err := b.serve(ctx, environ...)
	if err != nil {
		return nil, err
	}
	return call(ctx, server)
}

// call logs the hospital's node in to a server. The caller closes.
func call(ctx context.Context, server *child) (*guest, error) {
	g := &guest{dial(ctx, server.address), server, login{account: node, password: password}}
	if err := g.demand(g.who.get("/login")); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}
