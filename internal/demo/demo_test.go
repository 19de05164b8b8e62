// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"image/png"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
)

var (
	accountID = regexp.MustCompile(`^[A-Z]{6}[0-9]{3}[A-Z]{3}$`)
	uuid4     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

func loaded(t *testing.T) Federation {
	t.Helper()
	f, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// object decodes a record, numbers as json.Number.
func object(t *testing.T, r fed.Record) map[string]any {
	t.Helper()
	var o map[string]any
	d := json.NewDecoder(bytes.NewReader(r))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatalf("%v in %s", err, r)
	}
	return o
}

// people gives the persons by their account.
func people(t *testing.T, f Federation) map[string]map[string]any {
	t.Helper()
	m := make(map[string]map[string]any, len(f.People))
	for _, p := range f.People {
		m[p.ID] = object(t, p.Data)
	}
	return m
}

func TestRecordsAreTheTextOfTheFiles(t *testing.T) {
	t.Parallel()
	f := loaded(t)
	in := func(name string, data fed.Record) {
		text, err := files.ReadFile("data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, data) {
			t.Errorf("%s does not hold %s", name, data)
		}
	}
	for _, r := range f.People {
		in("people.json", r.Data)
	}
	for _, r := range f.Pages {
		in("pages.json", r.Data)
	}
	for _, r := range f.Units {
		in("units.json", r.Data)
	}
	for _, r := range f.Institutions {
		in("institutions.json", r.Data)
	}
	for _, r := range f.Earlier {
		in("earlier.json", r.Data)
	}
	for _, r := range f.Deleted {
		in("deleted.json", r.Data)
	}
	for _, r := range f.Documents {
		in("documents.json", r.Data)
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	f := loaded(t)
	got := []int{len(f.People), len(f.Pages), len(f.Documents), len(f.Units), len(f.Institutions)}
	least := []int{20, 150, 4, 2, 3}
	for i := range got {
		if got[i] < least[i] {
			t.Errorf("sizes are %v, want at least %v", got, least)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	f := loaded(t)
	seen := map[string]bool{}
	check := func(id string, data fed.Record, form *regexp.Regexp) {
		if got := object(t, data)["id"]; got != id || id == "" {
			t.Errorf("id is %v in the record and %q beside it", got, id)
		}
		if seen[id] {
			t.Errorf("%s is there twice", id)
		}
		if form != nil && !form.MatchString(id) {
			t.Errorf("%s is not of the form %s", id, form)
		}
		seen[id] = true
	}
	for _, r := range f.People {
		check(r.ID, r.Data, accountID)
	}
	for _, r := range f.Pages {
		check(r.ID, r.Data, uuid4)
	}
	for _, r := range f.Documents {
		check(r.ID, r.Data, uuid4)
	}
	for _, r := range slices.Concat(f.Units, f.Institutions) {
		check(r.ID, r.Data, nil)
	}
}

func TestDocumentedPeople(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/readme_people.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []map[string]any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) != 4 {
		t.Fatalf("%d documented people, want 4", len(want))
	}
	got := people(t, loaded(t))
	for _, w := range want {
		if diff := cmp.Diff(w, got[w["id"].(string)]); diff != "" {
			t.Errorf("%v (-documented +demo):\n%s", w["id"], diff)
		}
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	passwords := map[string]string{
		"ITAPYT999HON": "gnusolidario",
		"ARGBUE111FAV": "freedom",
		"ESPGNU777ORG": "gnusolidario",
	}
	for id, p := range people(t, loaded(t)) {
		hash, has := p["password"].(string)
		password, may := passwords[id]
		if has != may {
			t.Errorf("%s has a password: %v, want %v", id, has, may)
		}
		if !has {
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			if err := bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTownspeople covers the people that the documentation does not name.
func TestTownspeople(t *testing.T) {
	t.Parallel()
	all := people(t, loaded(t))
	documented := map[string]bool{"ITAPYT999HON": true, "ARGBUE111FAV": true, "ESPGNU777ORG": true, "DEUMOP095IDI": true}
	genders := map[any]int{}
	deceased := 0
	for id, p := range all {
		if documented[id] {
			continue
		}
		genders[p["gender"]]++
		if p["deceased"] == true {
			deceased++
		}
		if diff := cmp.Diff([]any{"end_user"}, p["roles"]); diff != "" {
			t.Errorf("%s roles (-want +got):\n%s", id, diff)
		}
		if p["active"] != true {
			t.Errorf("%s is not active", id)
		}
		for _, key := range []string{"name", "lastname", "dob", "marital_status", "education", "profession"} {
			if s, _ := p[key].(string); s == "" {
				t.Errorf("%s has no %s", id, key)
			}
		}
		born(t, p)
		created(t, id, p, all)
	}
	if deceased != 1 || genders["m"] == 0 || genders["f"] == 0 || genders["nb"] == 0 || len(genders) != 3 {
		t.Errorf("%d deceased, genders %v", deceased, genders)
	}
}

// created checks the creation_info of a record that an account has made.
func created(t *testing.T, id string, record map[string]any, all map[string]map[string]any) {
	t.Helper()
	info, _ := record["creation_info"].(map[string]any)
	user, _ := info["user"].(string)
	if all[user] == nil {
		t.Errorf("%s was created by %q, whom nobody knows", id, user)
	}
	if node, _ := info["node"].(string); node == "" {
		t.Errorf("%s was created at no node", id)
	}
	when, _ := info["timestamp"].(string)
	parse(t, when)
}

// born gives a person's date of birth.
func born(t *testing.T, person map[string]any) time.Time {
	t.Helper()
	dob, _ := person["dob"].(string)
	d, err := time.Parse(time.DateOnly, dob)
	if err != nil {
		t.Errorf("dob: %v", err)
	}
	return d
}

// parse reads the three forms of time that nodes write; those without a zone
// are taken as UTC.
func parse(t *testing.T, s string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000000", "2006-01-02 15:04:05"} {
		if d, err := time.Parse(layout, s); err == nil {
			return d
		}
	}
	t.Errorf("%q is no time", s)
	return time.Time{}
}

func TestUnitsAndInstitutions(t *testing.T) {
	t.Parallel()
	f := loaded(t)
	all := people(t, f)
	home := map[string]string{}
	for _, u := range f.Units {
		unit := object(t, u.Data)
		place(t, u.ID, unit)
		members, _ := unit["members"].([]any)
		if len(members) < 2 {
			t.Errorf("%s has %d members", u.ID, len(members))
		}
		for _, m := range members {
			member, _ := m.(map[string]any)
			id, _ := member["person"].(string)
			if role, _ := member["role"].(string); role == "" || all[id] == nil {
				t.Errorf("%s has the member %v", u.ID, m)
			}
			if home[id] != "" {
				t.Errorf("%s lives at %s and %s", id, home[id], u.ID)
			}
			home[id] = u.ID
		}
		created(t, u.ID, unit, all)
	}
	for _, i := range f.Institutions {
		institution := object(t, i.Data)
		place(t, i.ID, institution)
		if kind, _ := institution["type"].(string); kind == "" {
			t.Errorf("%s has no type", i.ID)
		}
		created(t, i.ID, institution, all)
	}
}

// place checks name, address and position.
func place(t *testing.T, id string, record map[string]any) {
	t.Helper()
	if name, _ := record["name"].(string); name == "" {
		t.Errorf("%s has no name", id)
	}
	address, _ := record["address"].(map[string]any)
	for _, key := range []string{"street", "number", "city", "subdivision", "country"} {
		if s, _ := address[key].(string); s == "" {
			t.Errorf("%s has no %s", id, key)
		}
	}
	within(t, id, record["lat"], 27.7, 28.2)
	within(t, id, record["lon"], -15.9, -15.3)
}

// within checks that v is a number from low to high, and gives it.
func within(t *testing.T, what string, v any, low, high float64) float64 {
	t.Helper()
	n, _ := v.(json.Number)
	x, err := n.Float64()
	if err != nil || x < low || x > high {
		t.Errorf("%s: %v is not a number from %v to %v", what, v, low, high)
	}
	return x
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	f := loaded(t)
	pages := map[string]map[string]any{}
	for _, p := range f.Pages {
		pages[p.ID] = object(t, p.Data)
	}
	starts := map[any]string{
		"image/png": "\x89PNG", "application/pdf": "%PDF-1.", "text/csv": "date,systolic", "text/plain; charset=utf-8": "Hospital General",
	}
	for _, d := range f.Documents {
		data := object(t, d.Data)
		sum := sha512.Sum512(d.Bytes)
		if data["fedacct"] != d.FedAcct || data["pol"] != d.Pol || data["hash"] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the record says %v, %v, hash %v; got %s, %s, %x", d.ID, data["fedacct"], data["pol"], data["hash"], d.FedAcct, d.Pol, sum)
		}
		if p := pages[d.Pol]; p["book"] != d.FedAcct {
			t.Errorf("%s hangs on the page %v, want one in the book of %s", d.ID, p, d.FedAcct)
		}
		start, known := starts[data["content_type"]]
		if !known || !strings.HasPrefix(string(d.Bytes), start) || len(d.Bytes) > 20<<10 || data["active"] != true || data["type"] == nil {
			t.Errorf("%s is %v, %v, active %v, %d bytes", d.ID, data["type"], data["content_type"], data["active"], len(d.Bytes))
		}
		delete(starts, data["content_type"])
	}
	if len(starts) > 0 {
		t.Errorf("no document of %v", starts)
	}
}

func TestThePictureCanBeSeen(t *testing.T) {
	t.Parallel()
	im, err := png.Decode(bytes.NewReader(loaded(t).Documents[0].Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if b := im.Bounds(); b.Dx() < 200 || b.Dy() < 200 {
		t.Error(b)
	}
}
