// SPDX-License-Identifier: GPL-3.0-or-later

package listen

import (
	"io"
	"net"
	"slices"
	"testing"
	"time"
)

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
		t.Run(end, func(t *testing.T) {
			got := ""
			if alert := alertAt([]byte(end)); alert != nil {
				got = alert.Error()
			}
			if got != want {
				t.Errorf("%q: %q, want %q", end, got, want)
			}
		})
	}
}
