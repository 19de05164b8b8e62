// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import "testing"

func TestAnAccountHasSoManySemaphoreAtATime(t *testing.T) {
	var s Semaphore
	release, ok := s.TryAcquire("A", 2)
	_, again := s.TryAcquire("A", 2)
	if !ok || !again {
		t.Fatal("two were not granted")
	}

	if _, ok := s.TryAcquire("A", 2); ok {
		t.Error("a third was granted")
	}

	if _, ok := s.TryAcquire("A", 3); !ok {
		t.Error("with a limit of three, two were granted")
	}

	if _, ok := s.TryAcquire("B", 1); !ok {
		t.Error("another account had none")
	}

	release()
	if _, ok := s.TryAcquire("A", 3); !ok {
		t.Error("a released one was not granted again")
	}
}

func TestAReleasedAccountTakesNoMemory(t *testing.T) {
	var s Semaphore
	release, _ := s.TryAcquire("A", 1)
	release()
	if len(s.taken) != 0 {
		t.Errorf("%d accounts are remembered", len(s.taken))
	}
}
