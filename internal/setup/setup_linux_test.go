// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"bytes"
	"context"
	"crypto/x509"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testdb"
	"thalamus/internal/tlscert"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// site is a machine on which nothing is set up, but that we are the one who serves.
func site(t *testing.T) Options {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return Options{
		Dir: filepath.Join(dir, "etc"), Shared: []string{"/nowhere", "../../etc"}, User: me.Username, Record: "/var/log/access.jsonl",
		Socket: dir, DB: "x", URLFile: file(t, "postgres://u:secret@elsewhere/federation\n"), Names: []string{"hub.example.org", "192.0.2.7"},
	}
}

func file(t *testing.T, text string) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// made does all steps, and gives what was said.
func made(t *testing.T, o Options) (said string) {
	t.Helper()
	p, err := Make(o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Run(t.Context(), p.Steps, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// tree lists the files of a directory, their modes and what is in them.
func tree(t *testing.T, dir string) (files map[string]string) {
	t.Helper()
	files = map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = info.Mode().String() + "\n" + string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSetupWritesTheConfigurationAndAgainItChangesNothing(t *testing.T) {
	t.Parallel()
	o := site(t)
	if said := made(t, o); strings.Count(said, "done ") != 3 {
		t.Errorf("the database's URL, the configuration and the certificate are to be made; it said %s", said)
	}
	first := tree(t, o.Dir)
	for name, mode := range map[string]string{"thalamus.toml": "-rw-r-----", "database.url": "-rw-r-----", "key.pem": "-rw-r-----", "cert.pem": "-rw-r--r--"} {
		t.Run(name, func(t *testing.T) {
			if got, _, _ := strings.Cut(first[name], "\n"); got != mode {
				t.Errorf("%s: mode %q, not %q", name, got, mode)
			}
		})
	}
	for _, line := range []string{
		`tls_cert = "` + o.path("cert.pem") + `"`, `tls_key = "` + o.path("key.pem") + `"`,
		`url_file = "` + o.path("database.url") + `"`, `record = "/var/log/access.jsonl"`, `cors_origins = []`, `#listen = ":8443"`,
	} {
		if !strings.Contains(first["thalamus.toml"], "\n"+line+"\n") {
			t.Errorf("there is no line %s", line)
		}
	}

	o.Names = nil // those of the certificate are kept
	if said := made(t, o); strings.Contains(said, "done ") {
		t.Errorf("again, it said %s", said)
	}
	if second := tree(t, o.Dir); !equal(first, second) {
		t.Error("again, it changed something")
	}
}

func equal(a, b map[string]string) bool {
	for name, text := range a {
		if b[name] != text {
			return false
		}
	}
	return len(a) == len(b)
}

func TestSetupKeepsWhatIsConfigured(t *testing.T) {
	t.Parallel()
	o := site(t)
	o.URLFile, o.Names = "", nil
	made := func(text string) string {
		if err := os.MkdirAll(o.Dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(o.Config(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Make(o)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(p.edits(), " ")
	}
	const text = "[server]\ntls_cert = \"mine.pem\"\ntls_key = \"mine.key\"\n[database]\nurl = \"postgres://elsewhere/x\"\n"
	if got := made(text); got != "" {
		t.Errorf("it would do %s", got)
	}
	beginning := "[server]\ncors_origins = [\n]\n[access]\nrecord = '-'\n"
	if got := made(beginning); strings.Contains(got, "record") || strings.Contains(got, "cors") {
		t.Errorf("at the beginning it would do %s", got)
	}
	if got := made(strings.Replace(text, "url =", "url_file =", 1)); got != "" {
		t.Errorf("with a file that has the URL it would do %s", got)
	}
}

func TestOptionsReplaceTheConfiguration(t *testing.T) {
	t.Parallel()
	o := site(t)
	made(t, o)
	cert, key, err := tlscert.SelfSign([]string{"given.example.org"}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	o.Cert, o.Key, o.Names, o.URLFile = file(t, string(cert)), file(t, string(key)), nil, file(t, "postgres://other/federation")
	made(t, o)
	got := tree(t, o.Dir)
	if !strings.HasSuffix(got["cert.pem"], string(cert)) || !strings.HasSuffix(got["key.pem"], string(key)) || !strings.HasPrefix(got["key.pem"], "-rw-r-----") {
		t.Error("another certificate is there than the one that was given")
	}
	if !strings.HasSuffix(got["database.url"], "//other/federation") {
		t.Errorf("another URL is there than the one that was given: %s", got["database.url"])
	}

	if err := os.WriteFile(o.Config(), []byte("[database]\nurl = \"postgres://before/x\"\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	made(t, o)
	if text := tree(t, o.Dir)["thalamus.toml"]; !strings.Contains(text, "\n#url = ") || !strings.Contains(text, "\nurl_file = ") {
		t.Errorf("the URL is to be in its file alone, not in %s", text)
	}

	o.Key = file(t, "no key")
	if _, err := Make(o); err == nil {
		t.Error("a certificate without its key was taken")
	}
}

func TestASecretThatOthersCanReadIsClosed(t *testing.T) {
	t.Parallel()
	o := site(t)
	made(t, o)
	for _, name := range []string{"thalamus.toml", "database.url", "key.pem"} {
		if err := os.Chmod(o.path(name), 0o644); err != nil {
			t.Fatal(err)
		}
		made(t, o)
		if info, err := os.Stat(o.path(name)); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// The lines of the database are tried on a whole machine (make cleanroom).
func TestTheShownLinesDoTheSame(t *testing.T) {
	t.Parallel()
	one, other := site(t), site(t)
	made(t, one)
	p, err := Make(other)
	if err != nil {
		t.Fatal(err)
	}
	var script bytes.Buffer
	Print(t.Context(), p.Steps, &script)
	if files := tree(t, filepath.Dir(other.Dir)); len(files) > 0 {
		t.Errorf("showing them made %v", files)
	}
	sh := exec.CommandContext(t.Context(), "sh")
	sh.Stdin = &script
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if said := made(t, other); strings.Contains(said, "done ") {
		t.Errorf("after the lines there was more to do: %s", said)
	}
	a, b := leafOf(t, one), leafOf(t, other)
	for _, leaf := range []*x509.Certificate{a, b} {
		leaf.NotAfter, leaf.NotBefore = time.Time{}, time.Time{}
	}
	if !slices.Equal(a.DNSNames, b.DNSNames) || a.KeyUsage != b.KeyUsage || !slices.Equal(a.ExtKeyUsage, b.ExtKeyUsage) || b.IsCA || len(a.IPAddresses) != len(b.IPAddresses) {
		t.Errorf("the certificates differ: %+v, %+v", a, b)
	}
}

func leafOf(t *testing.T, o Options) *x509.Certificate {
	t.Helper()
	leaf, err := tlscert.Read(o.path("cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

func TestTheDatabaseHereIsMadeAndConfigured(t *testing.T) {
	t.Parallel()
	super := testdb.At(t, testdb.Empty(t))
	o := site(t)
	o.URLFile, o.DB = "", "madehere"
	o.Socket = super.Text(`SHOW unix_socket_directories`)
	o.Names = []string{"hub"}
	conn := testdb.Connect(t, super.URL)
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), `DROP DATABASE IF EXISTS madehere`); err != nil {
			t.Error(err)
		}
	})
	if said := made(t, o); !strings.Contains(said, "done    the database madehere") {
		t.Error(said)
	}
	owner := super.Text(`SELECT rolname FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = 'madehere'`)
	text := tree(t, o.Dir)["thalamus.toml"]
	if want := `url = "postgres:///madehere?host=` + o.Socket + `&user=` + o.User + `"`; owner != o.User || !strings.Contains(text, want) {
		t.Errorf("it belongs to %s, and the configuration has no %s", owner, want)
	}
	if said := made(t, o); strings.Contains(said, "done ") {
		t.Errorf("again, it said %s", said)
	}
}
