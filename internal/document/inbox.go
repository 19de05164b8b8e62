// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"thalamus/internal/gate"
	"thalamus/internal/limit"
)

// Inbox takes documents in. All faces share one, and so the disk space for those on their way.
type Inbox struct {
	maxDocument int64         // bytes
	maxRecord   int64         // bytes of its data
	budget      *limit.Budget // of disk space
}

// NewInbox makes an Inbox with the limits of the hub.
func NewInbox(sizes gate.Sizes) *Inbox {
	return &Inbox{
		maxDocument: sizes.MaxDocument, maxRecord: sizes.MaxBody,
		budget: limit.NewBudget(spoolCapacity*(sizes.MaxDocument+sizes.MaxBody), gate.MemoryTimeout),
	}
}

// Spool tells how much disk space documents on their way in take.
func (in *Inbox) Spool() limit.Usage { return in.budget.Usage() }

// Most is how many bytes a document may have.
func (in *Inbox) Most() int64 { return in.maxDocument }
