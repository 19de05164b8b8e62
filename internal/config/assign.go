// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"reflect"
	"strconv"
	"time"
)

// parser turns a text into the value of one type.
type parser struct {
	wanted string // completes the sentence "... is not"
	parse  func(text string) (any, error)
}

// parsers has every type that a key, or an item of a list, can have.
var parsers = map[reflect.Type]parser{
	reflect.TypeFor[string]():        {`a text; write it in quotation marks`, parseText},
	reflect.TypeFor[Secret]():        {`a text; write it in quotation marks`, parseSecret},
	reflect.TypeFor[bool]():          {`a switch; write true or false`, parseBool},
	reflect.TypeFor[int]():           {`a whole number; write 8`, parseInt},
	reflect.TypeFor[Size]():          {`a size; write 8MiB or 8388608`, parseSize},
	reflect.TypeFor[time.Duration](): {`a duration; write 30s or 1m30s`, parseDuration},
	reflect.TypeFor[netip.Prefix]():  {`an address or a network; write 192.0.2.1 or 192.0.2.0/24`, parsePrefix},
	reflect.TypeFor[slog.Level]():    {`a level; write debug, info, warn or error`, parseLevel},
}

// assign gives the field a value as TOML has it: a text, whole number, switch
// or list of these. Texts are read for every type, so that the environment can
// set them all.
func assign(field reflect.Value, value any) error {
	if field.Kind() != reflect.Slice {
		return assignOne(field, value)
	}

	items, ok := value.([]any)
	if !ok {
		return fmt.Errorf(`%s is not a list; write ["a", "b"]`, display(value))
	}

	list := reflect.MakeSlice(field.Type(), len(items), len(items))
	for i, item := range items {
		if err := assignOne(list.Index(i), item); err != nil {
			return err
		}
	}

	field.Set(list)
	return nil
}

func assignOne(field reflect.Value, value any) error {
	p := parsers[field.Type()]
	text, ok := scalar(value)
	if !ok {
		return fmt.Errorf("this is not %s", p.wanted)
	}

	parsed, err := p.parse(text)
	if err != nil {
		return fmt.Errorf("%s is not %s", display(value), p.wanted)
	}

	field.Set(reflect.ValueOf(parsed))
	return nil
}

func scalar(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// display gives a value for a message. Secrets take every text, so no secret comes
// here.
func display(value any) string {
	if text, ok := value.(string); ok {
		return strconv.Quote(text)
	}
	if text, ok := scalar(value); ok {
		return text
	}

	return "this"
}

func isSecret(field reflect.Value) bool { return field.Type() == reflect.TypeFor[Secret]() }
