// SPDX-License-Identifier: GPL-3.0-or-later

package tlscert

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// recheck is how often, at most, the files of a certificate are looked at.
const recheck = 10 * time.Second

// Files serves the certificate of two files, and a renewed one as soon as it is there.
type Files struct {
	cert, key string // PEM files

	mu      sync.Mutex
	current *tls.Certificate
	stamp   [2]time.Time // when the files were changed
	checked time.Time

	issued atomic.Bool // the current one is not self-signed
}

// Load loads a certificate and its key.
func Load(cert, key string) (*Files, error) {
	f := &Files{cert: cert, key: key}
	return f, f.Reload()
}

// aeadSuites are the suites of TLS 1.2 that encrypt and authenticate in one (AEAD), as all
// of TLS 1.3 do.
var aeadSuites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// Config is how a server speaks TLS with the certificate.
func (f *Files) Config(log *slog.Logger) *tls.Config {
	return &tls.Config{
		MinVersion:   tls.VersionTLS12,
		CipherSuites: aeadSuites,
		NextProtos:   []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return f.fresh(time.Now(), log), nil
		},
	}
}

// Reload reads the files again. If they are wrong the current certificate stays.
func (f *Files) Reload() error {
	stamp := f.changed()
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("server.tls_cert, server.tls_key: %w", err)
	}

	f.mu.Lock()
	defer f.mu.Unlock()

	f.current, f.stamp = &pair, stamp
	f.issued.Store(!SelfSigned(pair.Leaf))
	return nil
}

// Expires is when the current certificate ends.
func (f *Files) Expires() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current.Leaf.NotAfter
}

// Issued reports whether an authority vouches for the certificate: it is not self-signed.
func (f *Files) Issued() bool { return f.issued.Load() }

// fresh gives the certificate, after a look whether the files were renewed.
func (f *Files) fresh(now time.Time, log *slog.Logger) *tls.Certificate {
	if f.due(now) {
		if err := f.Reload(); err != nil { // half renewed: one file is there, the other not yet
			log.Warn("the renewed certificate cannot be used yet", "error", err)
		} else {
			log.Info("took up the renewed certificate")
		}
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

// due reports, at most once in a while, whether the files are other ones now.
func (f *Files) due(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.checked) < recheck {
		return false
	}
	f.checked = now
	return f.changed() != f.stamp
}

func (f *Files) changed() (stamp [2]time.Time) {
	for i, file := range []string{f.cert, f.key} {
		if info, err := os.Stat(file); err == nil {
			stamp[i] = info.ModTime()
		}
	}
	return stamp
}
