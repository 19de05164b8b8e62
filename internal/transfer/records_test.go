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

const testLimit = 300 << 10 // more than the buffer of a reader

// split gives the records of a text as "line: text".
func split(t *testing.T, in io.Reader) (all []string) {
	t.Helper()
	r, err := newRecords(in, testLimit)
	if err != nil {
		t.Fatal(err)
	}
	for {
		text, line, err := r.next()
		var refused *fed.Error
		switch {
		case errors.As(err, &refused):
			all = append(all, fmt.Sprint(line, ": ", refused.Msg))
		case errors.Is(err, io.EOF):
			if cap(r.buf) > 2*testLimit {
				t.Errorf("it keeps %d bytes", cap(r.buf))
			}
			return all
		case err != nil:
			t.Fatal(err)
		case len(text) > 0:
			all = append(all, fmt.Sprintf("%d: %.20s", line, text))
		}
	}
}

func TestRecordsOfLinesAndArrays(t *testing.T) {
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
		{"[{1}] {2}", []string{"1: {1}", "1: " + errBroken.Msg}},
	} {
		for name, in := range map[string]io.Reader{"whole": strings.NewReader(c.text), "by half": iotest.HalfReader(strings.NewReader(c.text))} {
			if diff := cmp.Diff(c.want, split(t, in)); diff != "" {
				t.Errorf("%.40q %s (-want +got):\n%s", c.text, name, diff)
			}
		}
	}
}

func TestAReadingErrorIsNoEndOfFile(t *testing.T) {
	t.Parallel()
	cut := errors.New("cut")
	for _, text := range []string{"{1}\n{2", "[{1},", "[{1},{"} {
		r, err := newRecords(io.MultiReader(strings.NewReader(text), iotest.ErrReader(cut)), testLimit)
		for err == nil || fed.KindOf(err) != fed.Internal {
			_, _, err = r.next()
		}
		if !errors.Is(err, cut) {
			t.Errorf("%q ended with %v", text, err)
		}
	}
}
