// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/tls"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/tlscert"
)

// pair makes a certificate and gives its files.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := tlscert.WriteSelfSigned(cert, key, []string{"localhost"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestServeSpeaksTLS12AndHTTP2AndRereadsItsCertificateOnSIGHUP(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	cert, key := pair(t)
	p := start(t, append(s.environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key), "serve")
	first := handshake(t, p.address, tls.VersionTLS13)
	if first.NegotiatedProtocol != "h2" {
		t.Errorf("speaks %q", first.NegotiatedProtocol)
	}
	if code, _ := ask(t, "GET", "https://"+p.address+"/login", other, otherPwd, ""); code != 200 {
		t.Errorf("login: %d", code)
	}
	if err := tlscert.WriteSelfSigned(cert, key, []string{"localhost"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.await("reloaded", 1)
	if handshake(t, p.address, tls.VersionTLS12).PeerCertificates[0].Equal(first.PeerCertificates[0]) {
		t.Error("the old certificate is still there")
	}
}

// handshake fails for versions that the server does not speak.
func handshake(t *testing.T, address string, newest uint16) tls.ConnectionState {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, MaxVersion: newest, NextProtos: []string{"h2", "http/1.1"}}
	conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.(*tls.Conn).ConnectionState()
}

func TestTLS11IsRefused(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	cert, key := pair(t)
	p := start(t, append(s.environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key), "serve")
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if conn, err := (&tls.Dialer{Config: config}).DialContext(context.Background(), "tcp", p.address); err == nil {
		_ = conn.Close()
		t.Error("the server speaks TLS 1.1")
	}
}
