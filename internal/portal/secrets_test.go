// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// hiddenPassword is a password of which this process has only the complement, so that a copy that is
// found in its memory is the hub's.
type hiddenPassword []byte

// newHiddenPassword is longer than the small buffers that the compiler puts on stacks.
func newHiddenPassword() hiddenPassword {
	h := make(hiddenPassword, 48)
	for i := range h {
		h[i] = ^byte('a' + rand.IntN(26))
	}
	return h
}

// plain is a copy that its caller clears.
func (h hiddenPassword) plain() []byte {
	text := make([]byte, len(h))
	for i := range h {
		text[i] = ^h[i]
	}
	return text
}

// sendPasswords sends a form over a connection of its own. The names are of the texts that follow.
func sendPasswords(t *testing.T, h *testhub.Hub, cookie, path, fields string, texts ...hiddenPassword) (reply string) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()

	var body []byte
	for i, field := range strings.Split(fields, " ") {
		body = append(append(body, "&"+field...), texts[i].plain()...)
	}
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: %s\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", path, cookie, len(body))
	_, err = conn.Write(body)
	clear(body)
	if err != nil {
		t.Fatal(err)
	}

	text, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// takePassword gives an account a hidden password.
func takePassword(t *testing.T, h *testhub.Hub, account string, password hiddenPassword) {
	t.Helper()
	h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('password', $2::text) WHERE id = $1`, account, testhub.QuickHash(t, string(password.plain())))
}

// heap is all that is reachable in this process.
func heap(t *testing.T) []byte {
	t.Helper()
	for range 3 { // pools keep what is free for two collections
		runtime.GC()
	}
	file, err := os.CreateTemp(t.TempDir(), "heap")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	debug.WriteHeapDump(file.Fd())
	dump, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return dump
}

// The hub forgets a password with the request that brought it: the right one, a wrong one, and
// the one that somebody changes to. Not beside other tests, whose memory would be looked at, too.
func TestNoPasswordStaysInTheHeap(t *testing.T) {
	h := quickHub(t)
	right, wrong, next := newHiddenPassword(), newHiddenPassword(), newHiddenPassword()
	takePassword(t, h, ana[0], right)
	account := "account=" + ana[0] + "&password="
	if reply := sendPasswords(t, h, "", "/portal/sign-in", account, wrong); !strings.Contains(reply, " 401 ") {
		t.Fatalf("a wrong password: %.300s", reply)
	}
	reply := sendPasswords(t, h, "", "/portal/sign-in", account, right)
	_, cookie, ok := strings.Cut(reply, "Set-Cookie: ")
	cookie, _, _ = strings.Cut(cookie, ";")
	if !ok {
		t.Fatalf("the right password: %.300s", reply)
	}
	if reply := sendPasswords(t, h, cookie, "/portal/password", "old= password= again=", right, next, next); !strings.Contains(reply, " 303 ") {
		t.Fatalf("the next password: %.300s", reply)
	}

	dump := heap(t)
	for name, password := range map[string]hiddenPassword{"right": right, "wrong": wrong, "next": next} {
		if at := bytes.Index(dump, password.plain()); at >= 0 {
			t.Errorf("the %s password is in the heap: %q", name, dump[max(0, at-40):at+88])
		}
	}

	kept := right.plain()
	if !bytes.Contains(heap(t), right.plain()) {
		t.Error("a password that is in the heap is not found there")
	}
	runtime.KeepAlive(kept)
	runtime.KeepAlive(h)
}

// A backup has neither a password nor what makes a cookie, in no form that can be turned back.
func TestABackupHoldsNoSecret(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const next = "a changed one, of ana's"
	b := h.SignIn(ana)
	b.Post("/portal/sign-in", "account", ana[0], "password", "a wrong one, of ana's")
	b.Post("/portal/password", "old", ana[1], "password", next, "again", next).Want(t, http.StatusSeeOther)
	_, secret, _ := strings.Cut(b.Cookie, "=")

	dump, err := exec.CommandContext(t.Context(), testdb.Program(t, h.DB.URL, "pg_dump"), h.DB.URL).CombinedOutput()
	if err != nil || !bytes.Contains(dump, []byte("COPY public.thalamus_session")) {
		t.Fatalf("%v: %.300s", err, dump)
	}
	for _, text := range []string{ana[1], next, "a wrong one, of ana's", secret} {
		sum := sha256.Sum256([]byte(text))
		for _, form := range []string{text, hex.EncodeToString([]byte(text)), base64.StdEncoding.EncodeToString([]byte(text)), hex.EncodeToString(sum[:])} {
			if bytes.Contains(dump, []byte(form)) {
				t.Errorf("the backup has %q as %s", text, form)
			}
		}
	}
	if plain := hexOf(t, secret); bytes.Contains(dump, []byte(plain)) {
		t.Errorf("the backup has the cookie: %s", plain)
	}
}
