// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"thalamus/internal/testhub"
)

// python runs a script of the oracle, and gives what it prints.
func python(t *testing.T, script string, input []byte, args ...string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/oracle/" + script)
	if err != nil {
		t.Fatal(err)
	}

	var faults bytes.Buffer
	command := exec.CommandContext(t.Context(), "python3", append([]string{"-c", string(text)}, args...)...)
	command.Stdin, command.Stderr = bytes.NewReader(input), &faults
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", script, err, faults.Bytes())
	}
	return out
}

// lines reads a value of each line.
func lines[V any](t *testing.T, text []byte) (values []V) {
	t.Helper()
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var value V
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
	return values
}

// plantOddBooks adds as many persons with odd books, always the same ones, and gives their ids.
func plantOddBooks(h *testhub.Hub, t *testing.T, count int) (persons []string) {
	t.Helper()
	const seed = "18"
	for _, book := range lines[json.RawMessage](t, python(t, "books.py", nil, seed, strconv.Itoa(count))) {
		persons = append(persons, h.DB.Text(`WITH book AS (SELECT $1::jsonb AS book), person AS (
				INSERT INTO people (id, data) SELECT book #>> '{person,id}', book -> 'person' FROM book RETURNING id
			), pages AS (
				INSERT INTO pols (id, book, data) SELECT page ->> 'id', page ->> 'book', page FROM book, jsonb_array_elements(book -> 'pages') AS page
			)
			SELECT id FROM person`, string(book)))
	}
	return persons
}

// nativeBook gives a book as the JSON resources have it, on one line.
func nativeBook(h *testhub.Hub, person string) []byte {
	h.T.Helper()
	book := h.Do(testhub.Root, http.MethodGet, "/pols/"+url.PathEscape(person), "").Want(h.T, http.StatusOK)
	return append(bytes.ReplaceAll([]byte(book.Text), []byte("\n"), nil), '\n')
}
