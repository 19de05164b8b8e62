// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"cmp"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// machine is what the numbers depend on besides the program.
type machine struct {
	Cores      int     `json:"cores"`
	CPU        string  `json:"cpu"`
	MemoryGiB  float64 `json:"memory_gib"`
	Load       string  `json:"load"` // of the last minute, before the start
	FsyncMS    float64 `json:"fsync_ms"`
	BcryptMS   float64 `json:"bcrypt_ms"` // one comparison of cost 12, alone
	PostgreSQL string  `json:"postgresql"`
	Go         string  `json:"go"`
	Thalamus   string  `json:"thalamus"` // revision that it was built from
}

func (m machine) String() string {
	return fmt.Sprintf("%d cores (%s), %.0f GiB, load %s; fsync %.2f ms, bcrypt at cost 12 %.0f ms; PostgreSQL %s, %s; thalamus %s",
		m.Cores, m.CPU, m.MemoryGiB, m.Load, m.FsyncMS, m.BcryptMS, m.PostgreSQL, m.Go, m.Thalamus)
}

// lookAround describes the machine. What is not Linux keeps some of it to itself.
func lookAround(ctx context.Context, b *bench) (machine, error) {
	kib, _ := strconv.ParseFloat(grep("/proc/meminfo", `MemTotal: +(\d+)`), 64)
	m := machine{
		Cores: runtime.NumCPU(), Go: runtime.Version(), MemoryGiB: kib / (1 << 20),
		CPU:  cmp.Or(grep("/proc/cpuinfo", `model name\s*: (.*)`), runtime.GOARCH),
		Load: cmp.Or(grep("/proc/loadavg", `^(\S+)`), "unknown"),
	}
	const q = `SELECT split_part(current_setting('server_version'), ' ', 1)`
	if err := b.db.QueryRow(ctx, q).Scan(&m.PostgreSQL); err != nil {
		return m, fmt.Errorf("ask for PostgreSQL's version: %w", err)
	}
	var err error
	if m.Thalamus, err = revision(b.thalamus); err != nil {
		return m, err
	}
	if m.FsyncMS, err = timeFsync(b.temp); err != nil {
		return m, err
	}
	m.BcryptMS, err = timeBcrypt()
	return m, err
}

// grep finds the first group of a pattern in a file; "" when it is not there.
func grep(file, pattern string) string {
	text, err := os.ReadFile(file) //nolint:gosec // of the kernel's
	found := regexp.MustCompile("(?m)" + pattern).FindSubmatch(text)
	if err != nil || found == nil {
		return ""
	}
	return string(found[1])
}

// revision says what the program was built from; + means changed since.
func revision(program string) (string, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return "", fmt.Errorf("look into %s: %w", program, err)
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	name := set["vcs.revision"]
	if name == "" {
		return "of unknown revision", nil
	}
	name = name[:min(12, len(name))]
	if set["vcs.modified"] == "true" {
		name += "+"
	}
	return name, nil
}

// timeFsync is how long the disk takes to keep a page; much below 0.1 ms it
// only says so.
func timeFsync(dir string) (float64, error) {
	file, err := os.Create(filepath.Join(dir, "fsync")) //nolint:gosec // in our own directory
	if err != nil {
		return 0, fmt.Errorf("try the disk: %w", err)
	}
	defer func() { _ = file.Close() }()
	var took []float64
	for range 21 {
		if _, err := file.Write(make([]byte, 8<<10)); err != nil {
			return 0, fmt.Errorf("try the disk: %w", err)
		}
		begun := time.Now()
		if err := file.Sync(); err != nil {
			return 0, fmt.Errorf("try the disk: %w", err)
		}
		took = append(took, millis(time.Since(begun)))
	}
	return median(took), nil
}

func timeBcrypt() (float64, error) {
	var took []float64
	for range 5 {
		begun := time.Now()
		if err := bcrypt.CompareHashAndPassword([]byte(passwordHash), []byte(password)); err != nil {
			return 0, fmt.Errorf("try bcrypt: %w", err)
		}
		took = append(took, millis(time.Since(begun)))
	}
	return median(took), nil
}
