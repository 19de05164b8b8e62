// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"slices"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

func TestRolesAreAnArrayOrATextWithCommas(t *testing.T) {
	for value, want := range map[string][]string{
		`["root","end_user"]`: {"root", "end_user"}, `[]`: {}, `["a,b"," c"]`: {"a,b", " c"}, `[""]`: {""},
		`"root, end_user"`: {"root", "end_user"}, `"root"`: {"root"}, `" ,root,, "`: {"root"}, `""`: {},
	} {
		t.Run(value, func(t *testing.T) {
			if got, valid := record.Roles([]byte(value)); !slices.Equal(got, want) || !valid || got == nil {
				t.Errorf("%s is read as %q, %t", value, got, valid)
			}
		})
	}
	for _, value := range []string{"", "null", "5", "true", "{}", `["root",5]`, `["root",null]`, `[["root"]]`} {
		if got, valid := record.Roles([]byte(value)); valid {
			t.Errorf("%s is read as %q", value, got)
		}
	}
}

// valueOf gives a value, or none for "".
func valueOf(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}

// A kind of -1 stands for success.
func TestOthersThanTheDefaultRolesNeedTheGrant(t *testing.T) {
	for value, want := range map[string]struct{ granted, others fed.Kind }{
		"": {-1, -1}, "null": {-1, -1}, `["end_user"]`: {-1, -1}, `"end_user"`: {-1, -1}, `"end_user, "`: {-1, -1},
		`["root"]`: {-1, fed.Forbidden}, `[]`: {-1, fed.Forbidden}, `""`: {-1, fed.Forbidden}, `["end_user","root"]`: {-1, fed.Forbidden},
		`5`: {fed.Invalid, fed.Forbidden}, `["root",null]`: {fed.Invalid, fed.Forbidden},
	} {
		t.Run(value, func(t *testing.T) {
			for administers, kind := range map[bool]fed.Kind{true: want.granted, false: want.others} {
				roles, err := record.NewRoles(valueOf(value), administers)
				if kind == -1 && (err != nil || roles == nil) || kind != -1 && fed.KindOf(err) != kind {
					t.Errorf("%s, administering %t: %q, %v", value, administers, roles, err)
				}
			}
		})
	}
}

func TestActiveIsTrueFalseOrNull(t *testing.T) {
	for _, value := range []string{"true", "false", "null"} {
		if err := record.CheckActive([]byte(value)); err != nil {
			t.Errorf("%s: %v", value, err)
		}
	}

	for _, value := range []string{`"false"`, "0", "1", "[]", "{}", `""`} {
		if err := record.CheckActive([]byte(value)); fed.KindOf(err) != fed.Invalid {
			t.Errorf("%s: %v", value, err)
		}
	}

	if err := record.CheckActive(nil); err != nil {
		t.Error(err)
	}
}
