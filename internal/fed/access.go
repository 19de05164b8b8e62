// SPDX-License-Identifier: GPL-3.0-or-later

package fed

// AccessWay is how an account came to see a person.
type AccessWay string

// The ways. A reader of everybody may not have looked at this person.
const (
	AccessAsked  AccessWay = "asked"  // the request named the person
	AccessListed AccessWay = "listed" // a list had the person
	AccessAll    AccessWay = "all"    // the reply was of everybody
)
