// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"math/rand/v2"
	"sort"
	"strings"
)

// How many distinct words there are of each kind.
const (
	givenWords   = 6_000 // for each of women and men
	surnameWords = 22_000
)

// The most frequent words are real ones; the others are made of syllables.
const (
	commonWomen = "María Carmen Ana Fatima Isabel Laura Cristina Marta Lucía Elena Paula Rosa Sara Julia Aisha Mary Teresa Sofía " +
		"Patricia Raquel Nuria Beatriz Emma Anna Olga Miriam Zeynep Amina Chloé Ingrid Mariam Gloria Irene Noor Yasmin Eva Clara"
	commonMen = "José Antonio Juan Manuel Mohammed Francisco Luis Javier Miguel Carlos Ángel Pedro Ahmed David John Daniel Pablo " +
		"Ali Rafael Jorge Omar James Hassan André Peter Mehmet Ivan Samuel Joseph Youssef Andrés Luka Emeka Björn Mateo Hugo"
	commonSurnames = "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz " +
		"Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Khan Silva Santos Müller Smith Kumar Diallo " +
		"Traoré Okafor Mensah Ibrahim Hussein Rahman Nguyen Flores Rojas Mamani Quispe Ferreira Oliveira Yılmaz Kaya Novak"
)

var (
	onsets = strings.Fields("b c d f g h j k l m n p r s t v y z ch br cr dr fr gl gr kh ll mb nd ng pr sh st tr qu")
	vowels = strings.Fields("a a a e e i i o o u ai ei ia ie io ou ua ue")
	codas  = strings.Fields("- - - - - - n n r s l m z d th k x nt rd sk")
)

// vocabulary holds words, the most frequent first, and their cumulative weights.
type vocabulary struct {
	words      []string
	cumulative []float64
}

// newVocabulary makes words that differ from each other. Their weights fall as those of
// names do: the first is three in a hundred, thousands are rare.
func newVocabulary(r *rand.Rand, common string, size int) vocabulary {
	v := vocabulary{words: strings.Fields(common)}
	known := map[string]bool{}
	for _, word := range v.words {
		known[word] = true
	}

	for len(v.words) < size {
		word := newWord(r)
		if !known[word] {
			known[word] = true
			v.words = append(v.words, word)
		}
	}

	total := 0.0
	for n := range v.words {
		total += 1 / (float64(n) + 3.7)
		v.cumulative = append(v.cumulative, total)
	}
	return v
}

func newWord(r *rand.Rand) string {
	var word strings.Builder
	for range []int{1, 2, 2, 2, 3, 3}[r.IntN(6)] {
		word.WriteString(pick(r, onsets) + pick(r, vowels))
		word.WriteString(strings.Trim(pick(r, codas), "-"))
	}
	return strings.ToUpper(word.String()[:1]) + word.String()[1:]
}

// draw draws a word, frequent ones more often.
func (v vocabulary) draw(r *rand.Rand) string {
	return v.words[sort.SearchFloat64s(v.cumulative, r.Float64()*v.cumulative[len(v.cumulative)-1])]
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
