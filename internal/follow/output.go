// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"fmt"
	"io"
	"os"
)

// Output is a writer for changes. Bytes written to a file are on disk before the cursor is, or a
// power failure could lose them.
func Output(out io.Writer) (io.Writer, error) {
	file, ok := out.(*os.File)
	if !ok {
		return out, nil
	}

	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("standard output: %w", err)
	}
	if !info.Mode().IsRegular() {
		return out, nil
	}
	return syncedFile{file}, endLine(file, info.Size())
}

// endLine ends a line that was cut when an earlier run was killed; its change
// comes again, as a whole.
func endLine(file *os.File, size int64) error {
	again, err := os.Open(fmt.Sprintf("/dev/fd/%d", file.Fd()))
	if err != nil || size == 0 {
		return nil // such a system does not let us look
	}
	defer again.Close() //nolint:errcheck // it was only read

	last := make([]byte, 1)
	if _, err := again.ReadAt(last, size-1); err != nil || last[0] == '\n' {
		return nil
	}

	_, err = file.WriteString("\n")
	return err
}

type syncedFile struct{ *os.File }

func (s syncedFile) Write(p []byte) (int, error) {
	n, err := s.File.Write(p)
	if err != nil {
		return n, err
	}
	return n, s.Sync()
}
