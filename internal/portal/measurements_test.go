// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// addMeasured puts a page with measurements, as JSON, in a book, so many days ago.
func addMeasured(h *testhub.Hub, book, id string, days int, measurements string) {
	date := time.Now().UTC().AddDate(0, 0, -days).Format("2006-01-02T15:04:05")
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ($1::text, $2, jsonb_build_object('id', $1::text, 'page_date', $3::text, 'measurements', $4::jsonb))`,
		id, book, date, measurements)
}

// newMeasuredBook is a hub with measurements of either schema in Ana's book.
func newMeasuredBook(t *testing.T) (*testhub.Hub, testhub.Browser) {
	t.Helper()
	h := quickHub(t)
	h.DB.Exec(`DELETE FROM personal_docs`)
	h.DB.Exec(`DELETE FROM pols WHERE book = $1`, ana[0])
	addMeasured(h, ana[0], "phone", 10, `[{"bp": {"systolic": 121, "diastolic": 81}}, {"hr": 70}]`)
	addMeasured(h, ana[0], "phone-weight", 20, `[{"wt": 71.20, "bmi": 24.1}]`)
	addMeasured(h, ana[0], "hospital", 100, `"{'bp': {'systolic': 132, 'diastolic': 84}, 't': 36.5}"`)
	addMeasured(h, ana[0], "old", 500, `[{"bp": {"systolic": 143, "diastolic": 95}}]`)
	addMeasured(h, ana[0], "oldest", 1000, `[{"bp": {"systolic": 154, "diastolic": 98}}]`)
	addMeasured(h, other[0], "of-another", 10, `[{"bp": {"systolic": 199, "diastolic": 99}}]`)
	return h, h.SignIn(ana)
}

var tableCell = regexp.MustCompile(`<td data-label="(?:Upper|Lower)[^"]*">(?:<bdi>)?([^<]*)`)

// cells are the values in the table of an answer.
func cells(a testhub.Answer) (values []string) {
	for _, found := range tableCell.FindAllStringSubmatch(a.Text, -1) {
		values = append(values, found[1])
	}
	return values
}

func TestMeasurementsAreShownOverATime(t *testing.T) {
	t.Parallel()
	_, b := newMeasuredBook(t)
	for query, want := range map[string]string{
		"": "121 81 132 84", "?period=3m": "121 81", "?period=1y": "121 81 132 84", "?period=2y": "121 81 132 84 143 95",
		"?period=all": "121 81 132 84 143 95 154 98", "?period=&kind=": "121 81 132 84", "?period=x&kind=y&z=&after=-1": "121 81 132 84",
		"?kind=weight": "", "?kind=steps": "",
	} {
		a := b.Get("/portal/measurements"+query).Want(t, http.StatusOK)
		if got := strings.Join(cells(a), " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}

	newest := b.Get("/portal/measurements").Text
	for _, want := range []string{"121/81 mmHg", "70 /min", "71.20 kg", "24.1 kg/m²", "36.5 °C"} {
		if !strings.Contains(newest, "<bdi>"+want+"</bdi>") {
			t.Errorf("the newest value %s is not told", want)
		}
	}
	if none := b.Get("/portal/measurements?kind=steps").Text; !strings.Contains(none, "Nothing of this was measured") || !strings.Contains(none, "period=all") {
		t.Errorf("where there is nothing it says: %s", none)
	}
}

// A reading that is of words alone has no number that could stand for it, and so no unit.
func TestAReadingOfWordsHasNoUnit(t *testing.T) {
	t.Parallel()
	h, b := newMeasuredBook(t)
	addMeasured(h, ana[0], "slept", 5, `[{"sleep": {"sleepquality": "good"}}]`)
	a := b.Get("/portal/measurements").Want(t, http.StatusOK)
	if !strings.Contains(a.Text, `kind=sleep&amp;period=1y" aria-current="true">Sleep</a>`) {
		t.Errorf("the sleep is told as %s", regexp.MustCompile(`.*kind=sleep.*`).FindString(a.Text))
	}
}

// chartDots are the values of a chart's dots, by its height: the ends of the axis of values are
// read from its texts.
var (
	dotPlace = regexp.MustCompile(`<circle cx="([0-9.]+)%" cy="([0-9.]+)%"[^/>]*><title>`)
	axisText = regexp.MustCompile(`<text x="-8" dy="4" y="([0-9.]+)%">(-?[0-9.]+)</text>`)
)

func chartDots(t *testing.T, svg string) (values []string) {
	t.Helper()
	ticks := axisText.FindAllStringSubmatch(svg, -1)
	if len(ticks) < 2 {
		t.Fatalf("the axis of values is not found: %s", svg)
	}
	number := func(text string) float64 {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first, last := ticks[0], ticks[len(ticks)-1]
	scale := (number(last[2]) - number(first[2])) / (number(last[1]) - number(first[1]))
	for _, dot := range dotPlace.FindAllStringSubmatch(svg, -1) {
		values = append(values, fmt.Sprintf("%.0f", number(first[2])+scale*(number(dot[2])-number(first[1]))))
	}
	return values
}

// From the picture back to the values: they are those of the API, and a changed value moves its dot.
func TestTheChartSaysWhatTheRecordsSay(t *testing.T) {
	t.Parallel()
	h, b := newMeasuredBook(t)
	dots := func() []string { return chartDots(t, b.Get("/portal/measurements?period=all").Text) }
	if diff := cmp.Diff([]string{"154", "143", "132", "121"}, dots()); diff != "" {
		t.Errorf("the dots: %s", diff)
	}

	h.Do(root, http.MethodPatch, "/pols/"+ana[0]+"/hospital", `{"measurements": "{'bp': {'systolic': 118, 'diastolic': 84}}"}`).Want(t, http.StatusOK)
	if diff := cmp.Diff([]string{"154", "143", "118", "121"}, dots()); diff != "" {
		t.Errorf("after a change: %s", diff)
	}
}

// A long table comes in parts, and the chart has all of it.
func TestALongTableComesInParts(t *testing.T) {
	t.Parallel()
	h, b := newMeasuredBook(t)
	var want []string
	for n := range 57 {
		addMeasured(h, ana[0], fmt.Sprintf("day-%02d", n), n+30, fmt.Sprintf(`[{"bp": {"systolic": %d, "diastolic": 70}}]`, 100+n))
		want = append(want, strconv.Itoa(100+n), "70")
	}

	var got []string
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for path := "/portal/measurements?period=3m"; path != ""; {
		a := b.Get(path).Want(t, http.StatusOK)
		part := cells(a)
		if len(part) > 50 || len(dotPlace.FindAllString(a.Text, -1)) != 58 {
			t.Errorf("%s: %d values, %d dots", path, len(part), len(dotPlace.FindAllString(a.Text, -1)))
		}
		got, path = append(got, part...), ""
		if link := next.FindStringSubmatch(a.Text); link != nil {
			path = strings.ReplaceAll(link[1], "&amp;", "&")
		}
	}
	if diff := cmp.Diff(append([]string{"121", "81"}, want...), got); diff != "" {
		t.Error(diff)
	}
}

// What cannot be read, or has no place in time, is told with its page, and never left out in silence.
func TestWhatCannotBeReadIsTold(t *testing.T) {
	t.Parallel()
	h, b := newMeasuredBook(t)
	if a := b.Get("/portal/measurements"); strings.Contains(a.Text, "Not shown") {
		t.Errorf("something is not shown: %s", a.Text)
	}
	addMeasured(h, ana[0], "broken", 3, `"{'bp': {'systolic': 1"`)
	addMeasured(h, ana[0], "words", 4, `[{"hr": "high"}]`)
	addMeasured(h, ana[0], "endless", 5, `[{"hr": 70, "note": "`+strings.Repeat("x", 20_000)+`"}]`)
	addMeasured(h, ana[0], "undated", 5, `[{"hr": 71}]`)
	h.DB.Exec(`UPDATE pols SET data = data || '{"page_date": "last <week>"}' WHERE id = 'undated'`)
	a := b.Get("/portal/measurements?period=3m").Want(t, http.StatusOK)
	for _, page := range []string{"broken", "words", "endless", "undated"} {
		if !strings.Contains(a.Text, `<li><a href="/portal/page/`+page+`"`) {
			t.Errorf("%s is not told", page)
		}
	}
	if !strings.Contains(a.Text, "last &lt;week&gt;") || strings.Contains(a.Text, `/portal/page/phone"`) && strings.Count(a.Text, "<li><a href=\"/portal/page/") != 4 {
		t.Errorf("the list is another: %s", a.Text)
	}
}

// The file has every value, as it was sent, and no spreadsheet runs any of it.
func TestTheFileHasEveryValueAndNoFormula(t *testing.T) {
	t.Parallel()
	h, b := newMeasuredBook(t)
	addMeasured(h, ana[0], "=cmd|' /C calc'!A0", 1, `[{"mood_energy": {"mood": -3}}, {"sleep": {"sleeptime": "8", "sleepquality": "@SUM(1)"}}]`)
	addMeasured(h, ana[0], "undated", 5, `[{"hr": 71}]`)
	h.DB.Exec(`UPDATE pols SET data = data || '{"page_date": "+1"}' WHERE id = 'undated'`)
	a := b.Get("/portal/measurements.csv?period=3m").Want(t, http.StatusOK)
	if a.Header.Get("Content-Type") != "text/csv; charset=utf-8" || a.Header.Get("Content-Disposition") != `attachment; filename="measurements.csv"` {
		t.Errorf("it comes with %v", a.Header)
	}
	lines, err := csv.NewReader(strings.NewReader(a.Text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range lines {
		got = append(got, strings.Join(line[1:], " "))
	}
	want := []string{
		"kind part value unit page",
		"mood mood -3  '=cmd|' /C calc'!A0", "sleep hours 8 h '=cmd|' /C calc'!A0", "sleep quality '@SUM(1)  '=cmd|' /C calc'!A0",
		"blood_pressure systolic 121 mmHg phone", "blood_pressure diastolic 81 mmHg phone", "heart_rate  70 /min phone",
		"weight  71.20 kg phone-weight", "bmi  24.1 kg/m² phone-weight", "heart_rate  71 /min undated",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Measurements are those of a book, for whoever may read that.
func TestMeasurementsAreReadByThoseWhoReadTheBook(t *testing.T) {
	t.Parallel()
	h, _ := newMeasuredBook(t)
	reader := h.Enrol("READER", "reads")
	h.SetPolicy(policyWith(t, `{"role": "reads", "permissions": {"GET": ["login", "page"], "global": "True"}}`))
	for _, c := range []struct {
		account []string
		book    string
		status  int
		value   string
	}{
		{nobody, "", 303, ""}, {ana, "", 200, "121"}, {other, "", 200, "199"}, {ana, "people/" + other[0] + "/", 403, ""},
		{ana, "people/" + ana[0] + "/", 200, "121"}, {testhub.Cameron, "people/" + ana[0] + "/", 200, "121"},
		{testhub.Cameron, "people/" + testhub.Small(ana) + "/", 200, "121"}, {root, "people/" + other[0] + "/", 200, "199"},
		{reader, "people/" + ana[0] + "/", 403, ""}, {reader, "", 403, ""},
	} {
		for _, screen := range []string{"measurements", "measurements.csv"} {
			a := h.SignIn(c.account).Get("/portal/"+c.book+screen).Want(t, c.status)
			for _, value := range []string{"121", "199"} {
				if strings.Contains(a.Text, value) != (value == c.value) {
					t.Errorf("%v %s%s: %s", c.account, c.book, screen, a.Text)
				}
			}
		}
	}
}

func TestTheFileIsReadInPieces(t *testing.T) {
	t.Parallel()
	h, _ := newMeasuredBook(t)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT 'n' || n, $1, jsonb_build_object('page_date', to_char(timestamp '2020-01-01' + n % 700 * interval '1 day', 'YYYY-MM-DD'),
		'measurements', jsonb_build_array(jsonb_build_object('wt', n))) FROM generate_series(1, 1100) AS n`, other[0])
	h.DB.Exec(`UPDATE pols SET data = data - 'page_date' WHERE id LIKE 'n%5'`)
	lines, err := csv.NewReader(strings.NewReader(h.SignIn(other).Get("/portal/measurements.csv?period=all").Text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, line := range lines {
		seen = append(seen, line[5])
	}
	slices.Sort(seen)
	if once := len(slices.Compact(seen)); once != 1102 || len(lines) != 1103 {
		t.Errorf("%d lines, %d pages", len(lines), once)
	}
}
