// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"thalamus/internal/fed"
)

var testLimits = Limits{Noun: "body", Bytes: 1 << 20, Elements: 10_000}

func TestReadTakesRecordsThatCanBeStored(t *testing.T) {
	for _, text := range []string{
		`{}`, ` {"a" : 1 } `, "\uFEFF{\"bom\":true}",
		`{"pair":"\ud83d\ude00","backslash":"\\u0000","quote":"\"\\"}`,
		`{"i":12345678901234567890123,"f":1.50,"m":-0.0,"s":1e-7}`,
		`{"n":1e999}`, `{"n":1e-999}`, `{"n":` + strings.Repeat("9", 1000) + `}`,
		strings.Repeat(`{"a":`, 1000) + `1` + strings.Repeat(`}`, 1000),
		`{"brackets":"` + strings.Repeat("[", 5000) + `"}`,
	} {
		if _, err := Read([]byte(text), testLimits); err != nil {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		kind fed.Kind
		text string
	}{
		{fed.Malformed, "\f{}"}, {fed.Malformed, "\v{}"}, {fed.Malformed, "\u00a0{}"}, {fed.Malformed, "{}\u00a0"}, {fed.Malformed, "\u2028{}"}, {fed.Malformed, " \uFEFF{}"},
		{fed.Malformed, ``}, {fed.Malformed, ` `}, {fed.Malformed, `{bad}`}, {fed.Malformed, `{"a":1`}, {fed.Malformed, `{} {}`},
		{fed.Malformed, "{\"n\":\"\xf1\"}"}, {fed.Malformed, "{\"a\":\"a\x00b\"}"}, {fed.Malformed, `{"n":NaN}`}, {fed.Malformed, `{"n":01}`},
		{fed.Malformed, `{"a":"\u12"}`}, {fed.Malformed, `{"a":"\`}, {fed.Malformed, `{"a":"\ud800\u`},
		{fed.Invalid, `[]`}, {fed.Invalid, `"abc"`}, {fed.Invalid, `5`}, {fed.Invalid, `null`},
		{fed.Invalid, `{"a":"\u0000"}`}, {fed.Invalid, `{"\u0000":1}`},
		{fed.Invalid, `{"a":"\ud800"}`}, {fed.Invalid, `{"a":"\udc00\ud800"}`}, {fed.Invalid, `{"a":"\ud800\ud800\udc00"}`},
		{fed.Invalid, `{"n":1e1000}`}, {fed.Invalid, `{"n":-1e1000}`}, {fed.Invalid, `{"n":1E+131071}`}, {fed.Invalid, `{"n":1e-1000}`},
		{fed.Invalid, `{"n":1e99999999999999999999}`}, {fed.Invalid, `{"n":0.` + strings.Repeat("9", 1000) + `}`},
		{fed.Invalid, strings.Repeat(`{"a":`, 1001) + `1` + strings.Repeat(`}`, 1001)},
		{fed.Invalid, `{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`},
		{fed.TooLarge, `{"n":[` + strings.Repeat("1e999,", 2000) + `1]}`},
		{fed.TooLarge, `{"n":"` + strings.Repeat("x", 1<<20) + `"}`},
	} {
		if _, err := Read([]byte(c.text), testLimits); err == nil || fed.KindOf(err) != c.kind {
			t.Errorf("%.60q gave %v, want kind %d", c.text, err, c.kind)
		}
	}
}

func TestARecordOfExactlyTheLimitIsTaken(t *testing.T) {
	text := `{"n":"` + strings.Repeat("x", 92) + `"}`
	if _, err := Read([]byte(text), Limits{Bytes: 100, Elements: 1}); err != nil {
		t.Error(err)
	}

	if _, err := Read([]byte(text), Limits{Bytes: 99, Elements: 1}); fed.KindOf(err) != fed.TooLarge {
		t.Errorf("one byte more than the limit gave %v", err)
	}
}

// White space and escapes are the sender's; the stored text is the same without them.
func TestTheSizeOfARecordIsThatOfItsTextInTheDatabaseWithoutBlanks(t *testing.T) {
	for text, want := range map[string]string{
		"{ \"a\" :\t[ 1 ,\n true ] }\r\n": `{"a":[1,true]}`, `{"a b":" "}`: `{"a b":" "}`,
		`{"\u00f1":"\u3042\ud83d\ude00\u007f"}`: "{\"ñ\":\"あ😀\u007f\"}", `{"a":"\/\u002f\"\\\u0022\n\u0008\u000b"}`: `{"a":"//\"\\\"\n\b\u000b"}`,
		`{"n":[1e3,1.5e3,15E-1,1.50,-1e-3,1e+2]}`: `{"n":[1000,1500,1.5,1.50,-0.001,100]}`, `{"n":[0e5,-0,-0.00,0.001e5,0.05e1,-0.0e-2]}`: `{"n":[0,0,0.00,100,0.5,0.000]}`,
	} {
		t.Run(text, func(t *testing.T) {
			if _, err := Read([]byte(text), Limits{Bytes: int64(len(want)), Elements: 10}); err != nil {
				t.Errorf("%s is larger than %s: %v", text, want, err)
			}
			if _, err := Read([]byte(text), Limits{Bytes: int64(len(want)) - 1, Elements: 10}); fed.KindOf(err) != fed.TooLarge {
				t.Errorf("%s is smaller than %s: %v", text, want, err)
			}
		})
	}
}

// Each text has as many keys and elements as it says.
func TestKeysAndElementsAreCountedOnAllLevels(t *testing.T) {
	for text, want := range map[string]int{
		`{}`: 0, ` { } `: 0, `{"a":1}`: 1, `{"a":1,"a":2}`: 2, `{"a":[]}`: 1, `{"a":[ ],"b":{ }}`: 2, `{"a":[1]}`: 2, `{"a":[[]]}`: 2,
		`{"a":[{}]}`: 2, `{"a":[{},{}]}`: 3, `{"a":[true]}`: 2, `{"a":[null,"x",-1.5e3]}`: 4, `{"a":{"b":{"c":[1,[2,3]]}}}`: 7,
		`{"a":"[1,2,{\",","b":["]",","]}`: 4, "{\"a\":[\t\r\n]}": 1,
	} {
		t.Run(text, func(t *testing.T) {
			if _, err := Read([]byte(text), Limits{Bytes: 100, Elements: want}); err != nil {
				t.Errorf("%s with %d elements: %v", text, want, err)
			}
			if _, err := Read([]byte(text), Limits{Bytes: 100, Elements: want - 1}); fed.KindOf(err) != fed.Invalid {
				t.Errorf("%s with one element less: %v", text, err)
			}
		})
	}
}

// A tree of this text would take a hundred times as much.
func TestAWideRecordIsRefusedWithoutBuildingIt(t *testing.T) {
	text := []byte(`{"a":[` + strings.Repeat("[],", 500_000) + `{"":1}]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(text, testLimits)
	runtime.ReadMemStats(&after)

	if fed.KindOf(err) != fed.Invalid || after.TotalAlloc-before.TotalAlloc > uint64(len(text)) {
		t.Errorf("%v after %d bytes of memory", err, after.TotalAlloc-before.TotalAlloc)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":"\ud83d\ude00"}`, `{"n":[1e5,-0.0]}`, `[[[`, `{"a":"\u00`, "\uFEFF{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		record, err := Read(text, testLimits)
		if err != nil {
			if fed.KindOf(err) == fed.Internal {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}

		if !json.Valid(record) || !utf8.Valid(record) || !Members(record, func(_, _ []byte) {}) {
			t.Fatalf("took %q", text)
		}
	})
}
