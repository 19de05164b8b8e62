// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"thalamus/internal/record"
)

// Person is somebody who is to get an account.
type Person struct {
	ID, Spelled                  string   // as it is to be stored, and as it was written
	Name, Lastname, Gender, Born string   // "" where it is not known
	Roles                        []string // that are asked for

	Line  int   // in the list
	Wrong error // why there can be no account
}

// columns are what a list may say of a person, by its heading.
var columns = map[string]func(p *Person, value string) error{
	"id": func(p *Person, value string) (err error) {
		p.Spelled = value
		if value == "" {
			return errors.New("there is no id")
		}
		p.ID, err = NewID(value)
		return err
	},
	"name":     func(p *Person, value string) error { p.Name = value; return nil },
	"lastname": func(p *Person, value string) error { p.Lastname = value; return nil },
	"roles":    func(p *Person, value string) error { p.Roles = record.SplitRoles(value); return nil },
	"gender": func(p *Person, value string) error {
		p.Gender = value
		return checkOneOf("gender", value, "m", "f", "nb", "other", "nd")
	},
	"dob": func(p *Person, value string) error {
		p.Born = value
		return checkDate("dob", value)
	},
}

const headings = "id, name, lastname, gender, dob and roles"

// ReadPeople reads a list as spreadsheets write it: CSV in UTF-8, with commas, semicolons or
// tabs, and headings in the first line. An error says that it is no such list. A fault of one
// person is in that Person's Wrong, and does not concern the others.
func ReadPeople(in io.Reader) ([]Person, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}

	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if !utf8.Valid(text) {
		return nil, errors.New("the list is not UTF-8; have the spreadsheet write CSV in UTF-8")
	}

	rows := csv.NewReader(bytes.NewReader(text))
	rows.Comma, rows.FieldsPerRecord = separator(text), -1

	fields, err := readHeadings(rows)
	if err != nil {
		return nil, err
	}

	return readRows(rows, fields)
}

// separator gives the separator that occurs most often in the first line that is not empty.
func separator(text []byte) rune {
	line, _ := bufio.NewReader(bytes.NewReader(bytes.TrimLeft(text, "\r\n"))).ReadString('\n')
	most, often := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(line, string(c)); n > often {
			most, often = c, n
		}
	}
	return most
}

// readHeadings gives the columns in the order of the list. It refuses unknown ones, because they
// may be misspelt.
func readHeadings(rows *csv.Reader) (fields []string, err error) {
	first, err := readRow(rows)
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the list is empty; its first line has the headings " + headings)
	}
	if err != nil {
		return nil, unreadable(err)
	}

	line, _ := rows.FieldPos(0)
	for _, heading := range first {
		field := strings.ToLower(strings.TrimSpace(heading))
		switch {
		case field != "" && columns[field] == nil:
			return nil, fmt.Errorf("line %d: there is no column %q; the headings are %s", line, heading, headings)
		case field != "" && slices.Contains(fields, field):
			return nil, fmt.Errorf("line %d: there are two columns %q", line, field)
		}

		fields = append(fields, field)
	}

	if !slices.Contains(fields, "id") {
		return nil, fmt.Errorf("line %d: there is no column \"id\"; the headings are %s", line, headings)
	}

	return fields, nil
}

func readRows(rows *csv.Reader, fields []string) (people []Person, err error) {
	lines := map[string]int{} // of the ids
	for {
		row, err := readRow(rows)
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}

		person := readPerson(fields, row)
		person.Line, _ = rows.FieldPos(0)
		if line, known := lines[person.ID]; known && person.Wrong == nil {
			person.Wrong = fmt.Errorf("%s is on line %d already", person.ID, line)
		}

		lines[person.ID] = person.Line
		people = append(people, person)
	}
}

// readRow gives the next row that says something. Sheets have empty ones above the headings
// and below the last person.
func readRow(rows *csv.Reader) ([]string, error) {
	for {
		row, err := rows.Read()
		if err != nil || strings.TrimSpace(strings.Join(row, "")) != "" {
			return row, err
		}
	}
}

// readPerson reads a row. Cells that are missing at its end are empty.
func readPerson(fields, row []string) (p Person) {
	row = slices.Concat(row, make([]string, max(0, len(fields)-len(row))))
	for i, cell := range row {
		if err := p.read(fields, i, strings.TrimSpace(cell)); err != nil && p.Wrong == nil {
			p.Wrong = err
		}
	}
	return p
}

// read takes the cell of a column. Only the id must be there.
func (p *Person) read(fields []string, column int, cell string) error {
	known := column < len(fields) && fields[column] != ""
	switch {
	case known && (cell != "" || fields[column] == "id"):
		return columns[fields[column]](p, cell)
	case cell != "":
		return fmt.Errorf("there is no heading above %q", cell)
	}
	return nil
}

// unreadable names the line at which a list stops being CSV.
func unreadable(err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return fmt.Errorf("line %d: %w; nothing was read", wrong.StartLine, wrong.Err)
	}
	return err
}

func checkOneOf(column, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return fmt.Errorf("%s is one of %s, not %q", column, strings.Join(values, ", "), value)
}

func checkDate(column, value string) error {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return fmt.Errorf("%s is a day like 1990-05-31, not %q", column, value)
	}
	return nil
}

// Called is how the person is called, as far as it is known.
func (p Person) Called() string { return strings.TrimSpace(p.Name + " " + p.Lastname) }
