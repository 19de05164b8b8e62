// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// hub is a server that may be killed and started again at its address.
type hub struct {
	t        testing.TB
	file     string // begins the names of its files
	database string // URL
	address  string
	process  *process
}

func newHub(t testing.TB, file, database string) *hub {
	h := &hub{t: t, file: file, database: database, address: "127.0.0.1:" + freePort(t)}
	h.start()
	return h
}

// start returns when the hub is ready.
func (h *hub) start() {
	h.t.Helper()
	cmd := program("serve")
	cmd.Env = append(environ(h.database), "THALAMUS_SERVER_LISTEN="+h.address, "THALAMUS_ACCESS_RECORD="+h.file+".access")
	h.process = launch(h.t, cmd, h.file+".log")
	if !within(longest, h.isReady) {
		h.t.Fatalf("the hub is not ready: %s.log", h.file)
	}
}

func (h *hub) isReady() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", h.url()+"/health/ready", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func (h *hub) url() string { return "http://" + h.address }

// program is a thalamus, as make build has made it.
func program(args ...string) *exec.Cmd {
	return exec.Command("../../bin/thalamus", args...) //nolint:noctx // killed with the test
}

// environ configures a program for a database. Logins cost nothing.
func environ(database string) []string {
	roles, err := filepath.Abs("../../etc/roles.cfg")
	if err != nil {
		panic(err)
	}
	return append(os.Environ(), "THALAMUS_DATABASE_URL="+database, "THALAMUS_ACCESS_ROLES="+roles,
		"THALAMUS_PASSWORDS_COST=4", "THALAMUS_LOGIN_THROTTLE=false")
}
