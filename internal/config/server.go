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
	l.require(hasNumericPort(listen), "server.listen", "%q is not host:port; write :8443 or 127.0.0.1:8080", listen)
}

// checkAdmin warns of an address that others reach, too: there is no login.
func (l *loader) checkAdmin() {
	listen := l.cfg.Admin.Listen
	switch {
	case listen == "":
	case !hasNumericPort(listen):
		l.fault("admin.listen", "%q is not host:port; write 127.0.0.1:9191", listen)
	case !isLoopback(listen):
		l.warn("admin.listen: %q is open to other machines, without a login: they see how the server fares, and nobody's data; "+
			"let a firewall keep it to the monitoring", listen)
	}
}

func hasNumericPort(listen string) bool {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}

	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func (l *loader) checkTLS() {
	const cert, key = "server.tls_cert", "server.tls_key"
	if l.faulty[cert] {
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

// CheckExposure refuses to let passwords cross a network in the clear, unless the
// configuration allows it. It is for the command that listens, on this address; others
// need no certificate.
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
	if host == "localhost" {
		return true
	}

	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}

	return addr.IsLoopback()
}

// origin is as browsers send it: in lower case, without a path. They leave out the
// usual port of the scheme, and then nothing matches; defaultPort finds those.
var (
	origin      = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$`)
	defaultPort = regexp.MustCompile(`^(https://.*:443|http://.*:80)$`)
)

// basePath is empty, or the path of a proxy as the gate accepts it.
var basePath = regexp.MustCompile(`^((/[A-Za-z0-9_~-]+)+/?)?$`)

func (l *loader) checkOrigins() {
	for _, o := range l.cfg.Server.CORSOrigins {
		l.require(o == "*" || origin.MatchString(o), "server.cors_origins",
			"%q is not an origin; write * or https://portal.example.org, in lower case, without a path", o)
		l.require(!defaultPort.MatchString(o), "server.cors_origins",
			"%q has the usual port of its scheme, which browsers leave out; leave it out too", o)
	}
}
