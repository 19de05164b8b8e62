// SPDX-License-Identifier: GPL-3.0-or-later

package program

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestTheAddressIsReadFromAWholeLineOfTheLog(t *testing.T) {
	for log, want := range map[string]string{
		"": "",
		"level=INFO msg=serving version=1 address=127.0.0.1:12":                                     "",
		"level=WARN msg=x\nlevel=INFO msg=serving version=1 address=127.0.0.1:1234 tls=false\nmore": "127.0.0.1:1234",
		"level=INFO msg=serving address=127.0.0.1:1234\n":                                           "127.0.0.1:1234",
	} {
		t.Run(log, func(t *testing.T) {
			got := servingAddress(log)
			if got != want {
				t.Errorf("%q: got %q", log, got)
			}
		})
	}
}

// shell is a program that serves, as far as its log tells.
func shell(t *testing.T, script string) (*Program, error) {
	t.Helper()
	return Start(t.Context(), exec.CommandContext(t.Context(), "sh", "-c", script), t.TempDir())
}

func TestAProgramIsStartedWhenItServesAndStopped(t *testing.T) {
	p, err := shell(t, `echo "msg=serving address=127.0.0.1:1"; exec sleep 100`)
	if err != nil || p.Address != "127.0.0.1:1" {
		t.Fatalf("%+v, %v", p, err)
	}

	now, peak := Memory(p.Process)
	files, err := Files(p.Process)
	if now <= 0 || peak < now || files < 3 || err != nil {
		t.Errorf("%g and %g MB, %d files, %v", now, peak, files, err)
	}
	err = p.Stop()
	if err != nil {
		t.Error(err)
	}
}

func TestTheEndOfTheLogTellsWhyAProgramEnded(t *testing.T) {
	p, err := shell(t, `echo "no luck"; exit 3`)
	if err == nil || !strings.Contains(err.Error(), "no luck") {
		t.Errorf("started: %v", err)
	}
	p.running.Wait()
	err = p.Stop()
	if err == nil || !strings.Contains(err.Error(), "no luck") {
		t.Errorf("stopped: %v", err)
	}
	if code := p.Terminate(); code != 3 {
		t.Errorf("exit status %d", code)
	}
}

func TestAProcessThatIsGoneHasNoMemory(t *testing.T) {
	now, peak := Memory(&os.Process{Pid: 1 << 30})
	if now != 0 || peak != 0 || CPU(&os.Process{Pid: 1 << 30}) != 0 {
		t.Errorf("%g, %g", now, peak)
	}
}
