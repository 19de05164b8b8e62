// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
)

func login(int) request { return get("/login") }

func readPerson(n int) request { return get("/people/" + owner(n)) }

func readBook(n int) request { return get("/pols/" + owner(n)) }

// listPersons asks for a page of persons, all of whom the access record names.
func listPersons(int) request { return get("/people?limit=100") }

// postPage puts a new page into the next of the books.
func postPage(n int) request {
	id := pageID()
	return request{http.MethodPost, "/pols/" + owner(n) + "/" + id, page(owner(n), id)}
}

// everything is one of the other requests after the other.
func everything(n int) request {
	all := []generator{login, readPerson, readBook, postPage}
	return all[n%len(all)](n)
}

// owner is the person of the nth book, in turn.
func owner(n int) string { return fmt.Sprintf("ESPBEN%06d", 1+n%books) }

// pageID gives a random page id, as phones make them.
func pageID() string {
	a, b := rand.Uint64(), rand.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffff_ffff_ffff)
}

// page fills in the page of a book.
func page(book, id string) string {
	return strings.NewReplacer(noBook, book, noPage, id).Replace(pageText)
}
