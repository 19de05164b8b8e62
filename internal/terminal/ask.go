// SPDX-License-Identifier: GPL-3.0-or-later

// Package terminal asks the person at a terminal, and shows how far something is.
package terminal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Is reports whether a standard stream is a terminal.
func Is(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// usualWidth is that of a stream which is no terminal, in columns.
const usualWidth = 80

// Width is how many columns a line of a standard stream may have.
func Width(stream any) int {
	file, ok := stream.(*os.File)
	if !ok {
		return usualWidth
	}

	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width <= 0 {
		return usualWidth
	}
	return width
}

// AskNewPassword asks twice on a terminal; otherwise it takes one line.
func AskNewPassword(in io.Reader, prompt io.Writer) (string, error) {
	if !Is(in) {
		line, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && (!errors.Is(err, io.EOF) || line == "") {
			return "", errors.New("no password on standard input; write it as one line")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}

	first, err := AskHidden(in, prompt, "Password: ")
	if err != nil {
		return "", err
	}

	again, err := AskHidden(in, prompt, "The same again: ")
	if err != nil {
		return "", err
	}
	if !bytes.Equal(first, again) {
		return "", errors.New("the two passwords are not the same")
	}
	return string(first), nil
}

// AskHidden asks on a terminal for something that is not shown while it is typed.
func AskHidden(in io.Reader, prompt io.Writer, question string) ([]byte, error) {
	file, ok := in.(*os.File)
	if !ok {
		return nil, errors.New("there is no terminal to ask on")
	}

	fmt.Fprint(prompt, question)
	answer, err := term.ReadPassword(int(file.Fd()))
	fmt.Fprintln(prompt)
	if err != nil {
		return nil, fmt.Errorf("read the password: %w", err)
	}
	return answer, nil
}

// AskLine asks a question whose answer may be seen.
func AskLine(in io.Reader, prompt io.Writer, question string) (string, error) {
	fmt.Fprint(prompt, question)
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		return "", errors.New("there was no answer")
	}
	return strings.TrimSpace(line), nil
}
