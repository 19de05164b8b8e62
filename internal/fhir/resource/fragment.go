// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "bytes"

// fragment is members of an object as JSON. Many resources have them, and they are written once.
type fragment []byte

// written is what fill writes into an object.
func written(fill func(w *writer)) fragment {
	var w writer
	fill(&w)
	return w.json
}

// fragment appends members that are written already.
func (w *writer) fragment(members fragment) {
	if len(members) == 0 {
		return
	}
	w.name("")
	w.json = append(w.json, members...)
}

// once appends what fill writes, and keeps it for the next resource that has the same.
func (w *writer) once(kept *fragment, fill func()) {
	if *kept != nil {
		w.fragment(*kept)
		return
	}

	begun := len(w.json)
	fill()
	*kept = bytes.Clone(bytes.TrimPrefix(w.json[begun:], []byte(",")))
}
