// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestOtherLinesOfHTTPAreLoggedAsTheyAre(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"http: TLS handshake error from [::1]:9: remote error: tls: expired certificate": `level=WARN msg="a client does not trust the certificate" client=[::1]:9 says="tls: expired certificate"`,
		"http: TLS handshake error from [::1]:9: remote error: tls: internal error":      `level=WARN msg="http: TLS handshake error from [::1]:9: remote error: tls: internal error"`,
		"http: TLS handshake error from [::1]:9: EOF":                                    `level=WARN msg="http: TLS handshake error from [::1]:9: EOF"`,
		"tls: bad certificate": `level=WARN msg="tls: bad certificate"`,
	} {
		t.Run(line, func(t *testing.T) {
			var out bytes.Buffer
			errorLog(slog.New(slog.NewTextHandler(&out, nil))).Print(line)
			if _, got, _ := strings.Cut(out.String(), " "); got != want+"\n" {
				t.Errorf("%s: %s", line, got)
			}
		})
	}
}
