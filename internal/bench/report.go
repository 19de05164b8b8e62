// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"
)

const resultsDir = "bench"

// report writes results in Go's benchmark format to standard output and to a file.
type report struct {
	out  io.Writer
	file *os.File
}

// metric is a figure and its unit.
type metric struct {
	value float64
	unit  string
}

// newReport begins with the program and the machine. A line with # is for people.
func newReport(ctx context.Context, program string) (r report, err error) {
	version, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return r, fmt.Errorf("%s version: %w", program, err)
	}

	err = os.MkdirAll(resultsDir, 0o755) //nolint:gosec // nothing in it is secret
	if err != nil {
		return r, fmt.Errorf("write the results: %w", err)
	}
	r.file, err = os.Create(filepath.Join(resultsDir, "results-"+time.Now().UTC().Format("20060102-150405")+".txt"))
	if err != nil {
		return r, fmt.Errorf("write the results: %w", err)
	}

	r.out = io.MultiWriter(os.Stdout, r.file)
	fmt.Fprintf(r.out, "# %s: %s; %d cores, load %s\n", program, bytes.TrimSpace(version), runtime.NumCPU(), grep("/proc/loadavg", `^(\S+)`))
	fmt.Fprintf(r.out, "goos: %s\ngoarch: %s\npkg: thalamus\ncpu: %s\n", runtime.GOOS, runtime.GOARCH, grep("/proc/cpuinfo", `model name\s*: (.*)`))
	return r, nil
}

func (r report) close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// line writes the line of one round of n requests or records.
func (r report) line(name string, n int, metrics ...metric) {
	text := fmt.Sprintf("Benchmark%s-%d\t%8d", name, runtime.GOMAXPROCS(0), n)
	for _, m := range metrics {
		digits := 3
		if math.Abs(m.value) >= 100 {
			digits = 0
		}
		text += fmt.Sprintf("\t%12.*f %s", digits, m.value, m.unit)
	}
	fmt.Fprintln(r.out, text)
}

// perOp is the time of one of n, where all together took that long.
func perOp(elapsed time.Duration, n int) metric {
	return metric{float64(elapsed) / float64(n), "ns/op"}
}

// times are the time of each request on the average, and its quantiles.
func times(took []time.Duration) []metric {
	var sum time.Duration
	for _, one := range took {
		sum += one
	}
	return append([]metric{perOp(sum, len(took))}, quantiles(took)...)
}

func quantiles(took []time.Duration) []metric {
	return []metric{{quantile(took, 0.5), "p50-ns"}, {quantile(took, 0.95), "p95-ns"}, {quantile(took, 0.99), "p99-ns"}}
}

// quantile gives the nanoseconds that a share q of the times does not exceed.
func quantile(took []time.Duration, q float64) float64 {
	sorted := slices.Sorted(slices.Values(took))
	return float64(sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)])
}

// inRounds cuts a series of measurements into rounds of one size; the last round has the
// remainder. A short series has fewer rounds than -count says.
func inRounds[T any](o options, all []T) [][]T {
	size := (len(all) + o.count - 1) / o.count
	return slices.Collect(slices.Chunk(all, max(1, size)))
}

// grep finds the first group of a pattern in a file; "unknown" where it is not there.
func grep(file, pattern string) string {
	text, _ := os.ReadFile(file)
	found := regexp.MustCompile("(?m)" + pattern).FindSubmatch(text)
	if found == nil {
		return "unknown"
	}
	return string(found[1])
}
