// SPDX-License-Identifier: GPL-3.0-or-later

package tlscert

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// pair makes a certificate and gives its files.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := WriteSelfSigned(cert, key, []string{"localhost"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestARenewedCertificateIsTakenUpWhenItIsWhole(t *testing.T) {
	t.Parallel()
	cert, key := pair(t)
	c, err := Load(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	now := time.Now()
	first := c.fresh(now, quiet)
	newCert, newKey := pair(t)
	move(t, newCert, cert, now.Add(time.Second))
	if c.fresh(now.Add(recheck), quiet) != first {
		t.Error("a certificate without its key was taken up")
	}
	move(t, newKey, key, now.Add(time.Second))
	if c.fresh(now.Add(2*recheck-1), quiet) != first {
		t.Error("the files are looked at too often")
	}
	if c.fresh(now.Add(2*recheck), quiet) == first {
		t.Error("the renewed certificate was not taken up")
	}
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
