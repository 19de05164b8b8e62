// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"thalamus/internal/testhub"
)

// She sees what was read in an emergency. Others in the same list are not told that there was one.
func TestAPersonSeesForWhatSheWasRead(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	id, _ := h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated).Fields(t)["id"].(string)
	h.DB.Exec(`UPDATE people SET data = data || (SELECT jsonb_build_object('name', data -> 'name', 'lastname', data -> 'lastname', 'dob', data -> 'dob', 'gender', data -> 'gender')
		FROM people WHERE id = $2) WHERE id = $1`, other[0], ana[0])
	h.Do(cameron, "GET", "/people?limit=9", "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/people/"+ana[0]+"/matches", "").Want(t, http.StatusOK)
	h.DoWith(cameron, "GET", "/people/"+other[0], "", "Purpose-Of-Use", "TREAT").Want(t, http.StatusOK)
	copyLines()

	type entry struct{ Endpoint, Way, Purpose, Emergency any }
	for _, c := range []struct {
		account []string
		want    []entry
	}{
		{ana, []entry{{"matches", "asked", "ETREAT", id}, {"people", "asked", "ETREAT", id}, {"emergency", "asked", nil, nil}, {"person", "asked", nil, nil}}},
		{other, []entry{{"person", "asked", "TREAT", nil}, {"matches", "listed", nil, nil}, {"people", "listed", nil, nil}}},
	} {
		var got []entry
		for _, text := range h.Do(c.account, "GET", "/people/"+c.account[0]+"/access?others=1", "").Want(t, http.StatusOK).Items(t) {
			var e [1]map[string]any
			if err := json.Unmarshal([]byte(text), &e); err != nil {
				t.Fatal(err)
			}
			got = append(got, entry{e[0]["endpoint"], e[0]["way"], e[0]["purpose"], e[0]["emergency"]})
		}
		if len(got) != len(c.want) {
			t.Fatalf("%s: %v", c.account[0], got)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.account[0], got[i], c.want[i])
			}
		}
	}
}
