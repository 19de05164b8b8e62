// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// newNames makes persons of "name|lastname", each with that as the id.
func newNames(t *testing.T, names ...string) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT person, jsonb_build_object('id', person, 'name', split_part(person, '|', 1), 'lastname', split_part(person, '|', 2))
		FROM unnest($1::text[]) AS person`, names)
	learn(t, db)
	return db
}

// first gives the id of the person whom a search finds first, and how many it finds.
func first(t *testing.T, db *testdb.DB, text string) (id string, score float64, count int) {
	t.Helper()
	err := db.For(fed.Operator).SearchPersons(t.Context(), store.Search{Text: text, Limit: 20}, eager, func(_ string, s float64, person fed.Record) error {
		if count++; count == 1 {
			id, score = strings.Trim(string(record.KeysOf(person).ID), `"`), s
		}
		return nil
	})
	if err != nil {
		t.Errorf("%s: %v", text, err)
	}
	return id, score, count
}

// Family name and name come together in Han and Hangul, and most letters of a name are
// common to many.
func TestNamesTypedTogetherFindThePersonFirst(t *testing.T) {
	t.Parallel()
	var all []string
	for _, family := range strings.Split("김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성", "") {
		all = append(all, "서연|"+family, "지우|"+family)
	}
	for _, family := range strings.Split("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾", "") {
		all = append(all, "伟|"+family, "小明|"+family)
	}
	all = append(all, "|홍길동", "太郎|山田", "花子|山田", "연서|홍", "サクラ|田中", "明小|张")
	db := newNames(t, all...)
	for text, want := range map[string]string{
		"홍서연": "서연|홍", "서연홍": "서연|홍", "홍 서연": "서연|홍", "홍지우": "지우|홍", "홍연서": "연서|홍", "홍길동": "|홍길동", "남서연": "서연|남",
		"王伟": "伟|王", "伟王": "伟|王", "曹伟": "伟|曹", "张小明": "小明|张", "张明小": "明小|张", "山田太郎": "太郎|山田", "田中サクラ": "サクラ|田中",
		"홍서현": "서연|홍", // a wrong letter
	} {
		t.Run(text, func(t *testing.T) {
			if got, score, count := first(t, db, text); got != want || (score != 1) != (text == "홍서현") || count < 1 {
				t.Errorf("%s: got %s, %.2f, want %s", text, got, score, want)
			}
		})
	}
}

func TestMoreWordsThanTheRecordHasFindThePerson(t *testing.T) {
	t.Parallel()
	names := []string{"Ana|Etxebarrieta", "João Pedro|Vasconcelos", "Pilar|Goikoetxea Lopez", "Zoe|Q", "Zhang Wei|Chidi"}
	for n := range 400 {
		names = append(names, fmt.Sprintf("Ana María|Betz%d", n), fmt.Sprintf("João Pedro|Santos%d", n))
	}
	db := newNames(t, names...)
	db.Exec(`ANALYZE people`)
	for text, want := range map[string]string{
		"Ana María Etxebarrieta Zabala":                                           "Ana|Etxebarrieta",
		"Ana María Etxebarieta Zabala":                                            "Ana|Etxebarrieta",
		"João Pedro de Almeida Vasconcelos":                                       "João Pedro|Vasconcelos",
		"Vasconcelos, João Pedro da Silva Albuquerque de Almeida e Castro Xavier": "João Pedro|Vasconcelos",
		"Maria del Pilar Goikoetxea Lopez Arrizabalaga Mendizabal":                "Pilar|Goikoetxea Lopez",
	} {
		t.Run(text, func(t *testing.T) {
			if got, score, _ := first(t, db, text); got != want || score >= 0.95 {
				t.Errorf("%s: got %s, %.2f, want %s", text, got, score, want)
			}
		})
	}
	if got := found(t, db, store.Search{Text: "Zoe Wilhelmina Friederike", Limit: 20}); got != "" {
		t.Errorf("one word of three finds %s", got)
	}
}

// Many who have two words of five leave room for who has three.
func TestAPersonWithMoreOfTheWordsIsFoundBesideManyWithFewer(t *testing.T) {
	t.Parallel()
	var names []string
	for n := range 150 {
		names = append(names, fmt.Sprintf("Joaquim Pedro|Silva%d", n), fmt.Sprintf("Joaquim|Vasconcelos Silva%d", n), fmt.Sprintf("Pedro|Vasconcelos Silva%d", n))
	}
	db := newNames(t, append(names, "Joaquim Pedro|Vasconcelos Xavier")...)
	if got, score, _ := first(t, db, "Joaquim Pedro Almeida Mendonza Vasconcelos"); got != "Joaquim Pedro|Vasconcelos Xavier" {
		t.Errorf("got %s, %.2f", got, score)
	}
}

// In a small federation no word is rare.
func TestFrequentWordsOfManyLeadToAPerson(t *testing.T) {
	t.Parallel()
	names := []string{"Maria|Garcia"}
	for n := range 40 {
		names = append(names, fmt.Sprintf("Carmen|Lopez %d", n), fmt.Sprintf("Pilar|Garcia %d", n), fmt.Sprintf("Maria|Betz %d", n))
	}
	db := newNames(t, names...)
	db.Exec(`ANALYZE people`)
	if got := found(t, db, store.Search{Text: "Maria del Pilar Carmen Garcia Lopez", Limit: 200}); !strings.Contains(" "+got+" ", "Maria|Garcia ") {
		t.Errorf("got %.200s", got)
	}
}

// Of thirty-two words the most telling lead to a person.
func TestThirtyTwoWordsAreAQuestion(t *testing.T) {
	t.Parallel()
	names := []string{"Wilhelmina|Quispe Mamani"}
	for n := range 100 {
		names = append(names, fmt.Sprintf("ana eva ida lea mia noa rut sol|uma zoe ali ben max tim %d", n))
	}
	db := newNames(t, names...)
	db.Exec(`ANALYZE people`)
	text := "ana eva ida lea mia noa rut sol uma zoe ali ben max tim aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo wilhelmina quispe mamani"
	if n := len(strings.Fields(text)); n != 32 {
		t.Fatal(n)
	}
	if got := found(t, db, store.Search{Text: text, Limit: 1000}); !strings.Contains(got, "Wilhelmina|") {
		t.Errorf("got %.100s", got)
	}
}

func TestWordsJoinedOrSplitFindThePerson(t *testing.T) {
	t.Parallel()
	for _, ways := range [][]string{
		{"Juan|de la Cruz", "Juan|dela Cruz", "Juan|Delacruz", "Juan|de Lacruz"},
		{"John|MacDonald", "John|Mac Donald"}, {"Nadia|Aït-Ouakli", "Nadia|Aitouakli", "Nadia|Ait Ouakli"},
		{"Ali|al-Husayni", "Ali|alhusayni", "Ali|Al Husayni"}, {"Jean-Luc|Picard", "Jeanluc|Picard", "Jean Luc|Picard"},
		{"Sean|O Brien", "Sean|O'Brien", "Sean|OBrien"}, {"Jean-Luc|de la Cruz", "Jeanluc|Delacruz", "Jeanluc|dela Cruz"},
		{"Ursula|von der Leyen", "Ursula|vonderleyen"}, {"Jan|van der Berg", "Jan|Vanderberg", "Jan|Van derBerg"},
	} {
		db := newNames(t, append([]string{"Juan|Cruz", "John|Donald", "Nadia|Ait", "Ali|Husayni", "Jean|Picard", "Sean|Brien", "Ursula|Leyen", "Jan|Berg"}, ways...)...)
		for _, asked := range ways {
			for _, text := range []string{strings.ReplaceAll(asked, "|", " "), strings.ReplaceAll(asked[strings.Index(asked, "|"):]+" "+asked, "|", " ")} {
				scores := map[string]float64{}
				err := db.For(fed.Operator).SearchPersons(t.Context(), store.Search{Text: text, Limit: 20}, eager, func(_ string, score float64, person fed.Record) error {
					scores[strings.Trim(string(record.KeysOf(person).ID), `"`)] = score
					return nil
				})
				must(t, err)
				for _, way := range ways {
					if scores[way] != 1 {
						t.Errorf("%s: %s has %.2f", text, way, scores[way])
					}
				}
			}
		}
	}
}

// Enough persons who are called just so do not hide one whose name is written otherwise.
func TestNamesWrittenOtherwiseAreAmongTheFirst(t *testing.T) {
	t.Parallel()
	names := []string{"A. Juan|de la Cruz", "Juan|Delacruz 0"}
	for n := range 30 {
		names = append(names, fmt.Sprintf("Juan|Delacruz %dth", n))
	}
	if got, score, count := first(t, newNames(t, append(names, "Juan|de la Cruz")...), "Juan Delacruz"); got != "Juan|de la Cruz" || score != 1 || count != 20 {
		t.Errorf("got %s, %.2f, of %d", got, score, count)
	}
}

// The beginnings of short words are those of too many names, where no other word fits.
func TestTwoLettersAloneAreAWholeName(t *testing.T) {
	t.Parallel()
	names := []string{"Li|Huang", "Linda|Huang", "Lin|Chen"}
	for n := range 30 {
		names = append(names, fmt.Sprintf("Lina%d|Mamani", n))
	}
	db := newNames(t, names...)
	if got := found(t, db, store.Search{Text: "Li Quispe", Limit: 20}); got != "Li|Huang" {
		t.Errorf("got %s", got)
	}
}

func TestInitialsAndTwoLettersAreABeginning(t *testing.T) {
	t.Parallel()
	names := []string{"U.|Gil"}
	for n := range 100 {
		names = append(names, fmt.Sprintf("Bea%d|Betz", n), fmt.Sprintf("Eva%d|Gil", n), fmt.Sprintf("An%d|Mamani", n))
	}
	db := newNames(t, append(names, "Ana|Betz", "Zoe Antonia|Betz", "Antonia|Gil")...)
	for text, want := range map[string]string{
		"an betz": "Ana|Betz", "betz an": "Ana|Betz", "a betz": "Ana|Betz", "A. Betz": "Ana|Betz", "Z A Betz": "Zoe Antonia|Betz",
		"ursula gil": "U.|Gil", "zo betz": "Zoe Antonia|Betz", "an btez": "Ana|Betz", "an gil": "Antonia|Gil",
	} {
		t.Run(text, func(t *testing.T) {
			if got, _, count := first(t, db, text); got != want || count != 20 {
				t.Errorf("%s: got %s, and %d in all, want %s", text, got, count, want)
			}
		})
	}
}
