// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// visit is a session of the portal, as a browser has it.
type visit struct {
	server *server
	cookie string
}

// signIn sends the form of the portal. Where its reply leads to is not asked for.
func (s *server) signIn(ctx context.Context, account string) (*visit, error) {
	form := url.Values{"account": {account}, "password": {password}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/portal/sign-in", strings.NewReader(form))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")

	reply, err := s.Transport.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	defer reply.Body.Close()

	cookies := reply.Cookies()
	if reply.StatusCode != http.StatusSeeOther || len(cookies) != 1 {
		return nil, fmt.Errorf("sign in: status %d", reply.StatusCode)
	}
	return &visit{s, cookies[0].Name + "=" + cookies[0].Value}, nil
}

// open asks for a page, and gives its size in bytes.
func (v *visit) open(ctx context.Context, path string) (size int64, err error) {
	reply, err := v.server.as("").open(ctx, get(path), "Cookie", v.cookie)
	if err != nil {
		return 0, err
	}
	defer reply.Body.Close()

	if reply.Request.URL.Path == "/portal/sign-in" {
		return 0, fmt.Errorf("%s: the session has ended", path)
	}
	size, err = io.Copy(io.Discard, reply.Body)
	if err != nil {
		return size, fmt.Errorf("read %s: %w", path, err)
	}
	return size, nil
}
