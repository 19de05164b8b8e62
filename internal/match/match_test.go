// SPDX-License-Identifier: GPL-3.0-or-later

package match_test

import (
	"strings"
	"testing"

	"thalamus/internal/match"
)

// frequencies are those of a town, as PostgreSQL may know them.
var frequencies = &match.Frequencies{
	Persons: 100_000, Rare: 0.0002, Births: map[int]float64{19000101: 0.1},
	Words: map[string]float64{"garcia": 0.03, "lopez": 0.02, "maria": 0.04, "ana": 0.02, "juan": 0.03, "jose": 0.03, "de": 0.1, "王": 0.08, "小": 0.02},
}

// person is "words|birth|gender|household".
func person(text string) match.Person {
	part := strings.Split(text, "|")
	birth := 0
	for _, digit := range part[1] {
		birth = 10*birth + int(digit-'0')
	}
	return frequencies.Prepare(strings.Fields(part[0]), birth, part[2], part[3])
}

func score(one, other string) float64 {
	a, b := person(one), person(other)
	return frequencies.Score(&a, &b)
}

func TestRecordsOfOnePersonMatchInSpiteOfErrors(t *testing.T) {
	t.Parallel()
	const one = "ana quispe garcia|19720913|f|D1"
	for name, other := range map[string]string{
		"the same":                 "ana quispe garcia|19720913|f|D1",
		"name and surname swapped": "garcia ana quispe|19720913|f|D1",
		"one surname":              "ana quispe|19720913|f|D1",
		"another household":        "ana quispe garcia|19720913|f|D2",
		"nothing but the names":    "ana quispe garcia|0||",
		"day and month swapped":    "ana quispe garcia|19721309|f|D1",
		"another digit":            "ana quispe garcia|19720943|f|D1",
		"transposed digits":        "ana quispe garcia|19270913|f|D1",
		"a year only":              "ana quispe garcia|19720000|f|D1",
		"two misspelt words":       "aan quipse garcia|19720913|f|D1",
		"an initial":               "a quispe garcia|19720913|f|D1",
		"a short word's letter":    "an quispe garcia|19720913|f|D1",
		"another gender":           "ana quispe garcia|19720913|m|D1",
		"gender in full":           "ana quispe garcia|19720913|Female|",
	} {
		t.Run(name, func(t *testing.T) {
			if got := score(one, other); got < match.Threshold {
				t.Errorf("it scores %.3f", got)
			}
		})
	}
}

func TestRelativesDoNotMatchByWhatFamiliesShare(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"twins":                        {"ana garcia quispe|19720913|f|D1", "eva garcia quispe|19720913|f|D1"},
		"twins of two genders":         {"mario garcia|19720913|m|D1", "maria garcia|19720913|f|D1"},
		"twins with one name alike":    {"maria jose garcia quispe|19720913|f|D1", "maria luisa garcia quispe|19720913|f|D1"},
		"twins without names":          {"quispe|19720913|f|D1", "quispe|19720913|f|D1"},
		"one of them without a name":   {"quispe|19720913|f|D1", "ana quispe|19720913|f|D1"},
		"nobody has a name":            {"|19720913|f|D1", "|19720913|f|D1"},
		"a couple":                     {"ana garcia|19720913|f|D1", "juan garcia|19701104|m|D1"},
		"sisters":                      {"ana garcia quispe|19720913|f|D1", "eva garcia quispe|19740913|f|D1"},
		"father and son":               {"juan garcia|19420913|m|D1", "juan garcia|19720105|m|D1"},
		"father and son, two surnames": {"juan garcia quispe|19420913|m|D1", "juan garcia lopez|19720105|m|D1"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := score(pair[0], pair[1]); got >= match.Threshold {
				t.Errorf("it scores %.3f", got)
			}
		})
	}
}

func TestAgreementInFrequentWordsAndDatesSaysLittle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rare, frequent float64 }{
		"names": {score("ana quispe|19720913||", "ana quispe|0||"), score("ana garcia|19720913||", "ana garcia|0||")},
		"dates": {score("ana garcia|19720913||", "ana garcia|19720913||"), score("ana garcia|19000101||", "ana garcia|19000101||")},
	} {
		t.Run(name, func(t *testing.T) {
			if c.rare <= c.frequent || c.frequent >= match.Threshold {
				t.Errorf("%v", c)
			}
		})
	}
}

func TestStrangersDoNotMatch(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"a birth date":     {"ana garcia|19720913|f|D1", "eva lopez|19720913|f|D2"},
		"frequent names":   {"ana garcia|19720913|f|D1", "ana garcia|19481103|f|D2"},
		"a household":      {"ana garcia|19720913|f|CAMP", "ana lopez|19481103|f|CAMP"},
		"nothing is known": {"|0||", "|0||"},
		"characters":       {"王 小 小明 明|0||", "王 小 小红 红|0||"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := score(pair[0], pair[1]); got >= match.Threshold {
				t.Errorf("it scores %.3f", got)
			}
		})
	}
}

func TestPartsSayHowFarEachAgrees(t *testing.T) {
	t.Parallel()
	for want, other := range map[string]string{
		`{"names":1.00,"birth":1.00,"gender":1.00,"household":1.00}`: "garcia ana quispe|19720913|f|D1",
		`{"names":0.80,"birth":null,"gender":null,"household":null}`: "quispe garcia|0|nd| ",
		`{"names":0.95,"birth":0.80,"gender":0.00,"household":0.00}`: "ana quipse garcia|19721309|m|D2",
		`{"names":0.00,"birth":0.60,"gender":1.00,"household":1.00}`: "eva lopez|19720914|f|D1",
		`{"names":1.00,"birth":0.60,"gender":1.00,"household":1.00}`: "ana quispe garcia|19270913|f|D1",
		`{"names":null,"birth":0.50,"gender":1.00,"household":1.00}`: "|19720900|f|D1",
		`{"names":1.00,"birth":0.30,"gender":1.00,"household":1.00}`: "ana quispe garcia|19721227|f|D1",
		`{"names":1.00,"birth":0.00,"gender":1.00,"household":1.00}`: "ana quispe garcia|19480000|f|D1",
	} {
		t.Run(want, func(t *testing.T) {
			a, b := person("ana quispe garcia|19720913|f|D1"), person(other)
			_, got, _ := strings.Cut(string(frequencies.Compare(&a, &b).AppendJSON(nil)), `"parts":`)
			if got != want {
				t.Errorf("%s: got %s, want %s", other, got, want)
			}

			if frequencies.Compare(&a, &b).Score != frequencies.Compare(&b, &a).Score || frequencies.Compare(&a, &b).Score != frequencies.Score(&a, &b) {
				t.Errorf("%s: the score depends on the order", other)
			}
		})
	}
}

// Odd persons have scores, too.
func TestOddPersonsAreCompared(t *testing.T) {
	t.Parallel()
	odd := []string{"|0||", "|99999999|?|?", "a|1||", strings.Repeat("w ", 40) + "|19720913||", strings.Repeat("長い名前", 20) + "|20240230||",
		strings.Repeat("long", 300) + " " + strings.Repeat("lang", 300) + "|19720913||", "a b c d e f g h i j k l m n o p q r s|19721313||"}
	for _, one := range odd {
		for _, other := range odd {
			if got := score(one, other); !(got >= 0 && got <= 1) {
				t.Errorf("%.20s, %.20s: %v", one, other, got)
			}
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200)
	for pair, want := range map[[2]string]int{
		{"", ""}: 0, {"ana", ""}: 3, {"ana", "ana"}: 0, {"ana", "aan"}: 1, {"ana", "anna"}: 1, {"ana", "eva"}: 2, {long, long + "y"}: 1, {long + "y", long}: 1,
	} {
		if got := match.Distance([]rune(pair[0]), []rune(pair[1])); got != want {
			t.Errorf("%.20v: got %d, want %d", pair, got, want)
		}
	}
}
