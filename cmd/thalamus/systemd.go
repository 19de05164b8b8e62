// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
)

// variable gives the value of a variable of an environment, or "".
func variable(environ []string, name string) (value string) {
	for _, one := range environ {
		if text, ok := strings.CutPrefix(one, name+"="); ok {
			value = text
		}
	}
	return value
}

// systemd gives what tells the service manager how it is, if one has started us and wants
// to know (sd_notify(3)).
func systemd(environ []string, log *slog.Logger) (tell func(state string)) {
	return func(state string) {
		if err := tellSystemd(environ, state); err != nil {
			log.Warn("systemd was not told", "error", err)
		}
	}
}

func tellSystemd(environ []string, state string) error {
	socket := variable(environ, "NOTIFY_SOCKET")
	if socket == "" {
		return nil
	}

	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("NOTIFY_SOCKET: %w", err)
	}

	_, err = conn.Write([]byte(state))
	return errors.Join(err, conn.Close())
}

// firstGiven is the number of the first socket that systemd hands over.
const firstGiven = 3

// givenListeners are the sockets that systemd listens on for this program, while it runs
// and while it does not (sd_listen_fds(3)); none if it does no such thing.
func givenListeners(environ []string) (listeners []net.Listener, err error) {
	if variable(environ, "LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}

	count, err := strconv.Atoi(variable(environ, "LISTEN_FDS"))
	if err != nil {
		return nil, fmt.Errorf("LISTEN_FDS: %w", err)
	}

	for fd := firstGiven; fd < firstGiven+count; fd++ {
		listener, err := givenListener(fd)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("socket %d of systemd: %w", fd, err), closeAll(listeners))
		}
		listeners = append(listeners, listener)
	}

	return listeners, nil
}

func givenListener(fd int) (net.Listener, error) {
	file := os.NewFile(uintptr(fd), "")
	defer func() { _ = file.Close() }() // the listener has a copy

	listener, err := net.FileListener(file)
	if err != nil {
		return nil, err
	}

	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		return nil, errors.Join(errors.New("it is no ListenStream= with a port"), listener.Close())
	}

	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, err
	}
	return tcp, shortBacklog("", "", raw)
}
