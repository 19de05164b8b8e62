// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"errors"
	"fmt"
	"os"
	"time"

	"thalamus/internal/tlscert"
)

// certify makes the demo's certificate, if there is none that lasts.
func (d Dir) certify() error {
	cert, key := d.file(certFile), d.file(keyFile)
	if lasts(cert) {
		return nil
	}
	if err := selfSign(cert, key); err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	return nil
}

func lasts(file string) bool {
	leaf, err := tlscert.Read(file)
	if err != nil {
		return false
	}
	return time.Now().AddDate(0, 0, 1).Before(leaf.NotAfter)
}

// selfSign makes a certificate for this machine alone.
func selfSign(certPath, keyPath string) error {
	const year = 365 * 24 * time.Hour
	cert, key, err := tlscert.SelfSign([]string{"localhost", "127.0.0.1", "::1"}, time.Now(), year)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(keyPath, key, 0o600), os.WriteFile(certPath, cert, 0o600))
}
