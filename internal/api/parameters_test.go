// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/gate"
)

// namesOf gives the names of a row's parameters.
func namesOf(row gate.Row) (names []string) {
	for _, rule := range row.Parameters {
		names = append(names, rule.Name)
	}
	return names
}

// rowsThatTake gives the rows that have a parameter.
func (h *hub) rowsThatTake(name string) (rows []gate.Row) {
	for _, row := range h.Rows {
		if slices.Contains(namesOf(row), name) {
			rows = append(rows, row)
		}
	}
	return rows
}

// pathOf gives a path of a row where there is something to read.
func pathOf(row gate.Row) string {
	return strings.NewReplacer("{person}", ana[0], "{page}", birthPage).Replace(row.Pattern)
}

// A misspelt or empty filter must not return everybody.
func TestACollectionRefusesAParameterWithoutAValue(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	for _, row := range h.rowsThatTake("limit") {
		list := "Parameters: " + strings.Join(namesOf(row), ", ") + "."
		for _, name := range namesOf(row) {
			for _, query := range []string{name, name + "=", "bare&" + name + "=", name + "=%00", name + "=%FF", name + "=&" + name + "=1"} {
				a := h.Do(root, http.MethodGet, pathOf(row)+"?"+query, "").Want(t, http.StatusUnprocessableEntity)
				if sentence := a.Failure().Error; !strings.HasPrefix(sentence, name+" must ") || !strings.HasSuffix(sentence, list) {
					t.Errorf("%s?%s: %s", row.Pattern, query, a.Text)
				}
			}
		}
	}
}

func TestACollectionRefusesAParameterThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	for _, row := range h.rowsThatTake("limit") {
		list := "Parameters: " + strings.Join(namesOf(row), ", ") + "."
		for query, want := range map[string]string{
			"lmit=1": "lmit is no parameter here. ", "bare&lmit=": "lmit is no parameter here. ",
			"Zzyzx=Zzyzx": "The query has a parameter that is none here. ", "=Zzyzx": "The query has a parameter that is none here. ",
		} {
			t.Run(query, func(t *testing.T) {
				a := h.Do(root, http.MethodGet, pathOf(row)+"?"+query, "").Want(t, http.StatusUnprocessableEntity)
				if a.Failure().Error != want+list {
					t.Errorf("%s?%s: %s", row.Pattern, query, a.Text)
				}
			})
		}
		h.Do(root, http.MethodGet, pathOf(row)+"?lmit&&"+ana[0], "").Want(t, http.StatusOK)
	}
}

// The sentence about a wrong value is that of the route table, and has no value in it.
func TestAWrongValueIsToldTheRule(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	free := []string{"person", "not_node", "gender", "domain", "context", "medical_context", "page_type"} // any text is a value
	wrong := map[string]string{"q": strings.Repeat("Zzyzx", 41)}
	for _, row := range h.rowsThatTake("limit") {
		for _, rule := range row.Parameters {
			if slices.Contains(free, rule.Name) {
				continue
			}
			value := wrong[rule.Name]
			if value == "" {
				value = "Zzyzx"
			}
			a := h.Do(root, http.MethodGet, pathOf(row)+"?"+rule.Name+"="+value, "").Want(t, http.StatusUnprocessableEntity)
			want := fmt.Sprintf("%s Parameters: %s.", rule.Sentence, strings.Join(namesOf(row), ", "))
			if a.Failure().Error != want {
				t.Errorf("%s: got %s, want %s", row.Pattern, a.Text, want)
			}
		}
	}
}

// The GTK client sends the id of a person again, behind a question mark.
func TestASingleRecordIgnoresWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, row := range h.rowsThatTake("version") {
		plain := h.Do(root, http.MethodGet, pathOf(row), "")
		for _, query := range []string{ana[0], "limit=&q=x", "%zz", "conversion=0"} {
			a := h.Do(root, http.MethodGet, pathOf(row)+"?"+query, "")
			if a.StatusCode != plain.StatusCode || a.Comparable() != plain.Comparable() {
				t.Errorf("%s?%s: %d %s", row.Pattern, query, a.StatusCode, a.Text)
			}
		}
	}
}

// apiGuide is the page of the manual about the API.
func apiGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../manual/api-guide.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheManualListsTheParameters(t *testing.T) {
	t.Parallel()
	guide := apiGuide(t)
	for _, row := range quickHub(t).Rows {
		line := fmt.Sprintf("\n| `%s %s` | `%s`", row.Method, row.Pattern, strings.Join(namesOf(row), "`, `"))
		if row.Parameters != nil && !strings.Contains(guide, line) {
			t.Errorf("there is no line %s", line[1:])
		}
	}
}
