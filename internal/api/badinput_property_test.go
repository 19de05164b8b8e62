// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// jsonNumber makes numbers as they are written, of which the server takes all.
var jsonNumber = rapid.Map(
	rapid.StringMatching(`-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?`),
	func(text string) any { return json.Number(text) })

// jsonValue makes values of at most so many levels.
func jsonValue(levels int) *rapid.Generator[any] {
	plain := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.String().AsAny(), jsonNumber,
	}
	if levels == 0 {
		return rapid.OneOf(plain...)
	}
	inner := jsonValue(levels - 1)
	return rapid.OneOf(append(plain, rapid.SliceOfN(inner, 0, 4).AsAny(), rapid.MapOfN(rapid.String(), inner, 0, 4).AsAny())...)
}

func TestAnAcceptedRecordComesBackAsItWas(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	created := 0
	rapid.Check(t, func(t *rapid.T) {
		record := rapid.MapOfN(rapid.String(), jsonValue(4), 0, 6).Draw(t, "record")
		created++
		id := fmt.Sprint("unit", created)
		record["id"] = id
		body, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		want := http.StatusCreated
		if strings.Contains(strings.ReplaceAll(string(body), `\\`, ""), `\u0000`) {
			want = http.StatusUnprocessableEntity
		}
		if a := h.Do(root, http.MethodPost, "/domiciliary-units/"+id, string(body)); a.StatusCode != want {
			t.Fatalf("status %d, want %d, for %s: %s", a.StatusCode, want, body, a.Text)
		}
		if want != http.StatusCreated {
			return
		}
		got := h.Do(root, http.MethodGet, "/domiciliary-units/"+id, "").Text
		if diff := cmp.Diff(exactly(t, string(body)), exactly(t, got)); diff != "" {
			t.Fatalf("(-sent +got)\n%s", diff)
		}
	})
}

// exactly reads JSON into values that are equal when every digit is.
func exactly(t rapid.TB, text string) (value any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return writtenOut(value)
}

// writtenOut replaces numbers by what PostgreSQL prints for them: no exponent,
// all the decimals, and a zero without sign.
func writtenOut(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = writtenOut(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = writtenOut(v[key])
		}
	case json.Number:
		return decimal(string(v))
	}
	return value
}

// decimal writes a number out; of 1.50e1 there are two digits before the point
// and one behind.
func decimal(literal string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(literal), "e")
	_, fraction, _ := strings.Cut(mantissa, ".")
	shift := 0
	_, _ = fmt.Sscanf(exponent, "%d", &shift)
	number, _ := new(big.Rat).SetString(literal)
	return number.FloatString(max(len(fraction)-shift, 0))
}
