// SPDX-License-Identifier: GPL-3.0-or-later

package listen

import (
	"bytes"
	"crypto/tls"
	"net"
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
