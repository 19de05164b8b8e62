// SPDX-License-Identifier: GPL-3.0-or-later

package config

import "testing"

func TestACommandLineNamesAnotherConfigurationThanTheDefault(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"": "", "/etc/thalamus/thalamus.toml": "", "/srv/hub.toml": " --config /srv/hub.toml", "/srv/a hub.toml": " --config '/srv/a hub.toml'"} {
		t.Run(file, func(t *testing.T) {
			if got := Flag(file); got != want {
				t.Errorf("%q: got %q, want %q", file, got, want)
			}
		})
	}
}
