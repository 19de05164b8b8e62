// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/base64"
	"net/http"
	"net/netip"
)

// login is who asks.
type login struct {
	account, password string
	from              netip.Addr // as a proxy reports it; zero: no proxy
}

// request is a request to any server, made once for all the times it is sent.
type request struct {
	method, path, body string
	header             http.Header // read only
}

func (l login) request(method, path, body string) request {
	basic := base64.StdEncoding.EncodeToString([]byte(l.account + ":" + l.password))
	header := http.Header{"Authorization": {"Basic " + basic}}
	if l.from.IsValid() {
		header.Set("X-Forwarded-For", l.from.String())
	}
	return request{method, path, body, header}
}

func (l login) get(path string) request { return l.request(http.MethodGet, path, "") }

// everyone gives the request of each book's person.
func (l login) everyone(directory string) []request {
	requests := make([]request, books)
	for i := range requests {
		requests[i] = l.get(directory + person(firstAtBooks+i))
	}
	return requests
}

// generator makes, for each connection, a function that gives its next request.
type generator func(connection int) func() request

func always(q request) generator {
	return func(int) func() request { return func() request { return q } }
}

// inTurn gives each connection the same requests, from another one on.
func inTurn(requests []request) generator {
	return func(connection int) func() request {
		i := connection * 131
		return func() request {
			i++
			return requests[i%len(requests)]
		}
	}
}

// mixed gives one request of each generator after the other.
func mixed(generators ...generator) generator {
	return func(connection int) func() request {
		var next []func() request
		for _, g := range generators {
			next = append(next, g(connection))
		}
		i := connection
		return func() request {
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
