// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestACursorIsKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cursor")
	first := openCursorFile(t, file)
	if first.Cursor() != "" {
		t.Errorf("it begins at %q", first.Cursor())
	}
	for _, cursor := range []string{"a-Z_9", "", "next"} {
		if err := first.Move(cursor); err != nil {
			t.Fatal(err)
		}
	}
	first.Close()
	if again := openCursorFile(t, file); again.Cursor() != "next" {
		t.Errorf("it goes on at %q", again.Cursor())
	}
}

func TestTwoFollowersDoNotShareACursorFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cursor")
	first := openCursorFile(t, file)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the file is another one after the move
		for _, name := range []string{file, link} {
			if _, err := OpenCursorFile(name); err == nil || !strings.HasPrefix(err.Error(), "another process follows with ") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := first.Move("next"); err != nil {
			t.Fatal(err)
		}
	}
	first.Close()
	if err := openCursorFile(t, link).Move("last"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is no link any more: %v", err)
	}
}

func TestAFileOfSomethingElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"two words", "{}", "a\nb", strings.Repeat("x", 129), "\x00", strings.Repeat(" ", 2000) + "{}"} {
		file := filepath.Join(t.TempDir(), "notes")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := OpenCursorFile(file)
		left, _ := os.ReadFile(file)
		if err == nil || string(left) != text {
			t.Errorf("%q: %v, and now it is %q", text, err, left)
		}
	}
	for _, name := range []string{"/dev/null", t.TempDir(), filepath.Join(t.TempDir(), "no", "cursor")} {
		if _, err := OpenCursorFile(name); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
