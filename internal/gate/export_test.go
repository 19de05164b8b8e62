// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import "context"

// TakeMemory takes all memory that an account may have, when its requests have given
// back theirs.
func TakeMemory(ctx context.Context, g *Gate, account string) error {
	hold := g.memory.Open(account)
	defer hold.Release()
	return hold.Take(ctx, g.options.Memory)
}
