// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestADistrustedCertificateIsLoggedAsThat has clients like Go, which say it as crypto/tls
// expects it, and one like OpenSSL.
func TestADistrustedCertificateIsLoggedAsThat(t *testing.T) {
	t.Parallel()
	cert, key := pair(t)
	p := start(t, append(migratedSite(t).environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key), "serve")
	for _, newest := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		conn, err := (&tls.Dialer{Config: &tls.Config{MaxVersion: newest}}).DialContext(t.Context(), "tcp", p.address)
		if err == nil {
			conn.Close()
			t.Fatal("the certificate was trusted")
		}
	}
	p.await(`msg="a client does not trust the certificate"`, 2)

	raw, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	unwilling := tls.Client(alerting{raw}, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13})
	if err := unwilling.HandshakeContext(t.Context()); err == nil {
		t.Fatal("the handshake went well")
	}
	p.await(`msg="a client does not trust the certificate" client=`+raw.LocalAddr().String()+` says="tls: unknown certificate authority"`, 1)
	if strings.Contains(p.logged(), "bad record MAC") {
		t.Error(p.logged())
	}
}

// alerting is a client's connection on which, in place of all that follows its hello, an
// alert in the clear is sent.
type alerting struct{ net.Conn }

// Write is net.Conn's.
func (c alerting) Write(record []byte) (int, error) {
	const hello = 22
	if record[0] == hello {
		return c.Conn.Write(record)
	}
	if _, err := c.Conn.Write([]byte("\x14\x03\x03\x00\x01\x01\x15\x03\x03\x00\x02\x02\x30")); err != nil {
		return 0, err
	}
	return 0, net.ErrClosed
}

func TestAnAlertIsFoundInPiecesUntilTheHelloIsOver(t *testing.T) {
	t.Parallel()
	const sent = "\x14\x03\x03\x00\x01\x01\x15\x03\x03\x00\x02\x02\x30"
	for piece := 1; piece <= len(sent); piece++ {
		for _, over := range []bool{false, true} {
			conn := &helloConn{Conn: inPieces(t, sent, piece)}
			if over {
				_ = conn.SetReadDeadline(time.Time{}) // as net/http does then; a pipe takes any
			}
			got, err := io.ReadAll(conn)
			if (err == nil) != over || over && string(got) != sent {
				t.Errorf("in pieces of %d, hello over: %v: %q, %v", piece, over, got, err)
			}
		}
	}
}

// inPieces is a connection on which a text comes in pieces of n bytes.
func inPieces(t *testing.T, text string, n int) net.Conn {
	t.Helper()
	server, client := net.Pipe()
	t.Cleanup(func() { server.Close() })
	go func() {
		defer client.Close()
		for piece := range slices.Chunk([]byte(text), n) {
			_, _ = client.Write(piece) // fails if the server has ended
		}
	}()
	return server
}

func TestOnlyAFatalAlertInTheClearIsFound(t *testing.T) {
	t.Parallel()
	for end, want := range map[string]string{
		"\x15\x03\x03\x00\x02\x02\x30": "remote error: tls: unknown certificate authority",
		"\x15\x03\x01\x00\x02\x02\x2a": "remote error: tls: bad certificate",
		"\x15\x03\x03\x00\x02\x01\x00": "", // a warning
		"\x17\x03\x03\x00\x02\x02\x30": "", // data
		"\x15\x03\x03\x00\x1a\x02\x30": "", // the beginning of an encrypted one
		"\x15\x03\x03\x01\x02\x02\x30": "",
		"\x15\x02\x03\x00\x02\x02\x30": "", // another protocol
		"\x15\x03\x03\x00\x02\x02":     "",
		"":                             "",
	} {
		got := ""
		if alert := alertAt([]byte(end)); alert != nil {
			got = alert.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", end, got, want)
		}
	}
}

func TestOtherLinesOfHTTPAreLoggedAsTheyAre(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"http: TLS handshake error from [::1]:9: remote error: tls: expired certificate": `level=WARN msg="a client does not trust the certificate" client=[::1]:9 says="tls: expired certificate"`,
		"http: TLS handshake error from [::1]:9: remote error: tls: internal error":      `level=WARN msg="http: TLS handshake error from [::1]:9: remote error: tls: internal error"`,
		"http: TLS handshake error from [::1]:9: EOF":                                    `level=WARN msg="http: TLS handshake error from [::1]:9: EOF"`,
		"tls: bad certificate": `level=WARN msg="tls: bad certificate"`,
	} {
		var out bytes.Buffer
		errorLog(slog.New(slog.NewTextHandler(&out, nil))).Print(line)
		if _, got, _ := strings.Cut(out.String(), " "); got != want+"\n" {
			t.Errorf("%s: %s", line, got)
		}
	}
}
