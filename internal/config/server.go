// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
)

// checkListen wants a port by number: names of ports depend on the machine.
func (l *loader) checkListen() {
	listen := l.cfg.Server.Listen
	_, port, err := net.SplitHostPort(listen)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	l.require(err == nil, "server.listen", "%q is not host:port; write :8443 or 127.0.0.1:8080", listen)
}

func (l *loader) checkTLS() {
	const cert, key = "server.tls_cert", "server.tls_key"
	if l.wrong[cert] {
		return
	}
	s := l.cfg.Server
	switch {
	case s.TLSCert != "" && s.TLSKey == "":
		l.fault(key, "is not set, but %s is; a certificate needs both", cert)
	case s.TLSCert == "" && s.TLSKey != "":
		l.fault(cert, "is not set, but %s is; a certificate needs both", key)
	}
}

// CheckExposure refuses to let passwords cross a network in the clear, unless
// somebody has said that they may. It is for who listens, on this address; other
// commands need no certificate.
func (s Server) CheckExposure(address string) error {
	if s.TLSCert != "" || s.AllowPlaintext || isLoopback(address) {
		return nil
	}
	return fmt.Errorf("server.listen: %q is open to other machines, and without a certificate passwords would be sent in the clear; "+
		"set server.tls_cert and server.tls_key, or listen on 127.0.0.1, "+
		"or set server.allow_plaintext if a proxy in front does TLS", address)
}

func isLoopback(listen string) bool {
	host, _, _ := net.SplitHostPort(listen)
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// origin is what browsers send: lower case, no path. A port of the scheme's own
// is left out by them, and then nothing matches; defaultPort finds those.
var (
	origin      = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$`)
	defaultPort = regexp.MustCompile(`^(https://.*:443|http://.*:80)$`)
)

// basePath is empty, or what the gate takes for the path of a proxy.
var basePath = regexp.MustCompile(`^((/[A-Za-z0-9_~-]+)+/?)?$`)

func (l *loader) checkOrigins() {
	for _, o := range l.cfg.Server.CORSOrigins {
		l.require(o == "*" || origin.MatchString(o), "server.cors_origins",
			"%q is not an origin; write * or https://portal.example.org, in lower case, without a path", o)
		l.require(!defaultPort.MatchString(o), "server.cors_origins",
			"%q has the usual port of its scheme, which browsers leave out; leave it out too", o)
	}
}
