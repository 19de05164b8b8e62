// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"time"
)

const replyLimit = 5 * time.Minute // for one reply, from its request on

// client is one HTTP/1.1 connection that is kept alive. It understands no more
// than these measurements need: net/http's client takes as much of the
// processor as the servers do, which share it, and would make all of them look
// alike.
type client struct {
	conn    net.Conn
	in      *bufio.Reader
	release func() bool // of the context
}

// dial connects; the end of ctx cuts the connection.
func dial(ctx context.Context, address string) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	release := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return &client{conn, bufio.NewReaderSize(conn, 32<<10), release}, nil
}

func (c *client) close() {
	c.release()
	_ = c.conn.Close()
}

// ask sends a request and gives the status of the reply, whose body it drops.
func (c *client) ask(request []byte) (int, error) {
	status, body, err := c.open(request)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return 0, fmt.Errorf("read the reply: %w", err)
	}
	return status, nil
}

// demand is ask for a reply that must be a success.
func (c *client) demand(request []byte) error {
	status, err := c.ask(request)
	if err == nil && (status < 200 || status > 299) {
		line, _, _ := bytes.Cut(request, []byte(" HTTP/"))
		return fmt.Errorf("%s: %w", line, statusError(status))
	}
	return err
}

// statusError is the status of a reply that should have been another.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

// open sends a request and reads the reply up to its body, which must be read
// to its end before the next request.
func (c *client) open(request []byte) (status int, body io.Reader, err error) {
	_ = c.conn.SetDeadline(time.Now().Add(replyLimit)) // fails only when closed; then so does the rest
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, fmt.Errorf("send the request: %w", err)
	}
	line, err := c.line()
	if err != nil {
		return 0, nil, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return 0, nil, fmt.Errorf("not a status line: %q", line)
	}
	if status, err = strconv.Atoi(string(line[len("HTTP/1.1 "):][:3])); err != nil {
		return 0, nil, fmt.Errorf("not a status line: %q", line)
	}
	body, err = c.body()
	return status, body, err
}

// body reads the header for how long the body is.
func (c *client) body() (io.Reader, error) {
	var length int64
	chunked := false
	for {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			break
		}
		if value, ok := header(line, "Content-Length:"); ok {
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return nil, fmt.Errorf("read the length of a reply: %w", err)
			}
		}
		if value, ok := header(line, "Transfer-Encoding:"); ok {
			chunked = string(value) == "chunked"
		}
	}
	if chunked {
		return &chunks{httputil.NewChunkedReader(c.in), c}, nil
	}
	return io.LimitReader(c.in, length), nil
}

func header(line []byte, name string) (value []byte, ok bool) {
	if len(line) < len(name) || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name):]), true
}

// line gives the next line without its end; it is valid until the next read.
func (c *client) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("read the reply: %w", err)
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

// chunks is a chunked body; at its end it takes the empty line behind it.
type chunks struct {
	io.Reader
	c *client
}

// Read is io.Reader's.
func (b *chunks) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		for line := []byte{0}; len(line) > 0; {
			var failed error
			if line, failed = b.c.line(); failed != nil {
				return n, failed
			}
		}
	}
	return n, err
}
