// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "[hidden]"

// Secret is a text that does not print: fmt, slog, JSON and text encoders get
// "[hidden]" instead. Only Reveal gives it away. The zero Secret is empty.
type Secret struct {
	// A pointer, because fmt prints the plain fields of a struct that it may not
	// call methods on; of a pointer it prints the address.
	text *string
}

// NewSecret makes a Secret of the text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal gives the text itself.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String hides the text.
func (Secret) String() string { return hidden }

// Format hides the text whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the text.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the text, from JSON too.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
