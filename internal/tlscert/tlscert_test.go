// SPDX-License-Identifier: GPL-3.0-or-later

package tlscert

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestASignedCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	names := []string{"hub.example.org", "192.0.2.7", "::1"}
	cert, key, err := SelfSign(names, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tls.X509KeyPair(cert, key); err != nil {
		t.Error(err)
	}

	for order, text := range map[string][]byte{"alone": cert, "behind its key": slices.Concat(key, cert)} {
		t.Run(order, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "cert.pem")
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			leaf, err := Read(file)
			if err != nil {
				t.Fatalf("%s: %v", order, err)
			}
			if got := Names(leaf); !slices.Equal(got, names) || !SelfSigned(leaf) {
				t.Errorf("%s: it is for %v", order, got)
			}
		})
	}
}

func TestAFileWithoutACertificateIsRefused(t *testing.T) {
	t.Parallel()
	_, key, err := SelfSign([]string{"localhost"}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "no PEM", string(key)} {
		file := filepath.Join(t.TempDir(), "cert.pem")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(file); err == nil {
			t.Errorf("%q has one", text)
		}
	}
}
