// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"math/rand/v2"
	"strings"
)

// How many persons in a hundred have names of these kinds; the names of the others are of
// one or two words each.
const (
	hanNames      = 1
	hangulNames   = 1
	compoundNames = 6 // one name that is written in several ways: de la Cruz, Dela Cruz
)

// UnknownDate is the date that registers write for an unknown birth date, for two persons
// in a hundred.
const (
	UnknownDate  = "1900-01-01"
	unknownDates = 2
)

// Real letters of names in scripts without spaces, the most frequent first.
const (
	hanSurnames    = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹"
	hanGiven       = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国红玉兰小子雨欣怡佳琪梓涵浩宇轩晨思彤"
	hangulSurnames = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남"
	hangulGiven    = "서연민준지우현수예은도윤하진주영호선미경숙희정성재승혜원아유나태건"
)

// surnamePrefixes come before a surname and belong to it. Those with a hyphen at the end
// are joined to it.
var surnamePrefixes = strings.Fields("de-la de-los del da dos van-der van-den von-der de Mac Mc Ben Aït- al- el- Abu- O")

// rename gives names of one of the kinds to some persons.
func (p *Person) rename(r *rand.Rand) {
	switch chance := r.IntN(100); {
	case chance < hanNames:
		p.Name, p.Lastname = letters(r, hanGiven, 1+r.IntN(2)), letters(r, hanSurnames, 1)
	case chance < hanNames+hangulNames:
		p.Name, p.Lastname = letters(r, hangulGiven, 2), letters(r, hangulSurnames, 1)
	case chance < hanNames+hangulNames+compoundNames:
		p.makeCompound(r)
	}
}

// letters draws letters, the first more often.
func letters(r *rand.Rand, from string, count int) string {
	some := []rune(from)
	drawn := make([]rune, count)
	for i := range drawn {
		drawn[i] = some[min(r.IntN(len(some)), r.IntN(len(some)))]
	}
	return string(drawn)
}

// makeCompound puts a prefix before the surname, or a hyphen between two given names.
func (p *Person) makeCompound(r *rand.Rand) {
	first, second, two := strings.Cut(p.Name, " ")
	if two && r.IntN(3) == 0 {
		p.Name = first + "-" + second
		return
	}

	prefix := pick(r, surnamePrefixes)
	if joined, hyphen := strings.CutSuffix(prefix, "-"); hyphen {
		p.Lastname = joined + "-" + p.Lastname
		return
	}
	p.Lastname = strings.ReplaceAll(prefix, "-", " ") + " " + p.Lastname
}

// Compound reports whether a name of the person may be written in several ways, and
// gives the person with another spelling of it.
func (p Person) Compound() (other Person, is bool) {
	other = p
	if first, second, hyphen := strings.Cut(p.Name, "-"); hyphen {
		other.Name = first + strings.ToLower(second)
		return other, true
	}

	for _, prefix := range surnamePrefixes {
		prefix, hyphen := strings.CutSuffix(prefix, "-")
		separate := strings.ReplaceAll(prefix, "-", " ") + " "
		if hyphen {
			separate = prefix + "-"
		}

		if name, starts := strings.CutPrefix(p.Lastname, separate); starts {
			other.Lastname = strings.ReplaceAll(strings.TrimRight(separate, " -"), " ", "") + strings.ToLower(name)
			return other, true
		}
	}
	return other, false
}

// WholeName gives a person's names with a second given name and a surname or two that the
// record does not have; always the same for a number.
func (s *Source) WholeName(n int, p Person) string {
	r, given := s.random(7, n), s.women
	if p.Gender == "m" {
		given = s.men
	}

	words := []string{p.Name, given.draw(r), p.Lastname, s.surnames.draw(r)}
	if r.IntN(2) == 0 {
		words = append(words, s.surnames.draw(r))
	}
	return strings.Join(words, " ")
}

// Unspaced reports whether the names are of a script without spaces.
func (p Person) Unspaced() bool { return p.Lastname > "\u1100" && p.Lastname != "" }

// makeTwin makes the person a twin of the other sex, with a name that differs in its ending
// only.
func (p *Person) makeTwin(of Person) {
	p.Lastname, p.Born, p.Name, p.Gender = of.Lastname, of.Born, of.Name, "f"
	first, rest, _ := strings.Cut(of.Name, " ")
	if of.Gender == "f" {
		p.Gender = "m"
	}

	for _, ending := range map[string][]string{"f": {"a", "e"}, "m": {"o", "u"}}[p.Gender] {
		other := strings.TrimRight(first, "aeiou") + ending
		if other != first {
			first = other
			break
		}
	}

	p.Name = strings.TrimSpace(first + " " + rest)
}
