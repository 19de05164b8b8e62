// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFollowRefusesAWrongCommandLine(t *testing.T) {
	t.Parallel()
	const enough = "--url https://h.example --user A --since cursor "
	for line, want := range map[string]string{
		"":                            "write: thalamus follow --url URL",
		"--url https://h --user A":    "write: thalamus follow --url URL",
		enough + "x":                  "takes 0 arguments",
		enough + "--person=":          "it is empty",
		enough + "--not-node=":        "it is empty",
		enough + "--resource=":        "it is empty",
		enough + "--ca f --insecure":  "choose one",
		enough + "--user A:B":         "no colon",
		enough + "--url https://A@h":  "no account in --url",
		enough + "--url ftp://h":      "write --url as in",
		enough + "--url h:8443":       "write --url as in",
		enough + "--url https://h?x":  "write --url as in",
		enough + "--url http://h":     "can read the password",
		enough + "--url http://1.2.3": "can read the password",
		enough + "--url https://h:p":  "not a URL",
	} {
		t.Run(line, func(t *testing.T) {
			code, out := here(t, "", nil, append([]string{"follow"}, strings.Fields(line)...)...)
			if code != 2 || !strings.Contains(out, want) || strings.Count(out, "\n") != 1 {
				t.Errorf("%q: status %d: %s", line, code, out)
			}
		})
	}
}

// feedOf serves a feed of two changes to those who know the password.
func feedOf(t *testing.T, tls bool) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		query := r.URL.Query()
		switch {
		case r.ProtoMajor != 1:
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
		case password != "pass word ":
			w.WriteHeader(http.StatusUnauthorized)
		case query.Get("since") == "gone":
			w.WriteHeader(http.StatusGone)
		case query.Get("since") == "":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"changes":[{"cursor":"a","path":%q},{"cursor":"b","query":%q}],"next":"b"}`, r.URL.Path, r.URL.RawQuery)
		case query.Has("wait"):
			<-r.Context().Done()
		default:
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"changes":[],"next":"b"}`)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of who does not trust it
	if tls {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func write(t *testing.T, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFollowFindsItsPassword(t *testing.T) {
	t.Parallel()
	hub := feedOf(t, false)
	const right = "THALAMUS_FOLLOW_PASSWORD=pass word "
	for _, c := range []struct {
		environ []string
		file    string
		want    int
	}{
		{[]string{"X=y", right}, "", 0},
		{[]string{"THALAMUS_FOLLOW_PASSWORD=wrong"}, write(t, "pass word \r\nmore\n"), 0},
		{nil, write(t, "pass word "), 0},
		{[]string{right}, write(t, "\npass word "), 1},
		{[]string{right}, "nonexistent", 1},
		{[]string{"THALAMUS_FOLLOW_PASSWORD=pass word"}, "", 1},
		{[]string{"THALAMUS_FOLLOW_PASSWORD="}, "", 1},
		{nil, "", 1},
	} {
		args := []string{"follow", "--once", "--url", hub.URL, "--user", "A", "--since", write(t, "")}
		if c.file != "" {
			args = append(args, "--password-file", c.file)
		}
		code, out := here(t, "pass word \n", c.environ, args...)
		if code != c.want || strings.Contains(strings.TrimPrefix(out, "thalamus: no password"), "pass word") {
			t.Errorf("%q, %s: status %d: %s", c.environ, c.file, code, out)
		}
	}
}

func TestFollowSendsItsFilters(t *testing.T) {
	t.Parallel()
	hub := feedOf(t, false)
	code, out := here(t, "", followEnviron, "follow", "--url", hub.URL+"/federation/", "--once", "--since", write(t, ""), "--user", "A",
		"--not-node", "my node", "--person", "ESPGNU777ORG", "--resource", "person,page", "--no-data")
	want := `{"cursor":"a","path":"/federation/changes"}
{"cursor":"b","query":"data=none&limit=1000&not_node=my+node&person=ESPGNU777ORG&resource=person%2Cpage"}
`
	if code != 0 || out != want {
		t.Errorf("status %d: %s", code, out)
	}
}

var followEnviron = []string{"THALAMUS_FOLLOW_PASSWORD=pass word "}

func TestFollowTrustsWhomItIsTold(t *testing.T) {
	t.Parallel()
	hub := feedOf(t, true)
	ca := write(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: hub.Certificate().Raw})))
	for _, c := range []struct {
		args, want string
		code       int
	}{
		{"", "the hub's certificate is not trusted", 1},
		{"--ca " + ca, `{"cursor":"a"`, 0},
		{"--insecure", `{"cursor":"a"`, 0},
		{"--ca " + write(t, "nothing"), "holds no certificate", 1},
		{"--ca nonexistent", "no such file", 1},
	} {
		t.Run(c.args, func(t *testing.T) {
			args := append([]string{"follow", "--once", "--url", hub.URL, "--user", "A", "--since", write(t, "")}, strings.Fields(c.args)...)
			if code, out := here(t, "", followEnviron, args...); code != c.code || !strings.Contains(out, c.want) {
				t.Errorf("%s: status %d: %s", c.args, code, out)
			}
		})
	}
}

func TestFollowSaysWhenTheCursorIsGone(t *testing.T) {
	t.Parallel()
	file := write(t, "gone")
	code, out := here(t, "", followEnviron, "follow", "--url", feedOf(t, false).URL, "--user", "A", "--since", file)
	if code != 3 || out != "thalamus: the hub cannot go on from this cursor; begin again, with an empty "+file+"\n" {
		t.Errorf("status %d: %s", code, out)
	}
}

// following is "thalamus follow" as a process.
func following(t *testing.T, url, since string, args ...string) *exec.Cmd {
	t.Helper()
	all := append([]string{"follow", "--url", url, "--user", other, "--since", since}, args...)
	cmd := exec.CommandContext(t.Context(), os.Args[0], all...)
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), followEnviron...)
	return cmd
}

func TestFollowEndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		file := write(t, "")
		cmd := following(t, feedOf(t, false).URL, file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		for range 2 {
			_, _ = lines.ReadString('\n')
		}
		_ = cmd.Process.Signal(signal)
		rest, _ := io.ReadAll(lines)
		if err := cmd.Wait(); err != nil || len(rest) > 0 || stored(t, file) != "b" {
			t.Errorf("%v: %v, %q after the last line, cursor %q", signal, err, rest, stored(t, file))
		}
	}
}

func stored(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func TestFollowEndsWhenNobodyReads(t *testing.T) {
	t.Parallel()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from.Close()
	defer to.Close()
	var stderr bytes.Buffer
	file := write(t, "")
	cmd := following(t, feedOf(t, false).URL, file)
	cmd.Stdout, cmd.Stderr = to, &stderr
	_ = cmd.Run()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(stderr.String(), "broken pipe") || stored(t, file) != "" {
		t.Errorf("%v, cursor %q: %s", cmd.ProcessState, stored(t, file), stderr.String())
	}
}

func TestInAFileALineThatWasCutIsEnded(t *testing.T) {
	t.Parallel()
	for before, between := range map[string]string{"": "", "{}\n": "", `{"cursor":"x","da`: "\n"} {
		t.Run(before, func(t *testing.T) {
			name := write(t, before)
			out, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			cmd := following(t, feedOf(t, false).URL, write(t, ""), "--once")
			cmd.Stdout = out
			if err := cmd.Run(); err != nil {
				t.Fatal(err)
			}
			out.Close()
			if text, _ := os.ReadFile(name); !strings.HasPrefix(string(text), before+between+`{"cursor":"a"`) {
				t.Errorf("after %q the file is %s", before, text)
			}
		})
	}
}
