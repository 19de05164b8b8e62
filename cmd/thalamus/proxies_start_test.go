// SPDX-License-Identifier: GPL-3.0-or-later

//go:build proxies

package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// proxyKind is a proxy of others that stands before hubs.
type proxyKind struct {
	name   string
	site   string // its configuration for a hub, as it is shipped
	main   string // around that one; DIR is a directory of its own
	listen string // in the site, what says on which port
	start  []string
	tag    string   // what it makes of the ETag "1" when it compresses
	path   []string // what changes in the site for a hub under a path: from, to
}

var nginx = proxyKind{
	name: "nginx", site: "nginx.conf", listen: "listen 443", tag: `W/"1"`,
	path:  []string{"location / {", "location /thalamus/ {"},
	start: []string{"/usr/sbin/nginx", "-e", "DIR/error.log", "-c", "DIR/main.conf"},
	main: `
daemon off;
pid DIR/pid;
error_log DIR/error.log;
user root;
events {}
http {
    access_log off;
    client_body_temp_path DIR/body;
    proxy_temp_path DIR/proxy;
    fastcgi_temp_path DIR/fastcgi;
    uwsgi_temp_path DIR/uwsgi;
    scgi_temp_path DIR/scgi;
    include DIR/site.conf;
}`,
}

var apache = proxyKind{
	name: "apache", site: "apache.conf", listen: "<VirtualHost *:443", tag: `"1-gzip"`,
	path:  []string{"ProxyPass / http://HUB/", "ProxyPass /thalamus/ http://HUB/thalamus/"},
	start: []string{"/usr/sbin/apache2", "-D", "FOREGROUND", "-f", "DIR/main.conf"},
	main: `
ServerRoot DIR
DefaultRuntimeDir DIR
PidFile DIR/pid
ErrorLog DIR/error.log
ServerName hub.example.org
User www-data
Group www-data
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule filter_module /usr/lib/apache2/modules/mod_filter.so
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
LoadModule deflate_module /usr/lib/apache2/modules/mod_deflate.so
LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so
Listen ADDRESS
Include DIR/site.conf
`,
}

// startProxy runs a proxy before a hub until the test ends, and gives its address. Of the
// shipped configuration addresses and the names of files change, and what else is said.
func startProxy(t *testing.T, k proxyKind, hub string, changes ...string) (address string) {
	t.Helper()
	dir := t.TempDir()
	address = freeAddress(t)
	cert, key := pair(t)
	shipped, err := os.ReadFile("../../etc/proxy/" + k.site)
	if err != nil {
		t.Fatal(err)
	}
	place := strings.Replace(k.listen, "443", address, 1)
	place = strings.Replace(place, "*:", "", 1)
	site := string(shipped)
	for from, to := range map[string]string{
		k.listen: place, "127.0.0.1:8443": hub, "/etc/ssl/certs/hub.pem": cert, "/etc/ssl/private/hub.key": key,
	} {
		t.Run(from, func(t *testing.T) {
			if !strings.Contains(site, from) {
				t.Fatalf("%s does not have %q", k.site, from)
			}
			site = strings.ReplaceAll(site, from, to)
		})
	}
	for change := range slices.Chunk(changes, 2) {
		from, to := strings.ReplaceAll(change[0], "HUB", hub), strings.ReplaceAll(change[1], "HUB", hub)
		if !strings.Contains(site, from) {
			t.Fatalf("%s does not have %q", k.site, from)
		}
		site = strings.ReplaceAll(site, from, to)
	}

	fill := strings.NewReplacer("DIR", dir, "ADDRESS", address)
	for name, text := range map[string]string{"main.conf": fill.Replace(k.main), "site.conf": site} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	runProxy(t, strings.Fields(fill.Replace(strings.Join(k.start, " "))), address, filepath.Join(dir, "error.log"))
	return address
}

// runProxy returns when somebody listens at the address.
func runProxy(t *testing.T, command []string, address, log string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // it is stopped below
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is stopped by a signal
		close(ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // fails only if it has ended
		<-ended
		if text, err := os.ReadFile(log); t.Failed() {
			t.Logf("%s says: %s, %v", command[0], text, err)
		}
	})
	testdb.Await(t, command[0]+" listens", func() bool {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		select {
		case <-ended:
			t.Fatal(command[0] + " has ended")
		default:
		}
		return err == nil
	})
}

const (
	publicURL     = "https://hub.example.org:4443" // what clients call the proxy
	clientAddress = "127.0.0.7"
)

// clientOf asks a proxy over HTTP/1.1 or HTTP/2, from an address of its own, and leaves
// replies compressed as they come.
func clientOf(proxy string, protocol int) *http.Client {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(clientAddress)}}
	return &http.Client{Timeout: 3 * patience, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, proxy)
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: protocol == 2, DisableCompression: true,
	}}
}
