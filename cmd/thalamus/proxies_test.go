// SPDX-License-Identifier: GPL-3.0-or-later

//go:build proxies

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/testdb"
)

// proxied is a hub behind a proxy, and a client of it.
type proxied struct {
	t      *testing.T
	kind   proxyKind
	client *http.Client
	hub    *program
	site   site
	record string // file
}

const clerk = "NODEHOSPITAL" // a root account with the password of other

// behind starts a hub behind a proxy, whose configuration is changed so: from, to...
func behind(t *testing.T, k proxyKind, protocol int, environ []string, changes ...string) *proxied {
	t.Helper()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `INSERT INTO people (id, data) SELECT $1, data || '{"roles": ["root"]}' FROM people WHERE id = $2`, clerk, other)
	record := filepath.Join(t.TempDir(), "access.jsonl")
	s.environ = append(append(s.environ, "THALAMUS_SERVER_TRUSTED_PROXIES=127.0.0.1", "THALAMUS_ACCESS_RECORD="+record), environ...)
	hub := start(t, s.environ, "serve")
	return &proxied{t, k, clientOf(startProxy(t, k, hub.address, changes...), protocol), hub, s, record}
}

// everyProxy tries something behind each kind of proxy, over both protocols.
func everyProxy(t *testing.T, test func(p *proxied)) {
	t.Helper()
	for _, k := range []proxyKind{nginx, apache} {
		for protocol := 1; protocol <= 2; protocol++ {
			t.Run(fmt.Sprintf("%s/http%d", k.name, protocol), func(t *testing.T) {
				t.Parallel()
				test(behind(t, k, protocol, nil))
			})
		}
	}
}

// answer is a reply whose body is closed when the test ends.
type answer struct{ *http.Response }

// try sends a request of an account, with headers: name, value...
func (p *proxied) try(account, method, path string, body io.Reader, headers ...string) (answer, error) {
	r, err := http.NewRequestWithContext(p.t.Context(), method, publicURL+path, body)
	if err != nil {
		return answer{}, err
	}
	r.SetBasicAuth(account, otherPwd)
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	reply, err := p.client.Do(r)
	if err == nil {
		p.t.Cleanup(func() { _ = reply.Body.Close() })
	}
	return answer{reply}, err
}

// send is try for a request that must be answered.
func (p *proxied) send(account, method, path string, body io.Reader, headers ...string) answer {
	p.t.Helper()
	reply, err := p.try(account, method, path, body, headers...)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply
}

// want is send for a reply that must have a status; it gives the whole body, too.
func (p *proxied) want(status int, account, method, path, body string, headers ...string) (answer, string) {
	p.t.Helper()
	reply := p.send(account, method, path, strings.NewReader(body), headers...)
	text, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != status {
		p.t.Errorf("%s %s: status %d, want %d: %.200s %v", method, path, reply.StatusCode, status, text, err)
	}
	return reply, string(text)
}

func TestBehindProxiesVersionsSurviveCompression(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		const path = "/people/" + other
		reply, packed := p.want(200, other, "GET", path, "", "Accept-Encoding", "gzip")
		tag := reply.Header.Get("ETag")
		if tag != p.kind.tag || reply.Header.Get("Content-Encoding") != "gzip" {
			p.t.Fatalf("ETag %s, encoding %s: the proxy does not compress as it does elsewhere", tag, reply.Header.Get("Content-Encoding"))
		}
		unpacked, err := gzip.NewReader(strings.NewReader(packed))
		if err != nil {
			p.t.Fatal(err)
		}
		if text, err := io.ReadAll(unpacked); err != nil || !strings.Contains(string(text), other) {
			p.t.Errorf("got %s, %v", text, err)
		}

		if _, body := p.want(304, other, "GET", path, "", "Accept-Encoding", "gzip", "If-None-Match", tag); body != "" {
			p.t.Errorf("a 304 has the body %q", body)
		}
		p.want(200, other, "PATCH", path, `{"profession": "midwife"}`, "Accept-Encoding", "gzip", "If-Match", tag)
		p.want(412, other, "PATCH", path, `{"profession": "nurse"}`, "Accept-Encoding", "gzip", "If-Match", tag)
		reply, body := p.want(200, other, "GET", path, "", "If-None-Match", tag)
		if reply.Header.Get("ETag") != `"2"` || !strings.Contains(body, "midwife") {
			p.t.Errorf("ETag %s: %s", reply.Header.Get("ETag"), body)
		}
	})
}

const (
	bookPath = "/pols/" + other
	docsPath = "/personal_docs/" + other + "/scan"
)

func TestBehindProxiesLargeDocumentsComeAndGo(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		scan := make([]byte, 20<<20)
		_, _ = rand.NewChaCha8([32]byte{}).Read(scan) // which never fails
		p.want(201, other, "POST", bookPath+"/scan", `{"id": "scan"}`)
		for id, body := range map[string]io.Reader{"sized": bytes.NewReader(scan), "streamed": io.MultiReader(bytes.NewReader(scan))} {
			t.Run(id, func(t *testing.T) {
				if reply := p.send(other, "POST", docsPath+"?id="+id, body, "Content-Type", "image/png"); reply.StatusCode != 201 {
					p.t.Fatalf("%s: status %d", id, reply.StatusCode)
				}
				path := docsPath + "/" + id
				if _, got := p.want(200, other, "GET", path, "", "Accept-Encoding", "gzip"); got != string(scan) {
					p.t.Errorf("%s: other bytes come back", id)
				}
				reply, got := p.want(206, other, "GET", path, "", "Range", "bytes=15000000-15000099", "Accept-Encoding", "gzip", "If-Range", `"1"`)
				if got != string(scan[15000000:15000100]) || reply.Header.Get("Content-Range") != "bytes 15000000-15000099/20971520" {
					p.t.Errorf("%s: the range is %s, with %d bytes", id, reply.Header.Get("Content-Range"), len(got))
				}
			})
		}
	})
}

// The hub answers before the client has sent such a body, and its answer must arrive.
func TestBehindProxiesBodiesAreRefusedByTheHub(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		p.want(201, other, "POST", bookPath+"/scan", `{"id": "scan"}`)
		large := strings.Repeat("x", 40<<20)
		for _, c := range []struct {
			account, path string
			want          int
		}{
			{other, docsPath, 413},
			{other, bookPath + "/large", 413},
			{"NOBODY", docsPath, 401},
			{other, "/pols/" + clerk + "/page", 403},
		} {
			t.Run(c.account, func(t *testing.T) {
				for kind, body := range map[string]io.Reader{"sized": strings.NewReader(large), "streamed": io.MultiReader(strings.NewReader(large))} {
					reply := p.send(c.account, "POST", c.path, body)
					text, err := io.ReadAll(reply.Body)
					if reply.StatusCode != c.want || !strings.Contains(string(text), `"error"`) || reply.Header.Get("X-Request-Id") == "" {
						p.t.Errorf("%s, %s: status %d, want %d of the hub: %.100s %v", c.path, kind, reply.StatusCode, c.want, text, err)
					}
				}
			})
		}
	})
}

// Otherwise anybody could fill the proxy's disk, or hold its memory.
func TestBehindProxiesAPasswordIsAskedForBeforeTheBody(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		body, rest := io.Pipe()
		defer rest.Close()
		go func() { _, _ = rest.Write(make([]byte, 1<<20)) }() // it ends with the request
		if reply := p.send("NOBODY", "POST", docsPath, body); reply.StatusCode != 401 {
			p.t.Errorf("status %d before the body has ended", reply.StatusCode)
		}
	})
}

// A proxy that gave up after its usual minute would end both: the reply that takes a
// minute, and the stream that is silent meanwhile but for its signs of life.
func TestBehindProxiesEventsComeAtOnceAndForLong(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		stream := p.send(other, "GET", "/changes?since=now", nil, "Accept", "text/event-stream", "Accept-Encoding", "gzip")
		events := bufio.NewScanner(stream.Body)
		seen := func(id string) {
			p.t.Helper()
			p.want(201, other, "POST", bookPath+"/"+id, `{"id": "`+id+`"}`)
			for events.Scan() {
				if strings.HasPrefix(events.Text(), "data:") && strings.Contains(events.Text(), id) {
					return
				}
			}
			p.t.Errorf("the stream ends before %s: %v", id, events.Err())
		}
		seen("first")
		seen("second")
		_, end := p.want(200, other, "GET", "/changes?since=now", "")
		var cursor struct{ Next string }
		if err := json.Unmarshal([]byte(end), &cursor); err != nil {
			p.t.Fatal(err)
		}
		p.want(200, other, "GET", "/changes?wait=60s&since="+cursor.Next, "")
		seen("late")
	})
}

func TestBehindProxiesAnEncodedSlashIsPartOfAnId(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		for _, id := range []string{"a/b", "a//b", "a/../b", "a%2Fb", "a b?c#d", "ñandú"} {
			testdb.Exec(p.t, p.site.url, `INSERT INTO institutions (id, data) VALUES ($1::text, jsonb_build_object('id', $1::text))`, id)
		}
		for path, id := range map[string]string{
			"a%2Fb": "a/b", "a%2fb": "a/b", "a%2F%2Fb": "a//b", "a%2F..%2Fb": "a/../b", "a%252Fb": "a%2Fb", "a%20b%3Fc%23d": "a b?c#d", "%C3%B1and%C3%BA": "ñandú",
		} {
			t.Run(path, func(t *testing.T) {
				_, body := p.want(200, clerk, "GET", "/institutions/"+path, "")
				var got struct{ ID string }
				if err := json.Unmarshal([]byte(body), &got); err != nil || got.ID != id {
					p.t.Errorf("%s is %q, want %q", path, got.ID, id)
				}
			})
		}
		p.want(422, clerk, "POST", "/institutions/c%2Fd", `{}`)
	})
}

// A client may claim to come from elsewhere, or that the hub is elsewhere.
func TestBehindProxiesTheHubKnowsWhoAsksAndForWhom(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		const path = "/people/" + other
		p.want(200, other, "GET", path, "")
		p.want(200, other, "GET", path, "", "X-Forwarded-For", "203.0.113.9")
		record, err := os.ReadFile(p.record)
		if err != nil || strings.Count(string(record), `"`+clientAddress+`"`) != 2 {
			p.t.Errorf("the access record has %s, %v", record, err)
		}
		p.want(200, other, "PATCH", path, `{"n": 1}`, "Content-Type", "text/plain", "Origin", publicURL)
		p.want(403, other, "PATCH", path, `{"n": 2}`, "Content-Type", "text/plain", "Origin", "https://elsewhere.example.org")
		reply, _ := p.want(201, other, "POST", bookPath+"/here", `{"id": "here"}`, "X-Forwarded-Prefix", "/elsewhere", "X-Forwarded-Host", "elsewhere.example.org")
		if got := reply.Header.Get("Location"); got != bookPath+"/here" {
			p.t.Errorf("Location: %s", got)
		}
		if got := reply.Header.Values("Strict-Transport-Security"); len(got) != 1 {
			p.t.Errorf("Strict-Transport-Security: %q", got)
		}
	})
}

// Meanwhile it does other things, and then goes on.
func TestBehindProxiesASlowClientGetsAll(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		fillInstitutions(p)
		list := p.send(clerk, "GET", "/institutions", nil)
		page, rest := io.Pipe()
		posted := make(chan string, 1)
		go func() {
			reply, err := p.try(other, "POST", bookPath+"/slow", page)
			if err != nil {
				posted <- err.Error()
				return
			}
			posted <- reply.Status
		}()
		_, _ = io.WriteString(rest, `{"id": "slow", `) // reading fails, if anything does
		for n := range 20 {
			p.want(200, other, "PATCH", "/people/"+other, fmt.Sprintf(`{"n": %d}`, n))
			if _, err := io.CopyN(io.Discard, list.Body, 1000); err != nil {
				p.t.Fatal(err)
			}
		}
		_, _ = io.WriteString(rest, `"text": "the end"}`)
		_ = rest.Close()
		if got := <-posted; !strings.HasPrefix(got, "201") {
			p.t.Errorf("the slow page: %s", got)
		}
		text, err := io.ReadAll(list.Body)
		if err != nil || bytes.Count(text, []byte(`"filler"`)) < 19_900 || !bytes.HasSuffix(text, []byte("]]")) {
			p.t.Errorf("the slow list has %d bytes, %v", len(text), err)
		}
	})
}

// fillInstitutions makes a list that fits no buffer on the way.
func fillInstitutions(p *proxied) {
	p.t.Helper()
	testdb.Exec(p.t, p.site.url, `INSERT INTO institutions (id, data)
		SELECT n, jsonb_build_object('filler', repeat('x', 1000)) FROM generate_series(1, 20000) AS n`)
}

// Otherwise a part of a list would be taken for the whole.
func TestBehindProxiesAReplyThatIsCutIsNoWholeOne(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		fillInstitutions(p)
		list := p.send(clerk, "GET", "/institutions", nil)
		if _, err := io.CopyN(io.Discard, list.Body, 1000); err != nil {
			p.t.Fatal(err)
		}
		if err := p.hub.cmd.Process.Kill(); err != nil {
			p.t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, list.Body); err == nil {
			p.t.Errorf("after %d bytes more it seems to be whole", n)
		}
	})
}

// It is the same for proxies whether a hub starts again or is away.
func TestBehindProxiesARestartedHubIsFoundAtOnce(t *testing.T) {
	everyProxy(t, func(p *proxied) {
		const path = "/people/" + other
		p.want(200, other, "GET", path, "")
		p.hub.signal(syscall.SIGTERM)
		p.hub.wait()
		if reply := p.send(other, "GET", path, nil); reply.StatusCode != 502 && reply.StatusCode != 503 {
			p.t.Errorf("without a hub: status %d", reply.StatusCode)
		}
		start(p.t, append(p.site.environ, "THALAMUS_SERVER_LISTEN="+p.hub.address), "serve")
		p.want(200, other, "GET", path, "")
	})
}

// As the configurations say: the path in both files, and server.base_path.
func TestBehindProxiesAHubMayBeUnderAPath(t *testing.T) {
	for _, k := range []proxyKind{nginx, apache} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			p := behind(t, k, 2, []string{"THALAMUS_SERVER_BASE_PATH=/thalamus"}, k.path...)
			testdb.Exec(t, p.site.url, `INSERT INTO institutions (id, data) VALUES ('a/b', '{}'), ('c', '{}')`)
			p.want(200, clerk, "GET", "/thalamus/institutions/a%2Fb", "")
			reply, _ := p.want(200, clerk, "GET", "/thalamus/institutions?limit=1", "", "X-Forwarded-Prefix", "/elsewhere")
			if got := reply.Header.Get("Link"); !strings.HasPrefix(got, "</thalamus/institutions?limit=1&after=") {
				t.Errorf("Link: %s", got)
			}
			reply, _ = p.want(201, other, "POST", "/thalamus"+bookPath+"/here", `{"id": "here"}`)
			if got := reply.Header.Get("Location"); got != "/thalamus"+bookPath+"/here" {
				t.Errorf("Location: %s", got)
			}
			p.want(404, other, "GET", bookPath, "")
		})
	}
}
