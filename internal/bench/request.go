// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
)

// login is who asks.
type login struct {
	account, password string
	from              netip.Addr // as a proxy reports it; zero: no proxy
}

// request gives the bytes of a request, once for all the times it is sent.
func (l login) request(method, path, body string) []byte {
	var b strings.Builder
	basic := base64.StdEncoding.EncodeToString([]byte(l.account + ":" + l.password))
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: thalamus.example\r\nAuthorization: Basic %s\r\n", method, path, basic)
	if l.from.IsValid() {
		fmt.Fprintf(&b, "X-Forwarded-For: %s\r\n", l.from)
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	return []byte(b.String() + "\r\n" + body)
}

func (l login) get(path string) []byte { return l.request("GET", path, "") }

// everyone gives the request of each book's person.
func (l login) everyone(directory string) [][]byte {
	requests := make([][]byte, books)
	for i := range requests {
		requests[i] = l.get(directory + person(firstAtBooks+i))
	}
	return requests
}

// generator makes, for each connection, a function that gives its next request.
// The request is valid until the next call.
type generator func(connection int) func() []byte

func always(request []byte) generator {
	return func(int) func() []byte { return func() []byte { return request } }
}

// inTurn gives each connection the same requests, from another one on.
func inTurn(requests [][]byte) generator {
	return func(connection int) func() []byte {
		i := connection * 131
		return func() []byte {
			i++
			return requests[i%len(requests)]
		}
	}
}

// mixed gives one request of each generator after the other.
func mixed(generators ...generator) generator {
	return func(connection int) func() []byte {
		var next []func() []byte
		for _, g := range generators {
			next = append(next, g(connection))
		}
		i := connection
		return func() []byte {
			i++
			return next[i%len(next)]()
		}
	}
}

// addressOf gives the nth of many addresses, each in a network of its own.
func addressOf(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}) //nolint:gosec // the low bits are wanted
}

// people gives the ids of a number of persons.
func people(first, count int) []string {
	ids := make([]string, count)
	for i := range ids {
		ids[i] = person(first + i)
	}
	return ids
}
