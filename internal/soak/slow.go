// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"time"
)

const slowest = 10 * time.Second // after which the reader leaves

// slowReader is on a bad network, or means no good: it sends the header of a request letter by
// letter, reads a list in drops, or opens a stream and takes nothing, and leaves in the middle.
type slowReader struct {
	soak   *soak
	client *client
}

func (s *slowReader) run(ctx context.Context) { s.soak.loop(ctx, s.client.chance, s.step) }

// step opens a connection and leaves it again. What becomes of it does not matter.
func (s *slowReader) step(ctx context.Context) {
	address := []string{s.soak.site.steady.address, s.soak.site.mortal.address}[s.client.chance.IntN(2)]
	connection, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = connection.Close() }() // nobody waits for it
	_ = connection.SetDeadline(time.Now().Add(slowest))

	basic := base64.StdEncoding.EncodeToString([]byte(s.client.account + ":" + s.client.password))
	header := fmt.Sprintf("Host: soak\r\nAuthorization: Basic %s\r\n", basic)
	switch s.client.chance.IntN(3) {
	case 0:
		drip(ctx, connection, "GET /people HTTP/1.1\r\n"+header+"\r\n")
	case 1:
		_, _ = fmt.Fprintf(connection, "GET /people HTTP/1.1\r\n%s\r\n", header)
		sip(ctx, connection)
	case 2:
		_, _ = fmt.Fprintf(connection, "GET /changes HTTP/1.1\r\n%sAccept: text/event-stream\r\n\r\n", header)
		pause(ctx, 3*time.Second)
	}
}

// drip sends a text letter by letter, and not all of it.
func drip(ctx context.Context, to net.Conn, text string) {
	for i := range len(text) / 2 {
		_, err := to.Write([]byte{text[i]})
		if err != nil || ctx.Err() != nil {
			return
		}
		pause(ctx, 50*time.Millisecond)
	}
}

// sip reads a little at a time, and leaves before the end.
func sip(ctx context.Context, from net.Conn) {
	drop := make([]byte, 512)
	for range 40 {
		_, err := from.Read(drop)
		if err != nil || ctx.Err() != nil {
			return
		}
		pause(ctx, 100*time.Millisecond)
	}
}
