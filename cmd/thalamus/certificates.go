// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/tlscert"
)

// recheck is how often, at most, the files of a certificate are looked at.
const recheck = 10 * time.Second

// certificates serves the certificate of two files, and a renewed one as soon
// as it is there.
type certificates struct {
	cert, key string // PEM files

	mu      sync.Mutex
	current *tls.Certificate
	stamp   [2]time.Time // when the files were changed
	checked time.Time

	issued atomic.Bool // the current one is not self-signed
}

// newCertificates loads a certificate; nil without files.
func newCertificates(cert, key string) (*certificates, error) {
	if cert == "" {
		return nil, nil //nolint:nilnil // no certificate is a way to run
	}
	c := &certificates{cert: cert, key: key}
	return c, c.load()
}

// sealed are the suites of TLS 1.2 that encrypt and authenticate in one (AEAD), as all
// of TLS 1.3 do.
var sealed = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// listen gives connections that speak TLS.
func (c *certificates) listen(listener net.Listener, log *slog.Logger) net.Listener {
	return tls.NewListener(helloListener{listener}, c.config(log))
}

func (c *certificates) config(log *slog.Logger) *tls.Config {
	return &tls.Config{
		MinVersion:   tls.VersionTLS12,
		CipherSuites: sealed,
		NextProtos:   []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.fresh(time.Now(), log), nil
		},
	}
}

// load reads the files. If they are wrong the current certificate stays.
func (c *certificates) load() error {
	stamp := c.changed()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("server.tls_cert, server.tls_key: %w", err)
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	c.current, c.stamp = &pair, stamp
	c.issued.Store(!tlscert.SelfSigned(pair.Leaf))
	return nil
}

// fresh gives the certificate, after a look whether the files were renewed.
func (c *certificates) fresh(now time.Time, log *slog.Logger) *tls.Certificate {
	if c.due(now) {
		if err := c.load(); err != nil { // half renewed: one file is there, the other not yet
			log.Warn("the renewed certificate cannot be used yet", "error", err)
		} else {
			log.Info("took up the renewed certificate")
		}
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current
}

// due reports, at most once in a while, whether the files are other ones now.
func (c *certificates) due(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.checked) < recheck {
		return false
	}
	c.checked = now
	return c.changed() != c.stamp
}

func (c *certificates) changed() (stamp [2]time.Time) {
	for i, file := range []string{c.cert, c.key} {
		if info, err := os.Stat(file); err == nil {
			stamp[i] = info.ModTime()
		}
	}
	return stamp
}
