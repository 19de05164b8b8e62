// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// asProgram makes the test binary run as thalamus itself, so that tests can
// start, signal and kill the real thing. programConfig names the file that stands for
// /etc/thalamus/thalamus.toml, programUser the user who stands for thalamus.
const (
	asProgram     = "THALAMUS_TEST_AS_PROGRAM"
	programConfig = "THALAMUS_TEST_CONFIG"
	programUser   = "THALAMUS_TEST_USER"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(execute(environment{config: os.Getenv(programConfig), user: os.Getenv(programUser)}))
	}
	testdb.Main(m)
}

// program is a running thalamus.
type program struct {
	cmd     *exec.Cmd
	t       *testing.T
	address string // host:port that it serves
	ended   chan error

	mu    sync.Mutex
	grown sync.Cond // the log
	log   bytes.Buffer
}

// start runs thalamus until the test ends.
func start(t *testing.T, environ []string, args ...string) *program {
	t.Helper()
	return startWith(t, environ, func(*exec.Cmd) {}, args...)
}

// startWith is start after a change of the command.
func startWith(t *testing.T, environ []string, change func(*exec.Cmd), args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(os.Args[0], args...), ended: make(chan error, 1)} //nolint:noctx // stopped below
	p.grown.L = &p.mu
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1"), environ...)
	change(p.cmd)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan string, 1)
	go func() {
		p.collect(stderr, serving)
		p.ended <- p.cmd.Wait()
		close(serving)
	}()
	t.Cleanup(func() {
		if p.cmd.Process.Signal(syscall.SIGTERM) == nil {
			p.wait()
		}
	})
	select {
	case p.address = <-serving:
	case <-time.After(patience):
		t.Fatalf("the program neither serves nor ends: %s", p.logged())
	}
	return p
}

// collect keeps the log, and tells the address once it is there: the program serves, or
// waits for its database.
func (p *program) collect(stderr io.Reader, serving chan<- string) {
	told := false
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		p.mu.Lock()
		p.log.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		p.grown.Broadcast()
		if _, rest, ok := strings.Cut(lines.Text(), " address="); ok && !told {
			address, _, _ := strings.Cut(rest, " ")
			serving <- address
			told = true
		}
	}
}

func (p *program) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// patience is when a test gives up on what will never happen.
const patience = time.Minute

// await returns when the log holds a text n times.
func (p *program) await(text string, n int) {
	p.t.Helper()
	defer time.AfterFunc(patience, p.grown.Broadcast).Stop()
	end := time.Now().Add(patience)
	p.mu.Lock()
	defer p.mu.Unlock()
	for strings.Count(p.log.String(), text) < n {
		if !time.Now().Before(end) {
			p.t.Fatalf("the log does not say %q %d times: %s", text, n, p.log.String())
		}
		p.grown.Wait()
	}
}

// wait gives the exit status.
func (p *program) wait() int {
	p.t.Helper()
	var err error
	select {
	case err = <-p.ended:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		err = <-p.ended
		p.t.Errorf("the program did not end: %s", p.logged())
	}
	p.ended <- err
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *program) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// insecure takes any certificate, as many of the federation's clients do.
var insecure = &http.Client{Timeout: patience, Transport: &http.Transport{
	TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true,
}}

// ask sends a request and gives status and body.
func ask(t *testing.T, method, url, account, password, body string) (int, string) {
	t.Helper()
	status, reply, err := try(t, method, url, account, password, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, reply
}

func try(t *testing.T, method, url, account, password, body string) (int, string, error) {
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.SetBasicAuth(account, password)
	reply, err := insecure.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	return reply.StatusCode, string(text), err
}

// here runs a command in this process and gives its exit status and output.
func here(t *testing.T, stdin string, environ []string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	env := environment{stdin: strings.NewReader(stdin), stdout: &out, stderr: &out, environ: environ}
	return status(run(t.Context(), args, env), &out), out.String()
}
