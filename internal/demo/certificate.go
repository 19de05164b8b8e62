// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"fmt"
	"time"

	"thalamus/internal/tlscert"
)

// certify makes the demo's certificate, for this machine alone, if there is none that lasts.
func (d Dir) certify() error {
	cert, key := d.file(certFile), d.file(keyFile)
	if lasts(cert) {
		return nil
	}

	const year = 365 * 24 * time.Hour
	if err := tlscert.WriteSelfSigned(cert, key, []string{"localhost", "127.0.0.1", "::1"}, year); err != nil {
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
