// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// issuedPair gives the files of a certificate that an authority signed.
func issuedPair(t *testing.T) (cert, key string) {
	t.Helper()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "hub.example.org"}, NotAfter: time.Now().Add(time.Hour)}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		t.Run(file, func(t *testing.T) {
			if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	return cert, key
}

func TestBrowsersAreKeptToTLSWhereTheyCanBe(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	const year = "max-age=31536000"
	for _, c := range []struct {
		title  string
		files  func(*testing.T) (cert, key string)
		hsts   string
		public string
	}{
		{"issued", issuedPair, "true", year}, {"issued, but not wanted", issuedPair, "false", ""}, {"self-signed", pair, "true", ""},
	} {
		t.Run(c.title, func(t *testing.T) {
			cert, key := c.files(t)
			p := start(t, append(s.environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key, "THALAMUS_SERVER_HSTS="+c.hsts), "serve")
			for host, want := range map[string]string{
				"hub.example.org": c.public, "hub.example.org:8443": c.public, "localhost": "", "LOCALHOST:8443": "", "hub.localhost": "",
				"localhost.example.org": c.public,
			} {
				for _, path := range []string{"/health/live", "/login", "/nothing"} {
					if got := hstsOf(t, "https://"+p.address+path, host); got != want {
						t.Errorf("%s: %s%s: %q, want %q", c.title, host, path, got, want)
					}
				}
			}
		})
	}
}

func TestWithoutTLSBrowsersAreToldNothingOfIt(t *testing.T) {
	t.Parallel()
	p := start(t, migratedSite(t).environ, "serve")
	if got := hstsOf(t, "http://"+p.address+"/health/live", "hub.example.org"); got != "" {
		t.Errorf("%q", got)
	}
}

func hstsOf(t *testing.T, url, host string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	reply, err := insecure.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	return reply.Header.Get("Strict-Transport-Security")
}

func TestTLS12HasSuitesThatAuthenticateOnly(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	cert, key := pair(t) // its key is of an elliptic curve
	p := start(t, append(s.environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key), "serve")
	for suite, want := range map[uint16]bool{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: true, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: true,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: true,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA:          false, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: false, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: false,
	} {
		config := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}}
		conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", p.address)
		if err == nil {
			_ = conn.Close()
		}
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.CipherSuiteName(suite), err)
		}
	}
}
