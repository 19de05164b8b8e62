// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"crypto/tls"
	"net"
	"os"
	"time"

	"thalamus/internal/tlscert"
)

// isValid reports whether a certificate fits its key, and is somebody's who renews it, or has all
// names and some time left.
func isValid(cert, key string, names []string, now time.Time) bool {
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		return false
	}

	leaf, err := tlscert.Read(cert)
	if err != nil {
		return false
	}
	if !tlscert.SelfSigned(leaf) {
		return true
	}

	for _, name := range names {
		if leaf.VerifyHostname(name) != nil {
			return false
		}
	}

	return now.Add(renewal).Before(leaf.NotAfter)
}

// certificateNames are the names and addresses in a certificate; none without one.
func certificateNames(cert string) []string {
	leaf, err := tlscert.Read(cert)
	if err != nil {
		return nil
	}

	return tlscert.Names(leaf)
}

// Names are the names and addresses by which others may reach this machine, and those by which
// it reaches itself.
func Names() []string {
	var names []string
	name, _ := os.Hostname()
	if name != "" && name != "localhost" {
		names = append(names, name)
	}

	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && network.IP.IsGlobalUnicast() {
			names = append(names, network.IP.String())
		}
	}

	return append(names, "localhost", "127.0.0.1", "::1")
}
