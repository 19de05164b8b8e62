// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// attempt is a request of somebody who wants more than the roles give, with the
// answer it must get.
type attempt struct {
	account            []string
	method, path, body string
	status             int
}

// resist makes all attempts and checks that nobody has more than before.
func (h *hub) resist(attempts ...attempt) {
	h.T.Helper()
	before := h.standing()
	for _, a := range attempts {
		if reply := h.Do(a.account, a.method, a.path, a.body); reply.StatusCode != a.status {
			h.T.Errorf("%s: %s %s %s: status %d, want %d: %.200s", a.account[0], a.method, a.path, a.body, reply.StatusCode, a.status, reply.Text)
		}
	}
	if diff := cmp.Diff(before, h.standing()); diff != "" {
		h.T.Errorf("somebody gained something (-before +after)\n%s", diff)
	}
}

// standing is what makes people powerful: roles, active and hash of everybody,
// but for those who were created as end users.
func (h *hub) standing() any {
	h.T.Helper()
	return normal(h.T, h.DB.Rows(`SELECT id, data -> 'roles', data -> 'active', data -> 'password' FROM people
		WHERE NOT (id LIKE 'NEW%' AND data -> 'roles' = '["end_user"]') ORDER BY id`))
}

// rolesFile writes a roles file of one global role.
func rolesFile(t testing.TB, role, permissions string) string {
	t.Helper()
	shipped, err := os.ReadFile("../../etc/roles.cfg")
	if err != nil {
		t.Fatal(err)
	}
	entry := `[{"role": "` + role + `", "permissions": {` + permissions + `, "global": "True"}},`
	file := filepath.Join(t.TempDir(), "roles.cfg")
	if err := os.WriteFile(file, []byte(strings.Replace(string(shipped), "[", entry, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// isNoRoot tries what only root can.
func (h *hub) isNoRoot(account []string) {
	h.T.Helper()
	h.Do(account, "GET", "/password/"+root[0], "").Want(h.T, http.StatusForbidden)
	h.Do(account, "DELETE", "/people/EMPTYDATA1", "").Want(h.T, http.StatusForbidden)
}
