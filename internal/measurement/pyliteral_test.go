// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLiteralsOfPython(t *testing.T) {
	for literal, want := range map[string]string{
		`{'bp': {'systolic': 120, 'diastolic': 80}, 't': 36.5}`: `{"bp":{"systolic":120,"diastolic":80},"t":36.5}`,
		` { 'a' : [ 1 , -2.50 ] } `:                             `{"a":[1,-2.50]}`,
		"{'a':\n 1}":                                            `{"a":1}`,
		`{}`:                                                    `{}`,
		`[[], {}]`:                                              `[[],{}]`,
		`Decimal('36.50')`:                                      `36.50`,
		`[Decimal('-1E+2'), Decimal('0E-7')]`:                   `[-1E+2,0E-7]`,
		`[1e-05, 1e+16, -0.0]`:                                  `[1e-05,1e+16,-0.0]`,
		`[None, True, False]`:                                   `[null,true,false]`,
		`"it's"`:                                                `"it's"`,
		`'<b> & \x3c'`:                                          `"<b> & <"`,
		`'it\'s "so"'`:                                          `"it's \"so\""`,
		`'\\ \n \r \t \x00 \xf1 \u20ac \U0001f600 ñ'`:     `"\\ \n \r \t \u0000 ñ € 😀 ñ"`,
		strings.Repeat("[", 20) + strings.Repeat("]", 20): strings.Repeat("[", 20) + strings.Repeat("]", 20),
	} {
		t.Run(literal, func(t *testing.T) {
			got, ok := literalJSON(literal)
			if !ok || string(got) != want {
				t.Errorf("%s: got %s, %v; want %s", literal, got, ok, want)
			}
		})
	}
}

func TestAnythingElseIsNoLiteral(t *testing.T) {
	for _, text := range []string{
		``, ` `, `{`, `}`, `[`, `[1`, `[1,`, `[1,]`, `[,]`, `{'a'}`, `{'a': }`, `{'a': 1,}`, `{'a' 1}`, `{'a': 1 'b': 2}`, `{a: 1}`, `{1: 2}`,
		`{'a': 1, 'a': 2}`, `{"a": 1, 'a': 1}`, `(1, 2)`, `{1}`, `set()`, `nan`, `inf`, `-inf`, `{'a': nan}`, `null`, `true`, `NoneType`, `None1`, `Nonesuch`,
		`1 2`, `1;`, `01`, `1.`, `.5`, `+1`, `- 1`, `--1`, `1_000`, `0x10`, `1e`, `1j`, `1L`, `1.2.3`, `120/80`, `36,5`,
		`Decimal('NaN')`, `Decimal('Infinity')`, `Decimal("1")`, `Decimal(1)`, `Decimal('1'`, `Decimal('1') 2`, `Decimal('')`, `decimal('1')`,
		`'`, `'a`, `'a"`, `'\'`, `'\x1'`, `'\xg0'`, `'\x+1'`, `'\u12'`, `'\ud800'`, `'\U00110000'`, `'\Uffffffff'`, `'\N{DIGIT ONE}'`, `'\7'`, `'\a'`, "'a\nb'", "'a\rb'", "'a\nn'", "'a\\\nb'",
		`'a' 'b'`, `u'a'`, `b'a'`, `r'a'`, `f'a'`, `'''a'''`, `__import__('os')`, `{'a': open('x')}`, `datetime.date(2024, 5, 1)`, "'\xff'", `{'a': 1}x`, `{} {}`,
		strings.Repeat("[", 22) + strings.Repeat("]", 22),
		strings.Repeat("[", 1_000_000),
		"'" + strings.Repeat("a", 64<<10) + "'",
	} {
		if got, ok := literalJSON(text); ok {
			t.Errorf("%.50q was read as %.50s", text, got)
		}
	}
}

func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{`{'a': [1, 'b\x41', None], "c": Decimal('1.50')}`, `[True, -1e-05]`, `'\u20ac'`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := literalJSON(text)
		if ok && !json.Valid(got) {
			t.Fatalf("%q: %q is no JSON", text, got)
		}
	})
}
