// SPDX-License-Identifier: GPL-3.0-or-later

// Package systemd speaks with the service manager: it takes over the sockets on which systemd
// listens, and tells systemd about the state of the program.
package systemd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// firstSocket is the file descriptor of the first socket that systemd passes.
const firstSocket = 3

// Listeners gives the sockets on which systemd listens for this program, while it runs and
// while it does not (sd_listen_fds(3)); none if there are none.
func Listeners(environ []string) (listeners []*net.TCPListener, err error) {
	if variable(environ, "LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}

	count, err := strconv.Atoi(variable(environ, "LISTEN_FDS"))
	if err != nil {
		return nil, fmt.Errorf("LISTEN_FDS: %w", err)
	}

	for fd := firstSocket; fd < firstSocket+count; fd++ {
		listener, err := fromSocket(fd)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("socket %d of systemd: %w", fd, err), closeAll(listeners))
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

func closeAll(listeners []*net.TCPListener) (err error) {
	for _, listener := range listeners {
		err = errors.Join(err, listener.Close())
	}
	return err
}

func fromSocket(fd int) (*net.TCPListener, error) {
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
	return tcp, nil
}

// variable gives the value of a variable of an environment, or "".
func variable(environ []string, name string) (value string) {
	for _, one := range environ {
		if text, ok := strings.CutPrefix(one, name+"="); ok {
			value = text
		}
	}
	return value
}
