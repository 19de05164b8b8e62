// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import (
	"errors"
	"testing"
)

func TestTheCauseFollowsTheSentenceOfAnError(t *testing.T) {
	refused := errors.New("connection refused")
	for want, err := range map[string]*Error{
		"Try again: connection refused": {Msg: "Try again.", Err: refused},
		"why: connection refused":       {Msg: "why", Err: refused},
		"connection refused":            {Err: refused},
		"Try again.":                    {Msg: "Try again."},
	} {
		t.Run(want, func(t *testing.T) {
			if got := err.Error(); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
