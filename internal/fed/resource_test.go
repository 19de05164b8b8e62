// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import "testing"

func TestSentencesNameTheResources(t *testing.T) {
	if got, want := ResourceNames(), "person, page, document, unit or institution"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := ResourceNames(Link), "person, page, document, unit, institution or link"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFilesHaveARecordBehindWhatItRefersTo(t *testing.T) {
	var got string
	for _, info := range ResourcesInOrder() {
		got += " " + string(info.Resource)
	}

	if want := " institution unit person page document"; got != want {
		t.Errorf("got%s, want%s", got, want)
	}
}

func TestAnotherNameIsNoKnownResource(t *testing.T) {
	for resource, want := range map[Resource]bool{Person: true, Page: true, Document: true, Unit: true, Institution: true, Link: false, "people": false, "": false} {
		if got := resource.Known(); got != want {
			t.Errorf("%q: got %t, want %t", resource, got, want)
		}
	}
}

func TestOnlyWhatIsAboutAPersonAndNotThePersonBelongs(t *testing.T) {
	for resource, want := range map[Resource]bool{Person: false, Page: true, Document: true, Unit: false, Institution: false} {
		if got := resource.Info().Belongs(); got != want {
			t.Errorf("%s: got %t, want %t", resource, got, want)
		}
	}
}
