// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// alter gives the URL of a database that is reached through somebody who writes one text for
// another, as long, in what it answers.
func alter(t *testing.T, at, from, to string) string {
	t.Helper()
	direct, err := url.Parse(at)
	must(t, err)
	query := direct.Query()
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.1")) //nolint:noctx // closed below
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	server := filepath.Join(query.Get("host"), ".s.PGSQL."+query.Get("port"))
	go func() {
		for client, err := listener.Accept(); err == nil; client, err = listener.Accept() {
			go altered(client, server, from, to)
		}
	}()
	query.Set("host", dir)
	query.Set("port", "1")
	direct.RawQuery = query.Encode()
	return direct.String()
}

// altered is one connection. A short message comes in one piece.
func altered(client net.Conn, server, from, to string) {
	defer client.Close()
	database, err := net.Dial("unix", server) //nolint:noctx // ends with the client
	if err != nil {
		return
	}
	defer database.Close()
	go func() {
		_, _ = io.Copy(database, client)
		_ = database.Close()
	}()
	for buffer := make([]byte, 1<<16); ; {
		n, err := database.Read(buffer)
		if _, failed := client.Write(bytes.ReplaceAll(buffer[:n], []byte(from), []byte(to))); err != nil || failed != nil {
			return
		}
	}
}

func TestAnOldPostgreSQLIsRefused(t *testing.T) {
	t.Parallel()
	at := testdb.Empty(t)
	number := testdb.Text(t, at, `SELECT current_setting('server_version_num')`)
	for older, refused := range map[string]bool{"130023": true, "090624": true, "140000": false, number: false} {
		t.Run(older, func(t *testing.T) {
			db, err := store.Open(t.Context(), store.Options{URL: alter(t, at, number, older)})
			if err == nil {
				db.Close()
			}
			if told := err != nil && strings.Contains(err.Error(), "is too old; version 14 or later is needed"); told != refused {
				t.Errorf("%s: %v", older, err)
			}
		})
	}
}
