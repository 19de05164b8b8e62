// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
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

// CheckName refuses a text by which no machine can be reached: it is no address of one, and no
// host name.
func CheckName(name string) error {
	ip := net.ParseIP(name)
	if ip != nil && !ip.IsUnspecified() && !ip.IsMulticast() && !ip.Equal(net.IPv4bcast) {
		return nil
	}
	if isHostName(name) {
		return nil
	}
	return fmt.Errorf("%q is no name of a host, as hub.example.org is one, and no address of a machine", name)
}

var (
	hostLabel = regexp.MustCompile(`^(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	number    = regexp.MustCompile(`^(?i)([0-9]+|0x[0-9a-f]*)$`)
)

// isHostName reports whether a text is labels of letters, digits and hyphens. A last label that is
// a number makes an address of it, for browsers, too.
func isHostName(name string) bool {
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !hostLabel.MatchString(label) {
			return false
		}
	}
	return len(name) <= 253 && !number.MatchString(labels[len(labels)-1])
}
