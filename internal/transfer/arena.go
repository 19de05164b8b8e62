// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import "bytes"

const blockSize = 256 << 10

// arena holds the bytes of a chunk in blocks that are used again for the next one,
// so that memory stays the same however long a file is.
type arena struct {
	blocks [][]byte
	used   int // full blocks
	size   int // bytes that were kept
}

// keep copies bytes; nil stays nil. Bytes that would fill much of a block are copied
// outside of the blocks.
func (a *arena) keep(b []byte) []byte {
	a.size += len(b)
	if b == nil || len(b) > blockSize/4 {
		return bytes.Clone(b)
	}

	if a.used < len(a.blocks) && len(a.blocks[a.used])+len(b) > blockSize {
		a.used++
	}
	if a.used == len(a.blocks) {
		a.blocks = append(a.blocks, make([]byte, 0, blockSize))
	}

	block := &a.blocks[a.used]
	start := len(*block)
	*block = append(*block, b...)
	return (*block)[start:len(*block):len(*block)]
}

func (a *arena) reset() {
	for i := range a.blocks {
		a.blocks[i] = a.blocks[i][:0]
	}
	a.used, a.size = 0, 0
}
