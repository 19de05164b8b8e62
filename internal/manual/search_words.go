// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"slices"
	"strings"
)

// mostWords of a search are looked for.
const mostWords = 10

// empty are the words of a question that say nothing of what is asked.
var empty = set("a an and any are be can do does for get has have how i if in is it many me my of on or our should the there to " +
	"use using we what when where which why with you your")

// others are words that strangers ask for, and what the manual says in place of them.
var others = map[string][]string{
	"authenticate":   {"logging in"},
	"authentication": {"logging in"},
	"concurrent":     {"same record"},
	"dedupe":         {"duplicates"},
	"deduplication":  {"duplicates"},
	"encryption":     {"tls"},
	"forgotten":      {"forgot"},
	"fuzzy":          {"misspelt"},
	"gdpr":           {"erase"},
	"i18n":           {"languages"},
	"jwt":            {"tokens"},
	"k8s":            {"container"},
	"kubernetes":     {"container"},
	"letsencrypt":    {"let's encrypt"},
	"license":        {"licence"},
	"liveness":       {"health/live"},
	"nagios":         {"monitoring"},
	"oauth":          {"tokens"},
	"pagination":     {"lists in pages"},
	"paging":         {"lists in pages"},
	"permission":     {"role"},
	"permissions":    {"role"},
	"reset":          {"forgot", "another"},
	"subscribe":      {"change feed"},
	"audit":          {"access record"},
	"readiness":      {"health/ready"},
	"sandbox":        {"demo"},
	"sse":            {"server-sent"},
	"ssl":            {"tls"},
	"swagger":        {"openapi"},
	"timezone":       {"zone"},
	"translate":      {"languages"},
	"translation":    {"languages"},
	"typo":           {"misspelt"},
	"undelete":       {"put back", "restore"},
	"uninstall":      {"removing", "removal"},
	"update":         {"upgrade"},
	"user":           {"account"},
	"webhook":        {"server-sent", "change feed"},
}

// meant are the words of a search, each with what else may be meant by it. A plural finds its singular.
func meant(text string) (words [][]string) {
	all := told(text)
	for _, word := range all[:min(len(all), mostWords)] {
		words = append(words, append([]string{singular(word)}, others[word]...))
	}
	return words
}

// told are the words of a text that say something, or all if none does.
func told(text string) []string {
	all := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n?!,;", r) })
	telling := slices.DeleteFunc(slices.Clone(all), func(word string) bool { return empty[word] })
	if len(telling) == 0 {
		return all
	}
	return telling
}

// singular leaves out the s of a plural: words are found by their beginnings.
func singular(word string) string {
	if len(word) < 4 || strings.HasSuffix(word, "ss") {
		return word
	}
	return strings.TrimSuffix(word, "s")
}

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[word] = true
	}
	return all
}
