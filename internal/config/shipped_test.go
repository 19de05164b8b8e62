// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"os"
	"reflect"
	"regexp"
	"testing"
)

const shipped = "../../etc/thalamus.toml"

// TestShippedFileChangesNothing reads the file as it is: all comments.
func TestShippedFileChangesNothing(t *testing.T) {
	c, warnings, err := Load(shipped, enough)
	bare, _, _ := Load("", enough)
	if err != nil || len(warnings) != 0 || !reflect.DeepEqual(c, bare) {
		t.Errorf("got %+v, %q, %v", c, warnings, err)
	}
}

// TestShippedFileTellsTheDefaults removes the comment marks before the keys:
// each key must be there, and have its default.
func TestShippedFileTellsTheDefaults(t *testing.T) {
	text, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	name := write(t, regexp.MustCompile(`(?m)^#(\w+ = )`).ReplaceAllString(string(text), "$1"))
	l := newLoader()
	for _, k := range l.keys {
		k.field.SetZero()
	}
	if !l.readFile(name) || l.err() != nil {
		t.Fatal(l.err())
	}
	want := newLoader()
	for i, k := range want.keys {
		if l.from[k.dotted()] == "" {
			t.Errorf("%s is not in the file", k.dotted())
		}
		if got := l.keys[i].field.Interface(); !isSecret(k.field) && !reflect.DeepEqual(got, k.field.Interface()) {
			t.Errorf("%s is %v in the file, and %v by default", k.dotted(), got, k.field)
		}
	}
	if l.cfg.Database.URL.Reveal() != "" {
		t.Error("the file has a database")
	}
}
