// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"thalamus/etc"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const server = "hub" // the database user

// planting is a sound installation, which a test makes worse.
type planting struct {
	Site
	t     *testing.T
	dir   string
	super *testdb.DB // the database, as a superuser
}

// newSite makes an installation over a database of the tests' cluster.
func newSite(t *testing.T) *planting {
	t.Helper()
	p := newFiles(t)
	p.over(sound.New(t))
	return p
}

// sound is a database as furnish makes it.
var sound = testdb.Filled{Name: "sound", Fill: func(db *testdb.DB) {
	if err := furnish(context.Background(), db); err != nil {
		panic(err)
	}
}}

// furnish makes the tables in a database, which belong to the server's user, and an administrator.
func furnish(ctx context.Context, super *testdb.DB) error {
	db, err := store.Open(ctx, store.Options{URL: super.As(server)})
	if err != nil {
		return err
	}
	defer db.Close()
	super.Exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION ` + server + `; GRANT USAGE ON SCHEMA public TO PUBLIC`)
	if _, err = db.Migrate(ctx); err != nil {
		return err
	}
	super.Exec(`INSERT INTO people (id, data) VALUES ('ADM', jsonb_build_object('roles', '["root"]'::jsonb, 'active', true, 'password', $1::text))`, aHash)
	return db.Publish(ctx)
}

// aHash is bcrypt's, at a cost of 10, of a password that nobody knows.
const aHash = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"

// over puts the installation over a database.
func (p *planting) over(super *testdb.DB) {
	p.t.Helper()
	p.super = super
	p.connect(super.As(server))
}

// newFiles makes all of an installation but its database.
func newFiles(t *testing.T) *planting {
	t.Helper()
	p := &planting{t: t, dir: t.TempDir()}
	p.Site = Site{
		Flags:  " --config FILE",
		Listen: ":8443", Origins: []string{"https://portal.example.org"},
		File: p.file("thalamus.toml", `url = "postgres://hub:secret@localhost/x"`), Secret: "postgres://hub:secret@localhost/x",
		Roles: p.file("roles.cfg", string(etc.Roles)), Record: filepath.Join(p.dir, "access.jsonl"),
	}
	p.certify(func(*x509.Certificate) {})
	return p
}

// connect makes the server use another database.
func (p *planting) connect(url string) {
	p.t.Helper()
	db, err := store.New(store.Options{URL: url, MaxConns: 4})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(db.Close)
	p.DB = db
}

// person stores one, with what is kept for a password.
func (p *planting) person(id, data, hash string) {
	p.t.Helper()
	p.super.Exec(`INSERT INTO people (id, data) VALUES ($1, $2::jsonb || jsonb_build_object('password', $3::text))`, id, data, hash)
	p.super.Exec(`SELECT thalamus_publish()`)
}

func hashOf(t *testing.T, password string, cost int) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

// file writes one that its owner alone can read, and gives its name.
func (p *planting) file(name, text string) string {
	p.t.Helper()
	name = filepath.Join(p.dir, name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return name
}

// open lets everybody read a file.
func (p *planting) open(name string) {
	p.t.Helper()
	if err := os.Chmod(name, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// certify gives the server a certificate for a year, which is changed before it is signed.
func (p *planting) certify(change func(*x509.Certificate)) {
	p.t.Helper()
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		DNSNames: []string{"hub.example.org"}, IPAddresses: []net.IP{net.IPv4(192, 0, 2, 1)},
	}
	change(&template)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	cert, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		p.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Cert = p.file("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})))
	p.Key = p.file("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
}
