// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import "bytes"

const blockSize = 256 << 10

// room holds the bytes of a chunk in blocks that are used again for the next one,
// so that memory stays the same however long a file is.
type room struct {
	blocks [][]byte
	used   int // full blocks
	size   int // bytes that were kept
}

// keep copies bytes; nil stays nil.
func (r *room) keep(b []byte) []byte {
	r.size += len(b)
	if b == nil || len(b) > blockSize/4 {
		return bytes.Clone(b)
	}
	if r.used < len(r.blocks) && len(r.blocks[r.used])+len(b) > blockSize {
		r.used++
	}
	if r.used == len(r.blocks) {
		r.blocks = append(r.blocks, make([]byte, 0, blockSize))
	}
	block := &r.blocks[r.used]
	start := len(*block)
	*block = append(*block, b...)
	return (*block)[start:len(*block):len(*block)]
}

func (r *room) empty() {
	for i := range r.blocks {
		r.blocks[i] = r.blocks[i][:0]
	}
	r.used, r.size = 0, 0
}
