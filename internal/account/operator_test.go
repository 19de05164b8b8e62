// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"os"
	"os/user"
	"strings"
	"testing"

	"thalamus/internal/record"
)

func TestAnOperatorIsNoFederationAccount(t *testing.T) {
	for sudo, want := range map[string]string{"": "os/ana", "SUDO_USER=": "os/ana", "SUDO_USER=eva": "os/ana for eva"} {
		t.Run(sudo, func(t *testing.T) {
			got := operatorName("ana", []string{"XSUDO_USER=x", sudo})
			if got != want {
				t.Errorf("with %q got %s, want %s", sudo, got, want)
			}
			if _, err := record.NewPersonID(got); err == nil {
				t.Errorf("%s could be an account", got)
			}
		})
	}
}

func TestAnOperatorIsTheUserWhoRunsTheCommand(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if got := Operator(nil); got != "os/"+me.Username {
		t.Errorf("got %s, want os/%s", got, me.Username)
	}
	if got := userName(4_000_000); got != "4000000" {
		t.Errorf("somebody without a name is %s", got)
	}
	t.Setenv("USER", "somebody")
	if strings.Contains(Operator(os.Environ()), "somebody") {
		t.Error("the environment says who it is")
	}
}
