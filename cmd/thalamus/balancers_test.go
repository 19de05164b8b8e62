// SPDX-License-Identifier: GPL-3.0-or-later

//go:build proxies

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// balancer stands before several hubs, with a configuration as it is shipped.
type balancer struct {
	name  string
	files func(t *testing.T, address string, hubs []string) map[string]string // in a directory of its own
	start []string                                                            // DIR is that directory
}

var balancers = []balancer{
	{name: "haproxy", files: haproxyFiles, start: []string{"/usr/sbin/haproxy", "-db", "-f", "DIR/haproxy.cfg"}},
	{name: "nginx", files: nginxFiles, start: nginx.start},
}

func haproxyFiles(t *testing.T, address string, hubs []string) map[string]string {
	t.Helper()
	cert, key := pair(t)
	site := withHubs(t, "haproxy.cfg", "    server hub%d %s\n", hubs)
	site = replaced(t, site, "bind :443 ssl crt /etc/ssl/private/hub.pem", "bind "+address+" ssl crt DIR/hub.pem")
	return map[string]string{"haproxy.cfg": site, "hub.pem": contents(t, cert) + contents(t, key)}
}

func nginxFiles(t *testing.T, address string, hubs []string) map[string]string {
	t.Helper()
	cert, key := pair(t)
	site := contents(t, "../../etc/proxy/nginx.conf")
	begin, end := strings.Index(site, "upstream thalamus {"), strings.Index(site, "server {\n    listen")
	site = site[:begin] + withHubs(t, "nginx-hubs.conf", "    server %[2]s max_fails=1 fail_timeout=10s;\n", hubs) + site[end:]
	site = replaced(t, site, "listen 443", "listen "+address)
	site = replaced(t, site, "/etc/ssl/certs/hub.pem", cert)
	site = replaced(t, site, "/etc/ssl/private/hub.key", key)
	return map[string]string{"main.conf": nginx.main, "site.conf": site}
}

// withHubs is a shipped file with a line for each hub in place of its two.
func withHubs(t *testing.T, file, line string, hubs []string) string {
	t.Helper()
	site, lines := contents(t, "../../etc/proxy/"+file), ""
	for i, hub := range hubs {
		lines += fmt.Sprintf(line, i+1, hub)
	}
	site = replaced(t, site, fmt.Sprintf(line, 1, "10.0.0.11:8443"), lines)
	return replaced(t, site, fmt.Sprintf(line, 2, "10.0.0.12:8443"), "")
}

func replaced(t *testing.T, text, from, to string) string {
	t.Helper()
	if !strings.Contains(text, from) {
		t.Fatalf("there is no %q", from)
	}
	return strings.ReplaceAll(text, from, to)
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// run starts it before hubs, until the test ends.
func (b balancer) run(t *testing.T, hubs []string) (address string) {
	t.Helper()
	dir := t.TempDir()
	address = freeAddress(t)
	fill := strings.NewReplacer("DIR", dir)
	for name, text := range b.files(t, address, hubs) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(fill.Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runProxy(t, strings.Fields(fill.Replace(strings.Join(b.start, " "))), address, filepath.Join(dir, "error.log"))
	return address
}

// clientFrom is a client with an address of its own.
func clientFrom(from, balancer string) *http.Client {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, balancer)
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
}

// askThrough wants an answer with this status.
func askThrough(t *testing.T, client *http.Client, want int, method, path, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, publicURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(other, otherPwd)
	r.Header.Set("X-Forwarded-For", "203.0.113.9") // which nobody believes
	reply, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if reply.StatusCode != want || err != nil {
		t.Errorf("%s %s: status %d, want %d: %.200s %v", method, path, reply.StatusCode, want, text, err)
	}
}

// served gives the hubs that have answered so many requests of a client, as their logs say.
func served(t *testing.T, hubs []*program, client string, requests int) (by []*program) {
	t.Helper()
	testdb.Await(t, fmt.Sprintf("%d requests of %s are in the logs", requests, client), func() bool {
		found := 0
		by = nil
		for _, hub := range hubs {
			n := strings.Count(hub.logged(), " from="+client+"\n")
			found += n
			if n > 0 {
				by = append(by, hub)
			}
		}
		return found == requests
	})
	return by
}

// Clients of a hub that is killed go on at the others, and the others' clients stay where they are.
func TestBehindProxiesOneOfFourHubsMayBeKilled(t *testing.T) {
	for _, b := range balancers {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			s := migratedSite(t)
			var hubs []*program
			var addresses []string
			for range 4 {
				hub := start(t, append(s.environ, "THALAMUS_SERVER_TRUSTED_PROXIES=127.0.0.1"), "serve")
				hubs, addresses = append(hubs, hub), append(addresses, hub.address)
			}
			balancer := b.run(t, addresses)

			clients, first := map[string]*http.Client{}, map[string]*program{}
			for n := range 24 {
				from := fmt.Sprintf("127.0.1.%d", n+1)
				clients[from] = clientFrom(from, balancer)
				for range 3 {
					askThrough(t, clients[from], 200, "GET", "/people/"+other, "")
				}
				clients[from].CloseIdleConnections()
				askThrough(t, clients[from], 201, "POST", bookPath+"/"+from, `{"id": "`+from+`"}`)
				by := served(t, hubs, from, 4)
				if len(by) != 1 {
					t.Fatalf("%s was served by %d hubs", from, len(by))
				}
				first[from] = by[0]
			}

			killed := first["127.0.1.1"]
			_ = killed.cmd.Process.Kill()
			killed.wait()
			for from, client := range clients {
				askThrough(t, client, 200, "GET", bookPath+"/"+from, "")
				askThrough(t, client, 201, "POST", bookPath+"/later-"+from, `{"id": "later-`+from+`"}`)
				by := served(t, hubs, from, 6)
				if first[from] != killed && !slices.Equal(by, []*program{first[from]}) {
					t.Errorf("%s moved, although its hub is there", from)
				}
				if first[from] == killed && len(by) != 2 {
					t.Errorf("%s was served by %d hubs", from, len(by))
				}
			}
			if got := testdb.Text(t, s.url, `SELECT count(*)::text FROM pols WHERE id LIKE '%127.0.1.%'`); got != "48" {
				t.Errorf("%s pages were stored", got)
			}
		})
	}
}
