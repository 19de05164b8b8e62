// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
)

const (
	testBlock = 2 << 10
	testLimit = 3 << 10 // more than the buffer of a reader
)

func newTestSplitter(in io.Reader) *splitter {
	r := newSplitter(in, testLimit)
	r.block = testBlock
	return r
}

// split gives the records of a text as "line: text".
func split(t *testing.T, in io.Reader) (all []string) {
	t.Helper()
	r := newTestSplitter(in)
	for {
		text, at, err := r.next()
		var refused *fed.Error
		switch {
		case errors.As(err, &refused):
			all = append(all, fmt.Sprint(at.line, ": ", refused.Msg))
		case errors.Is(err, io.EOF):
			if cap(r.text) > 2*max(testLimit, testBlock) {
				t.Errorf("it keeps %d bytes", cap(r.text))
			}
			return all
		case err != nil:
			t.Fatal(err)
		case len(text) > 0:
			all = append(all, fmt.Sprintf("%d: %.20s", at.line, text))
		}
	}
}

func TestLinesAndArraysAreSplitIntoRecords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", testLimit)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil}, {"\uFEFF", nil}, {"\n\n \r\n", nil},
		{"{1}\n{2}\n", []string{"1: {1}", "2: {2}"}},
		{"\uFEFF{1}\r\n\r\n \t\r\n{2}", []string{"1: {1}", "4: {2}"}},
		{"\n\n{1}\n" + long + "y\n{2}\n" + long, []string{"3: {1}", "4: the record is too long", "5: {2}", "6: xxxxxxxxxxxxxxxxxxxx"}},
		{"[]", nil}, {" [ \n ] \n", nil},
		{"[{1},{2}]", []string{"1: {1}", "1: {2}"}},
		{"\uFEFF\r\n[\r\n {1,\"}\\\"\"}\r\n,\n{2\n[3]},5,\"}]\"\n]", []string{"3: {1,\"}\\\"\"}", "5: {2\n[3]}", "6: 5", "6: \"}]\"\n"}},
		{"[{1},\n{" + long + "\n},\n{2}]", []string{"1: {1}", "2: the record is too long", "4: {2}"}},
		{"[{1}\n", []string{"1: {1}", "2: " + errBroken.Msg}},
		{"[{1},\n{\"]", []string{"1: {1}", "2: " + errBroken.Msg}},
		{"[{1} {2}]", []string{"1: {1}", "1: " + errBroken.Msg}},
		{"[,{1}]", []string{"1: " + errBroken.Msg}}, {"[", []string{"1: " + errBroken.Msg}},
		{"[{1},]", []string{"1: {1}", "1: " + errBroken.Msg}},
	} {
		t.Run(c.text, func(t *testing.T) {
			wantSplit(t, c.text, c.want)
		})
	}
}

// wantSplit reads a text in pieces of several sizes.
func wantSplit(t *testing.T, text string, want []string) {
	t.Helper()
	for name, in := range map[string]io.Reader{
		"whole": strings.NewReader(text), "by half": iotest.HalfReader(strings.NewReader(text)), "by byte": iotest.OneByteReader(strings.NewReader(text)),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, split(t, in)); diff != "" {
				t.Errorf("%.60q %s (-want +got):\n%s", text, name, diff)
			}
		})
	}
}

// A hub gives lists, pages of lists, and single records; curl puts no line end behind them.
func TestRepliesOfAHubAreSplitIntoRecords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"[[{1}],[{2}]]\n": {"1: {1}", "1: {2}"}, "[[{1},{2}],[],[[{3}]]]": {"1: {1}", "1: {2}", "1: {3}"}, "[[]]": nil, "[][\n]\n[[],[]]": nil,
		"[\n [\n  {\n1\n }\n ],\n [\n  {2}\n ]\n]":                     {"3: {\n1\n }", "8: {2}"},
		"[[{1}]][[{2}]]\n[{3}] \uFEFF[[{4}]]{5}\uFEFF{6}[{7}]":         {"1: {1}", "1: {2}", "2: {3}", "2: {4}", "2: {5}", "2: {6}", "2: {7}"},
		"{\n \"a\":\n {1},\n \"b\": [\n  {2},\n  {3}\n ]\n}\n{\n4}{5}": {"1: {\n \"a\":\n {1},\n \"b\": ", "9: {\n4}", "10: {5}"},
		"{\n\"a\": [\n{\n\"b\": \"{\"\n},\n{\n}\n]\n}\r\n\r\n{1}":      {"1: {\n\"a\": [\n{\n\"b\": \"{\"\n", "11: {1}"},
		"[{\"a\":\"x\ny\\\n\"},{2}]":                                   {"1: {\"a\":\"x\ny\\\n\"}", "3: {2}"},
		"[[{1}],null,[5,\"a],\"]]{2}":                                  {"1: {1}", "1: null", "1: 5", "1: \"a],\"", "1: {2}"},
		"[[{1}]{2}]":                                                   {"1: {1}", "1: " + errBroken.Msg}, "[[{1}],[{2}": {"1: {1}", "1: {2}", "1: " + errBroken.Msg},
		"[[{1}],[{2": {"1: {1}", "1: " + errBroken.Msg}, "[[{1}],]{2}": {"1: {1}", "1: " + errBroken.Msg},
		"[[{1}][{2}]]": {"1: {1}", "1: " + errBroken.Msg}, "{1}\n[[{2}]]\n{3}": {"1: {1}", "2: {2}", "3: {3}"},
	} {
		t.Run(text, func(t *testing.T) {
			wantSplit(t, text, want)
		})
	}
}

func TestABrokenRecordTakesNoOthersWithIt(t *testing.T) {
	t.Parallel()
	const no = "the record is not a well-formed JSON object"
	for _, broken := range []string{
		`{"a`, `{"a"`, `{"a":`, `{"a":"b`, `{"a":"b\`, `{"a":"b"`, `{"a":"b",`, `{"a":1`, `{"a":{"b":[`, `{"a":{"b":[1`, `{"a":{"b":[1,`, `{"a":{"b":[{}`,
		`{"a":{"b":[{},`, `{"a":{}`, `{`, `{"a":{}} x`, `{"a":1}}`, `{"a":1},`, `{"a":1}]`, `{"a":[{}`, "{\n \"a\": [\n  {},\n  {", "{\n \"a\": \"\n }\n {2}\n",
	} {
		line := 3 + strings.Count(broken, "\n")
		wantSplit(t, "{1}\n"+broken+"\n{3}\n{4}\n[{5}]", []string{"1: {1}", "2: " + no, fmt.Sprint(line, ": {3}"), fmt.Sprint(line+1, ": {4}"), fmt.Sprint(line+2, ": {5}")})
		wantSplit(t, "{1}\n"+broken+"\n{\"a\":\"\\\"\"}\n[{4}]", []string{"1: {1}", "2: " + no, fmt.Sprint(line, `: {"a":"\""}`), fmt.Sprint(line+1, ": {4}")})
		wantSplit(t, "{1}\n"+broken, []string{"1: {1}", "2: " + no})
	}
	wantSplit(t, "{\"a\":{}\n"+strings.Repeat("{1}\n", testLimit), append([]string{"1: " + no}, each(testLimit, "%d: {1}", 2)...))
	for text, want := range map[string][]string{
		"{1}\nx\n,\n]\n}\n5\n{2}":                          {"1: {1}", "2: x", "3: ,", "4: ]", "5: }", "6: 5", "7: {2}"},
		strings.Repeat("{\"a\":[\n", 300) + "{1}":          append(each(300, "%d: "+no, 1), "301: {1}"),
		"[{" + strings.Repeat(" ", 9*testLimit) + "},{1}]": {"1: the record is too long", "1: {1}"}, strings.Repeat("x", 9*testLimit) + "\n{1}": {"1: the record is too long", "2: {1}"},
		"{" + strings.Repeat(" ", 9*testLimit) + "}\n{1}":                {"1: the record is too long", "2: {1}"},
		"{" + strings.Repeat(" ", testLimit) + "}\n{1}":                  {"1: the record is too long", "2: {1}"},
		"{\n" + strings.Repeat(" \"a\": 1,\n", testLimit/9+1) + "}\n{1}": {"1: the record is too long", fmt.Sprint(testLimit/9+4, ": {1}")},
	} {
		t.Run(text, func(t *testing.T) {
			wantSplit(t, text, want)
		})
	}
}

// each gives a text for each of n numbers.
func each(n int, format string, first int) (texts []string) {
	for i := range n {
		texts = append(texts, fmt.Sprintf(format, first+i))
	}
	return texts
}

func TestRecordsAreNumbered(t *testing.T) {
	t.Parallel()
	r := newTestSplitter(strings.NewReader("[[{1}],[{2}]]\n{3\n\n{4}[[{5}"))
	for i, line := range []int{1, 1, 2, 4, 4, 4} {
		if _, at, _ := r.next(); at != (position{line, i + 1}) {
			t.Errorf("record %d is at %v, want line %d", i+1, at, line)
		}
	}
}

func TestAReadingErrorIsNoEndOfFile(t *testing.T) {
	t.Parallel()
	cut := errors.New("cut")
	for _, text := range []string{"{1}\n{2", "[{1},", "[{1},{"} {
		r := newSplitter(io.MultiReader(strings.NewReader(text), iotest.ErrReader(cut)), testLimit)
		var err error
		for err == nil || fed.KindOf(err) != fed.Internal {
			_, _, err = r.next()
		}
		if !errors.Is(err, cut) {
			t.Errorf("%q ended with %v", text, err)
		}
	}
}
