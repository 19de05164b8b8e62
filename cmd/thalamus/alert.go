// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"crypto/tls"
	"log"
	"log/slog"
	"net"
	"slices"
	"strings"
)

// alertSize is the bytes of a TLS record with an alert in the clear: type, two of the
// version, two of the length, the level, and the alert itself.
const alertSize = 7

// alertAt gives the alert of a client that has broken off its hello in the clear, which is
// the end of what it sends; nil if that is something else. OpenSSL does so under TLS 1.3,
// where crypto/tls expects an encrypted alert, and says "bad record MAC".
func alertAt(end []byte) error {
	const fatal = 2
	inClear := len(end) == alertSize && bytes.HasPrefix(end, []byte{21, 3}) && bytes.HasPrefix(end[3:], []byte{0, 2, fatal})
	if !inClear {
		return nil
	}
	return &net.OpError{Op: "remote error", Err: tls.AlertError(end[alertSize-1])} // as crypto/tls words others
}

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
