// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASecretNeverPrints(t *testing.T) {
	const password = "postgres://u:hush@h/d"
	s := NewSecret(password)
	c := Config{Database: Database{URL: s}}
	closed := struct{ s Secret }{s} // fmt calls no methods on this field
	var out bytes.Buffer

	for _, v := range []any{s, &s, c, &c, c.Database, []Secret{s}, map[string]Secret{"k": s}, closed, &closed} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, v)
		}

		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)

		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}

		out.Write(text)
	}

	hex := fmt.Sprintf("%x", "hush")
	if got := out.String(); strings.Contains(got, "hush") || strings.Contains(got, hex) {
		t.Errorf("got %s", got)
	}

	text, err := json.Marshal(s)
	shown := fmt.Sprintf("%v %+v %#v %s %q %x %d %s", s, s, s, s, s, s, s, text) + " " + s.String() + " " + s.LogValue().String()
	if want := strings.Repeat(hidden+" ", 7) + `"[hidden]" [hidden] [hidden]`; shown != want || err != nil {
		t.Errorf("got %s, %v", shown, err)
	}

	if s.Reveal() != password || (Secret{}).Reveal() != "" {
		t.Errorf("revealed %q", s.Reveal())
	}
}

// A command is given a secret so which lies encrypted where the configuration names it.
func TestTheEnvironmentGivesTheURLInPlaceOfItsFile(t *testing.T) {
	name := writeFile(t, "[database]\nurl_file = '/nonexistent/url'")
	c, _, err := Load(name, []string{"THALAMUS_DATABASE_URL=postgres://u:hush@h/d", "THALAMUS_DATABASE_URL_FILE="})
	if err != nil || c.Database.URL.Reveal() != "postgres://u:hush@h/d" {
		t.Errorf("got %q, %v", c.Database.URL.Reveal(), err)
	}
}

// People write passwords in these places by mistake.
func TestFaultsShowNoPassword(t *testing.T) {
	for _, text := range []string{
		"url = 'mysql://u:hush@h/d'",
		"url = 'hush'",
		"url = ['hush']",
		"url = hush",
		"url = \"\nhush\"",
		"url = \"hush\\q\"",
		"urll = 'hush'",
		"urll = hush",
		"url_file = 'postgres://u:hush@h/d'",
		"url = 'postgres://h/d'\nurl_file = 'hush'",
		"url = 99999999999999999999555hush",
		"url = 99999999999999999999555",
		"url = 1979-99-99",
	} {
		got := faultsOf(t, "[database]\n"+text, minimalEnviron[1])
		if got == "" || strings.Contains(got, "hush") || strings.Contains(got, "999") || strings.Contains(got, "99-99") {
			t.Errorf("%q gives %q", text, got)
		}
	}

	got := faultsOf(t, "", "THALAMUS_DATABASE_URL=mysql://u:hush@h/d", minimalEnviron[1])
	if want := "THALAMUS_DATABASE_URL: database.url: this is not a database; write postgres://user@host:5432/database"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestBothFormsOfADatabaseAreAccepted(t *testing.T) {
	for _, url := range []string{"postgres://u:p@h/d", "postgresql:///d?host=/run", "host=h dbname=d", " user = x", "postgres://%2Frun/d"} {
		if c, _, err := Load("", []string{"THALAMUS_DATABASE_URL=" + url, minimalEnviron[1]}); err != nil || c.Database.URL.Reveal() != url {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestTheDatabaseURLIsReadFromItsFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "url")
	environ := []string{"THALAMUS_DATABASE_URL_FILE=" + name, minimalEnviron[1]}
	for content, fault := range map[string]string{
		"postgres://h/d\n": "",
		"\n":               "database.url_file: the file is empty",
		"mysql://h":        "database.url_file: this is not a database",
	} {
		t.Run(content, func(t *testing.T) {
			if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}

			c, _, err := Load("", environ)
			if fault == "" && (err != nil || c.Database.URL.Reveal() != "postgres://h/d") {
				t.Errorf("got %v", err)
			}

			if fault != "" && (err == nil || !strings.Contains(err.Error(), fault)) {
				t.Errorf("%q gives %v", content, err)
			}
		})
	}
}

func TestFaultsOfTheDatabaseURLFileAreReported(t *testing.T) {
	gone := "THALAMUS_DATABASE_URL_FILE: database.url_file: the file cannot be read: no such file or directory"
	if got := faultsOf(t, "", "THALAMUS_DATABASE_URL_FILE=/nonexistent", minimalEnviron[1]); got != gone {
		t.Errorf("got %q", got)
	}

	both := "THALAMUS_DATABASE_URL_FILE: database.url_file: database.url is set too; keep one of them"
	if got := faultsOf(t, "[database]\nurl = 'host=h'", "THALAMUS_DATABASE_URL_FILE=/nonexistent", minimalEnviron[1]); got != both {
		t.Errorf("got %q", got)
	}
}
