// SPDX-License-Identifier: GPL-3.0-or-later

package systemd

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
)

// Notifier gives a function that tells the service manager about the state of the program
// (sd_notify(3)). The function does nothing where no service manager listens.
func Notifier(environ []string, log *slog.Logger) (notify func(state string)) {
	socket := variable(environ, "NOTIFY_SOCKET")
	if socket == "" {
		return func(string) {}
	}

	return func(state string) {
		if err := send(socket, state); err != nil {
			log.Warn("systemd was not told", "error", err)
		}
	}
}

func send(socket, state string) error {
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("NOTIFY_SOCKET: %w", err)
	}

	_, err = conn.Write([]byte(state))
	return errors.Join(err, conn.Close())
}
