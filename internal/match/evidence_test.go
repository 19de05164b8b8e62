// SPDX-License-Identifier: GPL-3.0-or-later

package match_test

import (
	"fmt"
	"testing"

	"thalamus/internal/match"
)

func TestTwinsOfTwoSexesWithOneNameAreTwo(t *testing.T) {
	t.Parallel()
	for _, names := range [][2]string{
		{"luis", "luisa"}, {"mario", "maria"}, {"jose", "josefa"}, {"francisco", "francisca"}, {"daniel", "danielle"}, {"alexander", "alexandra"},
		{"karim", "karima"}, {"امين", "امينه"}, {"луис", "луиса"}, {"luis alberto", "luisa alberta"}, {"luis maria", "luisa maria"}, {"luis baltasar", "luisa baltasar"}, {"heicio", "heico"}, {"andres", "ajndresa"},
	} {
		for _, surnames := range [][2]string{
			{"estradivar pons", "estradivar pons"}, {"estradivar", "estradivar"}, {"garcia lopez", "garcia lopez"}, {"petrov", "petrova"},
			{"de la garcia", "de la garcia"}, {"", ""},
			{"estradivar pons", "estardivar pons"},
		} {
			for _, household := range []string{"D3", ""} {
				one := fmt.Sprintf("%s %s|19870314|m|%s", names[0], surnames[0], household)
				other := fmt.Sprintf("%s %s|19870314|f|%s", names[1], surnames[1], household)
				if got := max(score(one, other), score(other, one)); got >= match.Threshold {
					t.Errorf("%s, %s: %.4f", one, other, got)
				}
			}
		}
	}
}

// The same difference between two of one sex is an error of typing.
func TestAMistypedGenderOrEndingIsStillOffered(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"luis estradivar pons|19870314|m|D3", "luis estradivar pons|19870314|f|D3"},
		{"luis estradivar pons|19870314|m|", "luis estradivar pons|19870314|f|"},
		{"maria garcia lopez|19870314|f|D3", "maria garcia lopez|19870314|m|D3"},
		{"ana quispe|19870314|f|", "ana quispe|19870314|m|"},
		{"zenobio quispe|19870314|m|D3", "zneobio quispe|19870314|f|D3"},
		{"luis estradivar pons|19870314|m|D3", "luis estradvar pons|19870314|f|D3"},
		{"luis estradivar pons|19870314|m|D3", "lius estradivar pons|19870314|f|D3"},
		{"luis estradivar pons|19870314|m|D3", "luisa estradivar pons|19870314|m|D3"},
		{"luis estradivar pons|19870314|m|D3", "luisa estradivar pons|19870314||D3"},
		{"luis estradivar pons|19870314|m|D3", "luisa estradivar pons|19870314|other|D3"},
	} {
		if got := score(pair[0], pair[1]); got < match.Threshold {
			t.Errorf("%v: %.4f", pair, got)
		}
	}
}

func TestWordsJoinedOrSplitAreOneName(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"juan de la cruz", "juan delacruz"}, {"juan dela cruz", "juan de la cruz"}, {"juan dela cruz", "juan delacruz"}, {"macdonald john", "mac donald john"},
		{"nadia ait ouakli", "nadia aitouakli"}, {"ali al husayni", "ali alhusayni"}, {"jean luc dubois", "jeanluc dubois"}, {"anna maria roth", "annamaria roth"},
	} {
		one, other := pair[0]+"|19870314||", pair[1]+"|19870314||"
		a, b := person(one), person(other)
		if r := frequencies.Compare(&a, &b); *r.Parts.Names != 1 || r.Score < match.Threshold || r.Score != score(other, one) {
			t.Errorf("%s, %s: %.4f, names %.2f", one, other, r.Score, *r.Parts.Names)
		}
	}
}

func TestWordsThatAreNotOneNameAreNotJoined(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"cruz la de", "delacruz"}, {"de cruz la", "delacruz"}, {"de la", "delacruz"}, {"de la cruz", "delacruzado"}, {"a b c d", "abcd"}, {"an a", "ane"},
	} {
		a, b := person(pair[0]+"|0||"), person(pair[1]+"|0||")
		if got := *frequencies.Compare(&a, &b).Parts.Names; got >= 0.6 {
			t.Errorf("%v: %.2f", pair, got)
		}
	}
}

// Such words have all their letters in common.
func TestWordsWithMoreErrorsThanTheirLengthAllowsAreTwo(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"quispe", "epsiuq"}, {"ana", "naan"}, {"marta", "atram"}} {
		a, b := person(pair[0]+"|0||"), person(pair[1]+"|0||")
		if got := *frequencies.Compare(&a, &b).Parts.Names; got != 0 {
			t.Errorf("%v: %.2f", pair, got)
		}
	}
}

func TestAJoinedWordCountsAsOneThatIsAsFrequentAsItsParts(t *testing.T) {
	t.Parallel()
	const born = "|19720913||"
	two, three := score("juan la cruz"+born, "juan lacruz"+born), score("juan la cruz quispe"+born, "juan lacruzquispe"+born)
	if misspelt := score("juan la cruz"+born, "juan lacurz"+born); two != three || two <= misspelt {
		t.Errorf("of two words %v, of three %v, misspelt %v", two, three, misspelt)
	}

	for _, frequent := range [][2]string{{"gar cia", "garcia"}, {"garcia lopez", "garcialopez"}} {
		if got := score("juan "+frequent[0]+born, "juan "+frequent[1]+born); got >= two {
			t.Errorf("%v: %v, and of rare words %v", frequent, got, two)
		}
	}
}

// Two names in such letters have some letters in common.
func TestLettersOfOneScriptSayLittle(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"우 호 박", "敏 国 胡"} {
		if got := score(name+"|19620603|f|", name+"|19690811|f|"); got >= match.Threshold {
			t.Errorf("%s: %.4f", name, got)
		}
		if got := score(name+"|19620603|f|", name+"|19620603|f|"); got < match.Threshold {
			t.Errorf("%s: %.4f", name, got)
		}
	}
}

// Every word counts once: cruz is a part of de la Cruz or of no word.
func TestAWordIsJoinedOnce(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"delacruz lacruz", "de la cruz"}, {"delacruz delacruzes", "de la cruz"}, {"cruz lacruz", "la cruz"}} {
		a, b := person(pair[0]+"|0||"), person(pair[1]+"|0||")
		if got := *frequencies.Compare(&a, &b).Parts.Names; got >= 1 {
			t.Errorf("%v: %.2f", pair, got)
		}
	}
}

func TestAPlaceholderDateCountsAsUnknown(t *testing.T) {
	t.Parallel()
	const one = "ana quispe mamani|%d||D1"
	real, other := person(fmt.Sprintf(one, 19720913)), person(fmt.Sprintf(one, 19000101))
	unknown := person(fmt.Sprintf(one, 0))

	for _, r := range []match.Result{frequencies.Compare(&real, &other), frequencies.Compare(&other, &real)} {
		if r.Parts.Birth != nil || r.Score != frequencies.Score(&real, &unknown) {
			t.Errorf("got %.4f, want %.4f, and nothing of the birth", r.Score, frequencies.Score(&real, &unknown))
		}
	}

	if r := frequencies.Compare(&other, &other); r.Parts.Birth == nil {
		t.Error("the same date says nothing")
	}
}

// Two of a hundred persons are two in a hundred, and no more than that; a day may have
// one in three hundred, where all are of one year, and a year more.
func TestADateThatSomeAreBornOnIsNoPlaceholder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		persons, share float64
		date           int
		want           bool
	}{{100, 0.02, 19870314, true}, {100, 0.1, 19870314, false}, {1e6, 0.0033, 19870314, true}, {1e6, 0.02, 19870314, false}, {1e6, 0.02, 19870000, true}} {
		p := match.Frequencies{Persons: c.persons, Rare: 0.0002, Births: map[int]float64{c.date: c.share}}
		one, other := p.Prepare([]string{"ana"}, c.date, "", ""), p.Prepare([]string{"ana"}, 19721105, "", "")
		if got := p.Compare(&one, &other).Parts.Birth != nil; got != c.want || p.IsPlaceholder(c.date) == c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestADayOffCountsTheSameAllYear(t *testing.T) {
	t.Parallel()
	birth := func(one, other int) float64 {
		a, b := frequencies.Prepare([]string{"ana"}, one, "", ""), frequencies.Prepare([]string{"ana"}, other, "", "")
		return *frequencies.Compare(&a, &b).Parts.Birth
	}
	for day, next := range map[int]int{
		19900504: 19900505, 19900509: 19900510, 19900531: 19900601, 19891231: 19900101, 19991231: 20000101, 20000228: 20000229,
		20000229: 20000301, 19000228: 19000301, 19900430: 19900501,
	} {
		one := frequencies.Prepare([]string{"ana", "quispe"}, day, "f", "")
		other := frequencies.Prepare([]string{"ana", "quispe"}, next, "f", "")
		if got := frequencies.Score(&one, &other); got != score("ana quispe|19900504|f|", "ana quispe|19900505|f|") || birth(day, next) != 0.6 || birth(next, day) != 0.6 {
			t.Errorf("%d, %d: %.4f, birth %.2f", day, next, got, birth(day, next))
		}
	}

	for day, other := range map[int]int{19891231: 19900102, 19891230: 19900101, 19900131: 19900302, 20000228: 20000301, 19891130: 19900101} {
		if got := birth(day, other); got > 0.3 {
			t.Errorf("%d, %d: %.2f", day, other, got)
		}
	}
}
