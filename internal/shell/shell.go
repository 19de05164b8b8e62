// SPDX-License-Identifier: GPL-3.0-or-later

// Package shell writes words for a shell.
package shell

import (
	"fmt"
	"strings"

	"thalamus/internal/record"
)

// Quote makes a word of a text, for sh.
func Quote(text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@%"
	if text != "" && strings.Trim(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// QuoteVisible is Quote in characters that can be seen. Where others are in the text, the word
// is for bash.
func QuoteVisible(text string) string {
	if record.Visible(text) == text {
		return Quote(text)
	}

	escaped := "$'"
	for _, c := range text {
		escaped += fmt.Sprintf(`\U%08x`, c)
	}
	return escaped + "'"
}
