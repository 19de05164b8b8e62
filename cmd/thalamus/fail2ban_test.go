// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/config"
	"thalamus/internal/gate"
	"thalamus/internal/logging"
	"thalamus/internal/testhub"
)

// failregex are the expressions of etc/fail2ban, each with the address as its only group. Dates are
// what fail2ban cuts off the line of a file before it looks; of the journal's it cuts nothing.
func failregex(t *testing.T) (expressions []*regexp.Regexp, dates *regexp.Regexp) {
	t.Helper()
	text, err := os.ReadFile("../../etc/fail2ban/filter.d/thalamus.conf")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, setting := range regexp.MustCompile(`(?m)^(\w+) = (.*(?:\n .*)*)`).FindAllStringSubmatch(string(text), -1) {
		settings[setting[1]] = setting[2]
	}
	fill := strings.NewReplacer("%(_before)s", settings["_before"], "%(_says)s", settings["_says"], "<ADDR>", "([0-9a-f.:]+)")
	for line := range strings.Lines(settings["failregex"]) {
		expressions = append(expressions, regexp.MustCompile(fill.Replace(strings.TrimSpace(line))))
	}
	when := strings.NewReplacer("%%Y", `\d{4}`, "%%m", `\d\d`, "%%d", `\d\d`, "%%H", `\d\d`, "%%M", `\d\d`, "%%S", `\d\d`, "%%f", `\d+`, "%%z", `(?:Z|[+-]\d\d:\d\d)`)
	return expressions, regexp.MustCompile(when.Replace(strings.Join(strings.Fields(settings["datepattern"]), "|")))
}

// banned gives the addresses that the lines would have banned, and how often.
func banned(t *testing.T, lines []string) map[string]int {
	t.Helper()
	expressions, _ := failregex(t)
	found := map[string]int{}
	for _, line := range lines {
		for _, expression := range expressions {
			if match := expression.FindStringSubmatch(line); match != nil {
				found[match[1]]++
			}
		}
	}
	return found
}

func TestFail2banFindsFailedLoginsAndNothingElse(t *testing.T) {
	t.Parallel()
	_, dates := failregex(t)
	for _, format := range []string{"text", "json"} {
		var log testhub.LogBuffer
		hub := testhub.Quick(t, throttled(t), func(o *testhub.Options) {
			o.Log = logging.New(config.Log{Format: format}, &log)
			o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		})
		const claims = `x" from=192.0.2.99 error="The account or the password is wrong."`
		for from, account := range map[string]string{"": testhub.Ana[0], "192.0.2.7": "NOBODY", "2001:db8::7": claims} {
			t.Run(from, func(t *testing.T) {
				loginFrom(t, hub.URL, from, account, "wrong")
				loginFrom(t, hub.URL, from, "", "")
				loginFrom(t, hub.URL, from, testhub.Ana[0], testhub.Ana[1])
			})
		}
		for n := range 11 { // the first ten are compared
			loginFrom(t, hub.URL, "192.0.2.8", testhub.Ana[0], strconv.Itoa(n))
		}
		hub.Close() // when all is logged

		var journal, file []string
		for line := range strings.Lines(log.String()) {
			line = strings.TrimSuffix(line, "\n")
			journal = append(journal, "hub thalamus[7]: "+line)
			file = append(file, dates.ReplaceAllString(line, ""))
		}
		words := strings.NewReplacer("The account", "An account", "Too many", "So many")
		if got := banned(t, strings.Split(words.Replace(log.String()), "\n")); len(got) > 0 {
			t.Errorf("%s: requests that are refused for another reason: %v", format, got)
		}
		for from, lines := range map[string][]string{"the journal": journal, "a file": file} {
			t.Run(from, func(t *testing.T) {
				if got := fmt.Sprint(banned(t, lines)); got != "map[127.0.0.1:1 192.0.2.7:1 192.0.2.8:11 2001:db8::7:1]" {
					t.Errorf("%s in %s: %s", format, from, got)
				}
			})
		}
	}
}

// throttled makes a hub refuse those who fail too often.
func throttled(t *testing.T) func(*testhub.Options) {
	return func(o *testhub.Options) {
		verifier, err := auth.NewVerifier(auth.Options{
			Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: 4, Remember: time.Minute, Workers: 1, Throttle: true, Pause: gate.Pause,
		})
		if err != nil {
			t.Fatal(err)
		}
		o.Verifier = verifier
	}
}

// loginFrom asks as a proxy does for a client at an address; with neither for itself, nor with a
// password.
func loginFrom(t *testing.T, url, from, account, password string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/people/"+testhub.Ana[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if from != "" {
		r.Header.Set("X-Forwarded-For", from)
	}
	if account != "" {
		r.SetBasicAuth(account, password)
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
}
