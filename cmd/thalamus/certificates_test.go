// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/tls"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/testdb"
	"thalamus/internal/tlscert"
)

// pair makes a certificate and gives its files.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	certText, keyText, err := tlscert.SelfSign([]string{"localhost"}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, text := range map[string][]byte{cert: certText, key: keyText} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func move(t *testing.T, from, to string, changed time.Time) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(to, changed, changed); err != nil {
		t.Fatal(err)
	}
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
	newCert, newKey := pair(t)
	move(t, newCert, cert, time.Now())
	move(t, newKey, key, time.Now())
	p.signal(syscall.SIGHUP)
	testdb.Await(t, "the new certificate", func() bool {
		return !handshake(t, p.address, tls.VersionTLS12).PeerCertificates[0].Equal(first.PeerCertificates[0])
	})
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
