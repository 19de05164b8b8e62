// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The shipped file has every key, says a test of the configuration.
func TestTheConfigurationHasEveryKey(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../etc/thalamus.toml")
	if err != nil {
		t.Fatal(err)
	}
	page, _ := Find("configuration")
	section := ""
	for _, found := range regexp.MustCompile(`(?m)^\[(\w+)\]$|^#?(\w+) = `).FindAllStringSubmatch(string(text), -1) {
		if found[1] != "" {
			section = found[1]
			continue
		}
		if !hasKey(page.Body, section, found[2]) {
			t.Errorf("there is no %s.%s in it", section, found[2])
		}
	}
}

// hasKey looks for a row of the key, or of others of its section and the key: `server.tls_cert`, `tls_key`.
func hasKey(page, section, key string) bool {
	for line := range strings.Lines(page) {
		head, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if strings.Contains(head, "`"+section+"."+key+"`") || strings.HasPrefix(head, "`"+section+".") && strings.Contains(head, ", `"+key+"`") {
			return true
		}
	}
	return false
}
