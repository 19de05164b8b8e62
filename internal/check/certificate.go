// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"

	"thalamus/internal/tlscert"
)

// expiryMargin is how long before its end a certificate should have been renewed: a service
// does that a month before, or after two thirds of a short life.
const expiryMargin = 14 * 24 * time.Hour

const renewRemedy = "Renew it, in its file; the server takes it up by itself."

// certificate looks at the names of the certificate and the days that it has left.
func certificate(_ context.Context, s Site) ([]Finding, error) {
	if s.Cert == "" {
		return passed("There is none."), nil
	}

	cert, err := tlscert.Read(s.Cert)
	if err != nil {
		return fault(fmt.Sprintf("The certificate cannot be used by user %s: %v.", effectiveUser(), err), "Name a PEM file with the certificate and its chain in server.tls_cert."), nil
	}
	return certificateFindings(cert, time.Now()), nil
}

func certificateFindings(cert *x509.Certificate, now time.Time) []Finding {
	names := tlscert.Names(cert)
	left := cert.NotAfter.Sub(now)
	switch {
	case now.Before(cert.NotBefore):
		return fault("The certificate holds from "+formatDate(cert.NotBefore)+" on only, and no client takes it before.", "Look whether this machine's clock is right.")
	case left <= 0:
		return fault("The certificate ended on "+formatDate(cert.NotAfter)+", and no client takes it any more.", renewRemedy)
	case len(names) == 0:
		return fault("The certificate has no names (subjectAltName), and no client takes it.", "Have one made with the name by which clients reach this server.")
	case left < min(expiryMargin, cert.NotAfter.Sub(cert.NotBefore)/3):
		return warning(fmt.Sprintf("The certificate ends on %s: days left: %d.", formatDate(cert.NotAfter), int(left.Hours()/24)), renewRemedy)
	}

	return passed("It is for %s, and ends on %s: days left: %d.", strings.Join(names, ", "), formatDate(cert.NotAfter), int(left.Hours()/24))
}

// key looks whether the key is the certificate's, and who may read it.
func key(_ context.Context, s Site) ([]Finding, error) {
	if s.Key == "" {
		return passed("There is none."), nil
	}
	if _, err := os.ReadFile(s.Key); err != nil {
		return unreadable("key", s.Key, err), nil
	}
	if _, err := tls.LoadX509KeyPair(s.Cert, s.Key); err != nil {
		return fault("The key does not fit the certificate: "+err.Error()+".", "Name both files of one certificate in server.tls_cert and server.tls_key."), nil
	}
	if isOpen(s.Key) {
		return warning("Everybody on this machine can read the key, or change it: "+s.Key+".", "chmod o= "+s.Key+", and have a certificate made with another key."), nil
	}

	return passed("User %s can read it, and not everybody.", effectiveUser()), nil
}

func formatDate(t time.Time) string { return t.UTC().Format(time.DateOnly) }
