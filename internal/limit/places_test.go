// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import "testing"

func TestAnAccountHasSoManyPlacesAtATime(t *testing.T) {
	var p Places
	leave, ok := p.Take("A", 2)
	_, again := p.Take("A", 2)
	if !ok || !again {
		t.Fatal("two places were not to be had")
	}
	if _, ok := p.Take("A", 2); ok {
		t.Error("a third place was given")
	}
	if _, ok := p.Take("A", 3); !ok {
		t.Error("who may have three got two")
	}
	if _, ok := p.Take("B", 1); !ok {
		t.Error("another account had none")
	}
	leave()
	if _, ok := p.Take("A", 3); !ok {
		t.Error("a place that was left was not given again")
	}
}

func TestWhoHasNoPlaceTakesNoMemory(t *testing.T) {
	var p Places
	leave, _ := p.Take("A", 1)
	leave()
	if len(p.taken) != 0 {
		t.Errorf("%d accounts are remembered", len(p.taken))
	}
}
