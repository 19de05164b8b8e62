// SPDX-License-Identifier: GPL-3.0-or-later

package manual_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// sampleOf reads the sample of a reply in a section of the guide.
func sampleOf[T any](t *testing.T, heading string) (sample T) {
	t.Helper()
	if err := json.Unmarshal([]byte(jsonBlocks(t, "api-guide", heading)[0]), &sample); err != nil {
		t.Fatal(err)
	}
	return sample
}

var varying = regexp.MustCompile(`"(time|hash)": ?"[^"]+"`)

// lasting reads JSON without the times and hashes that it has.
func lasting(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(varying.ReplaceAllString(text, `"$1":""`)), &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

func wantAsSample(t *testing.T, heading string, a testhub.Answer) {
	t.Helper()
	a.Want(t, http.StatusOK)
	want := lasting(t, jsonBlocks(t, "api-guide", heading)[0])
	if diff := cmp.Diff(want, lasting(t, a.Text)); diff != "" {
		t.Errorf("%s (-manual +hub)\n%s", heading, diff)
	}
}

func TestTheSampleOfAHistoryIsWhatAHubGives(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	type change struct {
		ID, Person string
		Data       json.RawMessage
	}
	sample := sampleOf[[][]change](t, "## History")
	created := sample[1][0]
	path := "/pols/" + created.Person + "/" + created.ID
	h.Do(testhub.Cameron, "POST", path, string(created.Data)).Want(t, http.StatusCreated)
	h.Do(testhub.Cameron, "PATCH", path, string(sample[0][0].Data)).Want(t, http.StatusOK)
	wantAsSample(t, "## History", h.Do(testhub.Cameron, "GET", path+"/history", ""))
}

func TestTheSampleOfAListOfDocumentsIsWhatAHubGives(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	entry := sampleOf[[][]any](t, "### Documents")[0]
	page, _ := entry[1].(string)
	data, _ := entry[2].(map[string]any)
	id, _ := data["id"].(string)
	h.Do(testhub.Ana, "POST", "/pols/"+testhub.Ana[0]+"/"+page, `{"id": "`+page+`"}`).Want(t, http.StatusCreated)
	path := "/personal_docs/" + testhub.Ana[0] + "/" + page
	h.DoWith(testhub.Ana, "POST", path+"?id="+id, "Home monitoring, June\n", "Content-Type", "text/plain").Want(t, http.StatusCreated)
	wantAsSample(t, "### Documents", h.Do(testhub.Ana, "GET", path, ""))
}
