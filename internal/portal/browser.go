// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import "strings"

// named is a word of a User-Agent with the name that people know.
type named struct{ word, name string }

// browsers and systems stand in the order in which they are looked for: most browsers name
// others, too, which they are like.
var (
	browsers = []named{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = []named{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

// browserOf names a browser as people know it, as far as its User-Agent tells.
func browserOf(agent string) message {
	browser, system := nameIn(agent, browsers), nameIn(agent, systems)
	switch {
	case browser == "" || system == "":
		return say("sessions.unknown_browser")
	default:
		return say("sessions.browser", "browser", browser, "system", system)
	}
}

func nameIn(agent string, all []named) string {
	for _, one := range all {
		if strings.Contains(agent, one.word) {
			return one.name
		}
	}
	return ""
}
