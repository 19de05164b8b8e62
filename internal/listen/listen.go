// SPDX-License-Identifier: GPL-3.0-or-later

// Package listen opens the listeners of a server: on sockets of systemd, at the configured
// address, or on this machine only, in the clear or under TLS.
package listen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"thalamus/internal/config"
	"thalamus/internal/systemd"
)

// Open listens on the sockets of systemd, or if there are none at the configured address.
func Open(ctx context.Context, c config.Server, environ []string) ([]net.Listener, error) {
	listeners, err := fromSystemd(c, environ)
	if err != nil || len(listeners) > 0 {
		return listeners, err
	}

	if err := c.CheckExposure(c.Listen); err != nil {
		return nil, err
	}

	listener, err := (&net.ListenConfig{Control: shortBacklog}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("server.listen: %w", err)
	}
	return []net.Listener{listener}, nil
}

// fromSystemd takes over the sockets of systemd, if the configuration lets them be served.
func fromSystemd(c config.Server, environ []string) (listeners []net.Listener, err error) {
	sockets, err := systemd.Listeners(environ)
	if err != nil {
		return nil, err
	}

	for _, socket := range sockets {
		listeners = append(listeners, socket)
	}

	for _, socket := range sockets {
		if err := cmp.Or(c.CheckExposure(socket.Addr().String()), shorten(socket)); err != nil {
			return nil, errors.Join(err, Close(listeners))
		}
	}
	return listeners, nil
}

func shorten(socket *net.TCPListener) error {
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	return shortBacklog("", "", raw)
}

// Loopback listens on this machine only, over IPv4, and over IPv6 if the machine has it.
func Loopback(ctx context.Context, port uint) ([]net.Listener, error) {
	four, err := loopback(ctx, "127.0.0.1", port)
	if err != nil {
		return nil, err
	}

	six, err := loopback(ctx, "::1", port)
	if err != nil {
		return []net.Listener{four}, nil //nolint:nilerr // a machine without IPv6
	}
	return []net.Listener{four, six}, nil
}

func loopback(ctx context.Context, host string, port uint) (net.Listener, error) {
	address := net.JoinHostPort(host, strconv.FormatUint(uint64(port), 10))
	return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
}

// Addresses are where listeners listen, for the log.
func Addresses(listeners []net.Listener) string {
	var all []string
	for _, listener := range listeners {
		all = append(all, listener.Addr().String())
	}
	return strings.Join(all, ",")
}

// Close closes all listeners.
func Close(listeners []net.Listener) (err error) {
	for _, listener := range listeners {
		err = errors.Join(err, listener.Close())
	}
	return err
}
