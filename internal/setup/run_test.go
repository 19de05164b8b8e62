// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/tlscert"
)

// step is one that is done or not, and is done by these lines.
func step(name string, done bool, lines ...string) Step {
	return Step{Name: name, Done: func(context.Context) bool { return done }, Shell: func() []string { return lines }}
}

func TestRunDoesWhatIsNotDoneAndStopsAtAFailure(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := step("four", true, "touch "+dir+"/four")
	left.Left = "not here"
	var out bytes.Buffer
	err := Run(t.Context(), []Step{
		step("one", true, "touch "+dir+"/one"), step("two", false, "touch "+dir+"/two"), left,
		step("five", false, "echo no room >&2; false", "touch "+dir+"/five"), step("six", false, "touch "+dir+"/six"),
	}, &out)
	if err == nil || err.Error() != "five: no room" {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff("is so   one\ndone    two\nleft    four\n         not here\n", out.String()); diff != "" {
		t.Error(diff)
	}
	if files := tree(t, dir); len(files) != 1 || files["two"] == "" {
		t.Errorf("it made %v", files)
	}
}

func TestPrintShowsWhatIsToBeDoneAsAScript(t *testing.T) {
	t.Parallel()
	left := step("three", true, "echo three")
	left.Left = "not here"
	var out bytes.Buffer
	Print(t.Context(), []Step{step("one", true, "echo one"), step("two", false, "echo two", "echo 2"), left}, &out)
	if diff := cmp.Diff("set -e\n\n# one: is so\n\n# two\necho two\necho 2\n\n# three\necho three\n", out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTheGuideLeadsToTheServerAndItsCertificate(t *testing.T) {
	t.Parallel()
	o := site(t)
	o.Names = append(o.Names, "localhost", "127.0.0.1", "::1")
	made(t, o)
	p, err := Make(o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := p.Guide(&out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"https://hub.example.org:8443/\n", "https://192.0.2.7:8443/\n", tlscert.Fingerprint(leafOf(t, o)), o.path("cert.pem"), "It is self-signed"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("it does not tell %s", part)
		}
	}
	if got := strings.Count(out.String(), "https://"); got != 2 {
		t.Errorf("it tells %d addresses of the server, and others reach two", got)
	}
}

func TestWithoutAConfigurationThatIsSaid(t *testing.T) {
	t.Parallel()
	o := site(t)
	o.Shared = nil
	if _, err := Make(o); err == nil || !strings.Contains(err.Error(), "there is no "+o.Config()) {
		t.Errorf("got %v", err)
	}
}
