// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// told writes people as a line each, with the reason where there is one.
func told(people []Person) (lines []string) {
	for _, p := range people {
		line := fmt.Sprintf("%d %s|%s|%s|%s|%s|%s", p.Line, p.ID, p.Name, p.Lastname, p.Gender, p.Born, strings.Join(p.Roles, "+"))
		if p.Wrong != nil {
			line = fmt.Sprintf("%d: %v", p.Line, p.Wrong)
		}
		lines = append(lines, line)
	}
	return lines
}

// Each is the same list, as one spreadsheet or the other writes it.
func TestAListIsReadAsSpreadsheetsWriteIt(t *testing.T) {
	want := []string{"2 ESPGNU777ORG|Ana|Betz|f|1985-10-04|", "3 KORSEO001HAN|길동|홍|||nurse+end_user", "5 FRANÑU001EUS|José \"Pepe\"|de la Cruz, Núñez||1990-02-28|"}
	rows := "ID;Name;LastName;gender;DOB;roles\nespgnu777org;Ana;Betz;f;1985-10-04;\nKORSEO001HAN;길동;홍;;;nurse, end_user\n;;;;;\nFRANÑU001EUS;\"José \"\"Pepe\"\"\";\"de la Cruz, Núñez\";;1990-02-28;\n"
	commas := strings.NewReplacer(";", ",", "nurse, end_user", `"nurse, end_user"`).Replace(rows)
	for name, text := range map[string]string{
		"semicolons": rows, "commas": commas, "tabs": strings.ReplaceAll(rows, ";", "\t"), "a byte order mark": "\uFEFF" + rows,
		"CRLF": strings.ReplaceAll(rows, "\n", "\r\n"), "both": "\uFEFF" + strings.ReplaceAll(commas, "\n", "\r\n"),
		"no end of the last line": strings.TrimSuffix(rows, "\n"), "blanks": strings.ReplaceAll(rows, ";", " ; "), "an empty column": strings.ReplaceAll(rows, "\n", ";\n"),
		"quoted headings": strings.Replace(rows, "ID;Name", `"ID";"Name"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if name == "blanks" { // a quote stands beside the separator
				text = strings.NewReplacer(`" ; "`, `";"`, `; "`, `;"`, `" ;`, `";`).Replace(text)
			}
			people, err := ReadPeople(iotest.OneByteReader(strings.NewReader(text)))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(want, told(people)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		})
	}
}

func TestEmptyRowsAboveTheHeadingsCountAsLinesOnly(t *testing.T) {
	for _, above := range []string{"\n", "\r\n", ";;\n", " ; ; \r\n"} {
		people, err := ReadPeople(strings.NewReader(above + "id;name;lastname\nANA1;Ana;Betz\n"))
		if err != nil {
			t.Errorf("%q: %v", above, err)
		}
		if diff := cmp.Diff([]string{"3 ANA1|Ana|Betz|||"}, told(people)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", above, diff)
		}

		_, err = ReadPeople(strings.NewReader(above + "id;surname\n"))
		if err == nil || !strings.HasPrefix(err.Error(), `line 2: there is no column "surname"`) {
			t.Errorf("%q: %v", above, err)
		}
	}
}

func TestColumnsStandInAnyOrderAndMayBeMissing(t *testing.T) {
	people, err := ReadPeople(strings.NewReader("lastname,id\nBetz,ANA1\n,ANA2\nCano,ANA3\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2 ANA1||Betz|||", "3 ANA2|||||", "4 ANA3||Cano|||"}, told(people)); diff != "" {
		t.Error(diff)
	}
	if people, err := ReadPeople(strings.NewReader("id\n")); len(people) != 0 || err != nil {
		t.Errorf("%v, %v", people, err)
	}
}

func TestARowWithAFaultIsToldAndTheOthersAreRead(t *testing.T) {
	people, err := ReadPeople(strings.NewReader("id,name,gender,dob\nANA,Ana\n,Eva\nA/B,Eva\nana,Other\nEVA,\"two\nlines\",x\nEVA2,Eva,f,31/05/1990\nEVA3,Eva,f,1990-02-30\nEVA4,Eva,f,,more\nEVA5,Eva,f,\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 ANA|Ana||||", "3: there is no id", "4: An id is a text without slashes, and neither . nor .. .",
		"5: ANA is on line 2 already", `6: gender is one of m, f, nb, other, nd, not "x"`, `8: dob is a day like 1990-05-31, not "31/05/1990"`,
		`9: dob is a day like 1990-05-31, not "1990-02-30"`, `10: there is no heading above "more"`, "11 EVA5|Eva||f||",
	}
	if diff := cmp.Diff(want, told(people)); diff != "" {
		t.Error(diff)
	}
}

func TestATextThatIsNoListIsRefusedWhole(t *testing.T) {
	for text, want := range map[string]string{
		"": "empty", "\uFEFF": "empty", "id,nom\nANA,Ana\n": `no column "nom"`, "id,name,ID\n": `two columns "id"`, "name\nAna\n": `no column "id"`,
		"ANA;Ana;Betz\n": `no column "ANA"`, "id,name\nANA,Jos\xe9\n": "not UTF-8", "\xff\xfei\x00d\x00": "not UTF-8",
		"id,name\nANA,Ana\nEVA,E\"va\n": "line 3: ", "id,name\nANA,\"Ana\nEVA,Eva\n": "line 2: ",
	} {
		t.Run(text, func(t *testing.T) {
			people, err := ReadPeople(strings.NewReader(text))
			if err == nil || !strings.Contains(err.Error(), want) || people != nil {
				t.Errorf("%q: %v, %v", text, people, err)
			}
		})
	}
	if _, err := ReadPeople(iotest.ErrReader(iotest.ErrTimeout)); err == nil {
		t.Error("a file that cannot be read is no error")
	}
}

func FuzzReadPeople(f *testing.F) {
	f.Add("id,name\nANA,Ana\n")
	f.Add("\uFEFFid;roles\r\nANA;\"a, b\"\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		people, err := ReadPeople(strings.NewReader(text))
		if err != nil && people != nil {
			t.Fatal("both people and an error")
		}
		ids := map[string]bool{}
		for _, p := range people {
			if p.Wrong == nil && (p.ID == "" || ids[p.ID]) {
				t.Fatalf("%+v", p)
			}
			if p.Wrong == nil {
				ids[p.ID] = true
			}
		}
	})
}
