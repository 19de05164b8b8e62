// SPDX-License-Identifier: GPL-3.0-or-later

package archtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const module = "thalamus/"

// imports is what a package imports, by full paths.
type imports struct{ code, tests []string }

// faults says what breaks the rule. Packages go by their directories, as in rooms.
func faults(found map[string]imports) (all []string) {
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		if _, ok := found[room]; !ok {
			all = append(all, room+" is listed and does not exist")
		}
	}
	for _, room := range slices.Sorted(maps.Keys(found)) {
		if _, ok := rooms[room]; !ok {
			all = append(all, room+" is not listed")
			continue
		}
		for _, path := range found[room].code {
			if !allowed(room, path) {
				all = append(all, fmt.Sprintf("%s may not import %s", room, path))
			}
		}
		for _, path := range found[room].tests {
			if !allowed(room, path) && path != module+room && !slices.ContainsFunc(testOnly, contains(path)) {
				all = append(all, fmt.Sprintf("tests of %s may not import %s", room, path))
			}
		}
	}
	return all
}

// allowed reports whether the code of a room may import a path.
func allowed(room, path string) bool {
	if below, ours := strings.CutPrefix(path, module); ours {
		return slices.Contains(rooms[room], below) || slices.Contains(rooms[room], anything)
	}
	for door, users := range doors {
		if contains(path)(door) {
			return slices.Contains(users, room)
		}
	}
	host, _, _ := strings.Cut(path, "/")
	return !strings.Contains(host, ".") // the standard library
}

// contains gives a test of whether a tree of packages has this path.
func contains(path string) func(tree string) bool {
	return func(tree string) bool { return path == tree || strings.HasPrefix(path, tree+"/") }
}
