// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"crypto/tls"
	"log"
	"log/slog"
	"slices"
	"strings"
)

// distrust are the alerts of clients that do not take the certificate: it is bad, of a kind
// that they do not know, revoked, expired, of an unknown fault, of an unknown authority.
var distrust = []tls.AlertError{42, 43, 44, 45, 46, 48}

// errorLog takes the lines of net/http.
func errorLog(to *slog.Logger) *log.Logger { return log.New(handshakeLog{to}, "", 0) }

// handshakeLog logs lines of net/http, and knows those about clients that do not trust the
// certificate.
type handshakeLog struct{ log *slog.Logger }

// Write is io.Writer's. It takes a line.
func (l handshakeLog) Write(line []byte) (int, error) {
	text := strings.TrimSuffix(string(line), "\n")
	failed := strings.TrimPrefix(text, "http: TLS handshake error from ")
	client, cause, _ := strings.Cut(failed, ": remote error: ")
	if slices.ContainsFunc(distrust, func(alert tls.AlertError) bool { return cause == alert.Error() }) {
		l.log.Warn("a client does not trust the certificate", "client", client, "says", cause)
	} else {
		l.log.Warn(text)
	}
	return len(line), nil
}
