// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import (
	"cmp"
	"slices"
	"strings"
)

// Resource is a kind of records, by its name in the feed, in files and in commands.
type Resource string

// The resources. A link of two persons is in files, too, but has no history; the opening of a book in an emergency has
// changes only, for those who ask for them by name.
const (
	Person      Resource = "person"
	Page        Resource = "page"
	Document    Resource = "document"
	Unit        Resource = "unit"
	Institution Resource = "institution"
	Link        Resource = "link"
	Emergency   Resource = "emergency"
)

// ResourceInfo describes the records of a resource. Its table has the
// columns id, data and version, besides those that are named here.
type ResourceInfo struct {
	Resource Resource
	Noun     string // of one record, in sentences
	Endpoint string // the one whose grant shows a record
	Table    string
	Owner    string // the column of the person of a record; "" if it is about nobody
	Page     string // the column of the page that it hangs on; "" if it hangs on none
	Bytes    string // the column of the bytes beside its data; "" if there are none
	Secret   string // the key of its data that no reply has; "" if there is none
	Order    int    // in files: a record refers to earlier ones only
}

// resources is in the order in which sentences name them.
var resources = []ResourceInfo{
	{Resource: Person, Noun: "User", Endpoint: "person", Table: "people", Owner: "id", Secret: "password", Order: 3},
	{Resource: Page, Noun: "Page", Endpoint: "page", Table: "pols", Owner: "book", Order: 4},
	{Resource: Document, Noun: "Document", Endpoint: "document", Table: "personal_docs", Owner: "fedacct", Page: "pol", Bytes: "document", Order: 5},
	{Resource: Unit, Noun: "Domiciliary unit", Endpoint: "domiciliaryunit", Table: "dus", Order: 2},
	{Resource: Institution, Noun: "Institution", Endpoint: "institution", Table: "institutions", Order: 1},
}

// Resources gives all but links and emergencies.
func Resources() []ResourceInfo { return slices.Clone(resources) }

// ResourcesInOrder gives them as files have them.
func ResourcesInOrder() []ResourceInfo {
	return slices.SortedFunc(slices.Values(resources), func(a, b ResourceInfo) int { return cmp.Compare(a.Order, b.Order) })
}

// Info describes a resource. It is zero for links and emergencies, and for unknown resources.
func (r Resource) Info() ResourceInfo {
	for i := range resources {
		if resources[i].Resource == r {
			return resources[i]
		}
	}
	return ResourceInfo{}
}

// Known reports whether there is such a resource; links are none here.
func (r Resource) Known() bool { return r.Info().Table != "" }

// Belongs reports whether a record is about a person without being one.
func (i ResourceInfo) Belongs() bool { return i.Owner != "" && i.Owner != "id" }

// ResourceNames lists the names of all but links, and of others, as a sentence does:
// person, page or unit.
func ResourceNames(others ...Resource) string {
	var names []string
	for _, r := range resources {
		names = append(names, string(r.Resource))
	}

	for _, other := range others {
		names = append(names, string(other))
	}

	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
