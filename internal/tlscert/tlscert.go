// SPDX-License-Identifier: GPL-3.0-or-later

// Package tlscert makes self-signed certificates of TLS, and reads what others see of a certificate.
package tlscert

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"
	"time"
)

// certificate is the type of a certificate in PEM.
const certificate = "CERTIFICATE"

// SelfSign makes a certificate for host names and addresses, and its key, as PEM.
func SelfSign(names []string, now time.Time, lifetime time.Duration) (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}

	template := x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: names[0]},
		NotBefore:    now.Add(-time.Hour), // for clients whose clocks are late
		NotAfter:     now.Add(lifetime - time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
			continue
		}
		template.DNSNames = append(template.DNSNames, name)
	}

	public, err := x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private)
	if err != nil {
		return nil, nil, err
	}

	secret, err := x509.MarshalPKCS8PrivateKey(private)
	return inPEM(certificate, public), inPEM("PRIVATE KEY", secret), err
}

// WriteSelfSigned makes a certificate as SelfSign does, from now on, and writes it and its key to
// files. New ones can be read by their owner only.
func WriteSelfSigned(cert, key string, names []string, lifetime time.Duration) error {
	public, private, err := SelfSign(names, time.Now(), lifetime)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(key, private, 0o600), os.WriteFile(cert, public, 0o600))
}

func inPEM(kind string, bytes []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes})
}

// Read gives the first certificate of a PEM file, which is the server's.
func Read(file string) (*x509.Certificate, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}

	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == certificate {
			return x509.ParseCertificate(block.Bytes)
		}
	}
	return nil, errors.New(file + " holds no certificate in PEM")
}

// Names are those by which clients may reach the server: host names, and addresses.
func Names(leaf *x509.Certificate) []string {
	names := slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// Fingerprint is what browsers show of a certificate: its SHA-256.
func Fingerprint(leaf *x509.Certificate) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", sha256.Sum256(leaf.Raw)), " ", ":")
}

// SelfSigned reports whether nobody else vouches for a certificate.
func SelfSigned(leaf *x509.Certificate) bool {
	return bytes.Equal(leaf.RawIssuer, leaf.RawSubject)
}
