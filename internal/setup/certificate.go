// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/shell"
	"thalamus/internal/tlscert"
)

// Where the certificate of a hub is, if setup has put it there.
const (
	certFile = "cert.pem"
	keyFile  = "key.pem"
)

// A self-signed certificate lives for lifetime, the longest that all systems accept, and is
// replaced when less than renewal is left.
const (
	lifetime = 825 * 24 * time.Hour
	renewal  = 30 * 24 * time.Hour
)

// certificate is the step to a certificate: from files, the one that is configured, or else a
// self-signed one.
func (p *Plan) certificate() (Step, error) {
	own, key := p.options.path(certFile), p.options.path(keyFile)
	p.Cert = cmp.Or(p.text.value("server", "tls_cert"), own)
	if !strings.HasPrefix(p.Cert, "/") {
		p.Cert = p.options.path(p.Cert)
	}

	if p.options.Cert == "" && p.Cert != own {
		return Step{Name: "the certificate that is configured", Done: func(context.Context) bool { return true }}, nil
	}

	p.Cert = own
	p.want("server", "tls_cert", own)
	p.want("server", "tls_key", key)

	if p.options.Cert == "" {
		return p.signCertificate(own, key), nil
	}
	if _, err := tls.LoadX509KeyPair(p.options.Cert, p.options.Key); err != nil {
		return Step{}, fmt.Errorf("the certificate: %w", err)
	}

	return p.copyCertificate(own, key), nil
}

// copyCertificate copies a certificate from files, so that the serving user must be able to read the copy only.
func (p *Plan) copyCertificate(cert, key string) Step {
	o := p.options
	return Step{
		Name: "the certificate from " + o.Cert,
		Done: func(context.Context) bool {
			return sameContent(o.Cert, cert) && sameContent(o.Key, key) && isPrivate(key, o.User)
		},
		Shell: func() []string {
			return []string{installCommand(o.Cert, cert, o.User, 0o644), installCommand(o.Key, key, o.User, 0o640)}
		},
	}
}

func (p *Plan) signCertificate(cert, key string) Step {
	names := p.options.Names
	if len(names) == 0 {
		names = certificateNames(cert)
	}

	if len(names) == 0 {
		names = Names()
	}

	return Step{
		Name: "a certificate for " + strings.Join(names, ", "),
		Done: func(context.Context) bool {
			return isValid(cert, key, names, time.Now()) && isPrivate(key, p.options.User)
		},
		Do: func(context.Context) error { return p.writeCertificate(cert, key, names) },
		Shell: func() []string {
			return []string{opensslCommand(cert, key, names), "chgrp " + shell.Quote(p.options.User) + " " + shell.Quote(key), "chmod 640 " + shell.Quote(key)}
		},
	}
}

// writeCertificate writes a new certificate and its key.
func (p *Plan) writeCertificate(cert, key string, names []string) error {
	group, err := user.LookupGroup(p.options.User)
	if err != nil {
		return err
	}

	gid, err := strconv.Atoi(group.Gid)
	if err != nil {
		return err
	}

	for _, file := range []string{cert, key} {
		_ = os.Remove(file) // it may be a link, or have others' rights
	}

	if err := tlscert.WriteSelfSigned(cert, key, names, lifetime); err != nil {
		return err
	}
	if err := os.Chown(key, -1, gid); err != nil {
		return err
	}
	if err := os.Chmod(key, 0o640); err != nil { //nolint:gosec // for the group that serves
		return err
	}

	return os.Chmod(cert, 0o644) //nolint:gosec // it is public
}

// opensslCommand is the command that makes such a certificate.
func opensslCommand(cert, key string, names []string) string {
	var alternatives []string
	for _, name := range names {
		kind := "DNS:"
		if net.ParseIP(name) != nil {
			kind = "IP:"
		}
		alternatives = append(alternatives, kind+name)
	}

	return fmt.Sprintf("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days %d -subj %s \\\n"+
		"    -addext %s -addext extendedKeyUsage=serverAuth \\\n    -addext keyUsage=digitalSignature -addext basicConstraints=critical,CA:FALSE \\\n    -keyout %s -out %s",
		lifetime/(24*time.Hour), shell.Quote("/CN="+names[0]), shell.Quote("subjectAltName="+strings.Join(alternatives, ",")), shell.Quote(key), shell.Quote(cert))
}
