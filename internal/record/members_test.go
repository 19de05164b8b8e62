// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// found collects what Members yields; the last of double keys.
func found(text string) (map[string]string, bool) {
	all := map[string]string{}
	ok := Members([]byte(text), func(key, value []byte) { all[string(key)] = string(value) })
	return all, ok
}

func TestMembers(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{}`:        {},
		" {\t}\r\n": {},
		`{"a":1}`:   {"a": "1"},
		`{"a":1,"b"` + "\n:\n" + `"x,}\"]" , "c":[1,{"d":"]"}],"e":{"f":{}}}`: {"a": "1", "b": `"x,}\"]"`, "c": `[1,{"d":"]"}]`, "e": `{"f":{}}`},
		`{"a":1,"a":null}`:             {"a": "null"},
		`{"p\u0061ss":true,"":-1.5e3}`: {"pass": "true", "": "-1.5e3"},
	} {
		t.Run(text, func(t *testing.T) {
			got, ok := found(text)
			if diff := cmp.Diff(want, got); diff != "" || !ok {
				t.Errorf("%s: %v %s", text, ok, diff)
			}
		})
	}
}

func TestMembersOfOtherValuesThanObjects(t *testing.T) {
	for _, text := range []string{
		``, ` `, `[]`, `1`, `"a"`, `{`, `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":}`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{"a" 1}`,
		`{a:1}`, `{"a":1 "b":2}`, `{"a":1}}`, `{"a":1} x`, `{"a":"`, `{"a":"\`, `{"a":[`,
	} {
		if _, ok := found(text); ok {
			t.Errorf("%s was taken for an object", text)
		}
	}
}

// FuzzMembers compares with encoding/json on every text that it takes for an object.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{`{"a":{"b":[1,"}"]},"\u0061":2}`, `{ "x" : "\\" }`, `{"a":1,}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := found(text)
		want := map[string]json.RawMessage{}
		if !utf8.ValidString(text) || !json.Valid([]byte(text)) || json.Unmarshal([]byte(text), &want) != nil || text == "null" {
			return
		}

		for key, value := range want {
			if got[key] != string(value) {
				t.Fatalf("%q: %q is %q, want %q", text, key, got[key], value)
			}
		}

		if isObject := want != nil; isObject && !ok {
			t.Fatalf("%q was not taken", text)
		}
	})
}

// elements collects what Elements yields.
func elements(text string) (all []string, ok bool) {
	ok = Elements([]byte(text), func(value []byte) { all = append(all, string(value)) })
	return all, ok
}

func TestElements(t *testing.T) {
	for text, want := range map[string][]string{
		`[]`: nil, " [\t]\r\n": nil, `[1]`: {"1"},
		`[{"a":[1,"]"]} ,` + "\n" + `"x,]\"" , [[],{}],null,-1.5e3]`: {`{"a":[1,"]"]}`, `"x,]\""`, `[[],{}]`, "null", "-1.5e3"},
	} {
		t.Run(text, func(t *testing.T) {
			got, ok := elements(text)
			if diff := cmp.Diff(want, got); diff != "" || !ok {
				t.Errorf("%s: %v %s", text, ok, diff)
			}
		})
	}
}

func TestElementsOfOtherValuesThanArrays(t *testing.T) {
	for _, text := range []string{
		``, ` `, `{}`, `1`, `"a"`, `[`, `["`, `["a`, `["a"`, `[1`, `[1,`, `[1,]`, `[,]`, `[1 2]`, `[1]]`, `[1] x`, `[[]`, `1]`, `]`,
	} {
		if _, ok := elements(text); ok {
			t.Errorf("%s was taken for an array", text)
		}
	}
}

// FuzzElements compares with encoding/json on every array.
func FuzzElements(f *testing.F) {
	for _, seed := range []string{`[{"b":[1,"}"]},"\u0061",2]`, `[ "\\" , [[ ]] ]`, `[1,]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := elements(text)
		var want []json.RawMessage
		if json.Unmarshal([]byte(text), &want) != nil || want == nil {
			return
		}

		var texts []string
		for _, value := range want {
			texts = append(texts, string(value))
		}
		if diff := cmp.Diff(texts, got); diff != "" || !ok {
			t.Fatalf("%q: %v %s", text, ok, diff)
		}
	})
}
