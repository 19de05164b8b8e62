// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
)

// TestADistrustedCertificateIsLoggedAsThat has clients like Go, which say it as crypto/tls
// expects it, and one like OpenSSL.
func TestADistrustedCertificateIsLoggedAsThat(t *testing.T) {
	t.Parallel()
	cert, key := pair(t)
	p := start(t, append(migratedSite(t).environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key), "serve")
	for _, newest := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		conn, err := (&tls.Dialer{Config: &tls.Config{MaxVersion: newest}}).DialContext(t.Context(), "tcp", p.address)
		if err == nil {
			conn.Close()
			t.Fatal("the certificate was trusted")
		}
	}
	p.await(`msg="a client does not trust the certificate"`, 2)

	raw, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	unwilling := tls.Client(alerting{raw}, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13})
	if err := unwilling.HandshakeContext(t.Context()); err == nil {
		t.Fatal("the handshake went well")
	}
	p.await(`msg="a client does not trust the certificate" client=`+raw.LocalAddr().String()+` says="tls: unknown certificate authority"`, 1)
	if strings.Contains(p.logged(), "bad record MAC") {
		t.Error(p.logged())
	}
}

// alerting is a client's connection on which, in place of all that follows its hello, an
// alert in the clear is sent.
type alerting struct{ net.Conn }

// Write is net.Conn's.
func (c alerting) Write(record []byte) (int, error) {
	const hello = 22
	if record[0] == hello {
		return c.Conn.Write(record)
	}
	if _, err := c.Conn.Write([]byte("\x14\x03\x03\x00\x01\x01\x15\x03\x03\x00\x02\x02\x30")); err != nil {
		return 0, err
	}
	return 0, net.ErrClosed
}
