// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import "net/netip"

// tokenAccount stands in the throttle for whoever comes with a one-time link in place of an account and a
// password. No account has such an id.
const tokenAccount = "\x00link"

// AdmitToken refuses, as TooMany, an address that has come with too many wrong tokens: as many as it may
// try wrong passwords of one account.
func (v *Verifier) AdmitToken(from netip.Addr) error {
	return v.throttle.admit(v.throttle.client(from, tokenAccount), v.Now())
}

// CountWrongToken counts a token that was wrong as a failed login.
func (v *Verifier) CountWrongToken(from netip.Addr) {
	v.throttle.failed(v.throttle.client(from, tokenAccount))
}
