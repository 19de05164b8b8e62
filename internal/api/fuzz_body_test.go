// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"strings"

	"thalamus/internal/gate"
)

// body makes a body for a row, and its content type where it needs one.
func (w *fuzzWorld) body(c *chance, row gate.Row, place map[string]string) (body, contentType string) {
	record := w.record(c, row, place)
	switch c.below(24) {
	case 0:
		return "", ""
	case 1:
		return record[:c.below(min(len(record), 256))], ""
	case 2:
		return pick(c, "null", "[]", `"text"`, "{}", "{} {}", `{"a":"\u0000"}`, `{"a":"\ud800"}`, `{"a":1e131071}`, `{"a":`+strings.Repeat("9", 1200)+"}",
			strings.Repeat("[", 1200)+strings.Repeat("]", 1200), `{"a":`+strings.Repeat(`{"a":`, 1200)+"1"+strings.Repeat("}", 1201), "\x00", "\xff{}",
			"\u00a0{}", "\f{}", `{"id":1,"id":2}`, `{"a":`+"["+strings.Repeat("0,", 12000)+"0]}"), ""
	case 3:
		return jsonText(c.value(3)), ""
	case 4:
		return string(c.some(60)), ""
	case 5:
		return "\ufeff" + record, ""
	case 6:
		form := url.Values{"password": {pick(c, fuzzOtherPassword, "short", "password", "")}, "pconfirm": {fuzzOtherPassword}}
		return form.Encode(), "application/x-www-form-urlencoded"
	case 7:
		return jsonText(map[string]any{"person": place["other"], "same": c.oneIn(2)}), ""
	case 8, 9:
		return uploadForm(c, record)
	}
	return record, ""
}

// record makes what a client would send to a row, and changes some of it.
func (w *fuzzWorld) record(c *chance, row gate.Row, place map[string]string) string {
	names := placeholder.FindAllString(row.Pattern, -1)
	id := place["person"]
	if len(names) > 0 {
		id = place[strings.Trim(names[len(names)-1], "{}")]
	}
	record := map[string]any{"id": id}
	if strings.HasPrefix(row.Pattern, "/pols/") {
		record["book"], record["summary"] = place["person"], pick(c, "one", "two")
	}
	if strings.HasSuffix(row.Pattern, "/{person}/links") {
		record = map[string]any{"person": place["other"], "same": !c.oneIn(4)}
	}
	if len(w.bodies) > 0 && c.oneIn(6) {
		_ = json.Unmarshal([]byte(pick(c, w.bodies...)), &record) // which it was
	}
	for c.oneIn(3) {
		w.mutate(c, row, record)
	}
	return jsonText(record)
}

// mutate sets one key, or takes one away. A password stands only where one belongs.
func (w *fuzzWorld) mutate(c *chance, row gate.Row, record map[string]any) {
	key := pick(c, "id", "book", "name", "roles", "active", "password", "summary", "creation_info", "page_date", "dob", "linked", "hash", "version", "")
	switch {
	case c.oneIn(5):
		delete(record, key)
	case key == "password" && row.Pattern == "/people/{person}":
		record[key] = pick[any](c, fuzzPassword, fuzzOtherPassword, "short", "", nil, 7, "$2b$04$"+strings.Repeat("a", 53), "$2b$31$"+strings.Repeat("a", 53))
	case key == "roles":
		record[key] = pick[any](c, []string{"end_user"}, []string{"root"}, []string{}, "end_user, root", nil, 5, []any{1}, "x")
	case key == "active":
		record[key] = pick[any](c, true, false, nil, "false", 0, []any{})
	case key == "creation_info":
		record[key] = map[string]any{"node": string(c.some(8))}
	default:
		record[key] = c.value(2)
	}
}

func jsonText(value any) string {
	text, _ := json.Marshal(value) // which generated values always let
	return string(text)
}

// uploadForm makes the upload of a document.
func uploadForm(c *chance, record string) (body, contentType string) {
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	for c.oneIn(2) {
		_ = parts.WriteField(pick(c, "data", "document", "x", ""), pick(c, record, "{", ""))
	}
	if file, err := parts.CreateFormFile(pick(c, "document", "data"), pick(c, "a.png", "\u202e.html", "")); err == nil {
		_, _ = file.Write(c.some(40))
	}
	if !c.oneIn(4) {
		_ = parts.Close()
	}
	return b.String(), parts.FormDataContentType()
}
