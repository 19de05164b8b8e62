// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"os"
	"reflect"
	"regexp"
	"testing"
)

const shipped = "../../etc/thalamus.toml"

// The file as it is has only comments.
func TestTheShippedFileChangesNothing(t *testing.T) {
	c, warnings, err := Load(shipped, minimalEnviron)
	bare, _, _ := Load("", minimalEnviron)
	if err != nil || len(warnings) != 0 || !reflect.DeepEqual(c, bare) {
		t.Errorf("got %+v, %q, %v", c, warnings, err)
	}
}

// Without the comment marks before the keys the file must have each key, with its
// default.
func TestTheShippedFileNamesEveryDefault(t *testing.T) {
	text, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}

	name := writeFile(t, regexp.MustCompile(`(?m)^#(\w+ = )`).ReplaceAllString(string(text), "$1"))
	l := newLoader()
	for _, k := range l.keys {
		k.field.SetZero()
	}

	if !l.readFile(name) || l.err() != nil {
		t.Fatal(l.err())
	}

	want := newLoader()
	for i, k := range want.keys {
		if l.positions[k.dotted()] == "" {
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
