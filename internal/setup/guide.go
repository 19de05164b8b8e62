// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"fmt"
	"io"
	"net"
	"time"

	"thalamus/internal/tlscert"
)

// Guide tells where the hub is, and how others are pointed at it and made to trust it.
func (p *Plan) Guide(out io.Writer) error {
	leaf, err := tlscert.Read(p.Cert)
	if err != nil {
		return err
	}

	names := externalNames(certificateNames(p.Cert))
	fmt.Fprint(out, "\nThalamus serves at\n\n")
	for _, name := range names {
		fmt.Fprintf(out, "    https://%s/\n", net.JoinHostPort(name, p.Port()))
	}

	fmt.Fprintf(out, "\nIts certificate, %s, is good until %s. Its SHA-256 fingerprint is\n\n    %s\n",
		p.Cert, leaf.NotAfter.Format(time.DateOnly), tlscert.Fingerprint(leaf))
	if tlscert.SelfSigned(leaf) {
		fmt.Fprint(out, selfSignedGuide)
	}

	fmt.Fprintf(out, clientsGuide, names[0], p.Port())
	return nil
}

const selfSignedGuide = `
It is self-signed: nobody else vouches for it, so each client must be told once, by
this fingerprint or with a copy of the file. Run "thalamus setup" again in the month
before it ends, and tell the new one.

A browser warns at the first visit: compare the fingerprint with what it shows of the
certificate, then accept.
`

const clientsGuide = `
An HMIS node is told in its federation configuration: Thalamus server %[1]s,
Port %[2]s, SSL, and user and password of an account that is made for the node. For
"Verify SSL cert" its machine must know a self-signed certificate: copied to
/usr/local/share/ca-certificates/thalamus.crt there, update-ca-certificates takes it
up, and REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt in the environment of
the HMIS server makes it count. Unverified, others on the way can read everything.

A phone with MyGNUHealth is told in its network settings: https, %[1]s,
%[2]s, and the person's federation account and password. A self-signed certificate is
added to the device's own, where the system has a place for them.

A web site whose pages use the hub is listed in server.cors_origins.

Accounts for people and nodes: "thalamus help account".
`

// externalNames are the names by which others may call this machine; all of them if others cannot.
func externalNames(names []string) (others []string) {
	for _, name := range names {
		ip := net.ParseIP(name)
		if name != "localhost" && (ip == nil || !ip.IsLoopback()) {
			others = append(others, name)
		}
	}

	if len(others) == 0 {
		return names
	}

	return others
}
