// SPDX-License-Identifier: GPL-3.0-or-later

// Package check looks over an installation, and tells its administrator in sentences its faults
// and their remedies. It only reads.
//
// A new check is a line in table.go and a function in the file of its topic.
package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"thalamus/internal/store"
)

// State is how something is.
type State string

// The states, each worse than the ones before it.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, and something may go wrong
	Unknown State = "unknown" // it could not be looked at
	Fault   State = "fault"   // it does not work, or records are in danger
)

// Finding is what a check has to say about one thing.
type Finding struct {
	Check  string `json:"check"`
	State  State  `json:"state"`
	Says   string `json:"says"`
	Remedy string `json:"remedy,omitempty"`
}

// Site is an installation.
type Site struct {
	File             string   // the configuration; empty: the environment is all
	Flags            string   // that make a command of this program read it, with a blank before them
	Faults, Warnings []string // of the configuration; with faults nothing else here is known

	Listen         string // host:port
	Exposed        error  // why the server refuses to listen there
	AllowPlaintext bool
	Cert, Key      string // of TLS; empty: none
	Proxied        bool   // somebody in front is trusted
	Origins        []string

	Roles, Record string // files
	Secret        string // of the files: the URL of the database
	SecretFile    string // where it stands alone; empty: nowhere
	Retention     bool   // changes are cut

	DB       *store.DB // closed by who has made it
	Unopened error     // why there is none
}

// Run makes all checks, in the order of the table.
func Run(ctx context.Context, s Site) []Finding { return run(ctx, s, table) }

// AtStart makes the checks that a server makes when it has started, and gives the findings that
// are not OK.
func AtStart(ctx context.Context, s Site) []Finding {
	worst := slices.DeleteFunc(slices.Clone(table), func(c check) bool { return !c.atStart })
	return slices.DeleteFunc(run(ctx, s, worst), func(f Finding) bool { return f.State == OK })
}

// Worst gives the worst state of all findings.
func Worst(found []Finding) State {
	order := []State{OK, Warning, Unknown, Fault}
	worst := 0
	for _, f := range found {
		worst = max(worst, slices.Index(order, f.State))
	}
	return order[worst]
}

// run makes checks one after the other. One that needs another which found a fault is not made.
func run(ctx context.Context, s Site, checks []check) (all []Finding) {
	failed := map[string]bool{}
	for _, c := range checks {
		found, timedOut := c.findings(ctx, s, failed)
		if timedOut { // only the database lets anybody wait
			failed["database"] = true
		}

		if worst := Worst(found); worst == Fault || worst == Unknown {
			failed[c.name] = true
		}

		for _, f := range found {
			f.Check = c.name
			all = append(all, f)
		}
	}

	return all
}

// findings gives one finding at least; timedOut says that the check was given up.
func (c check) findings(ctx context.Context, s Site, failed map[string]bool) (found []Finding, timedOut bool) {
	for _, needed := range c.needs {
		if failed[needed] {
			return []Finding{{State: Unknown, Says: fmt.Sprintf("Not looked at, because of the check %q.", needed)}}, false
		}
	}

	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()

	found, err := c.run(ctx, s)
	if err != nil && ctx.Err() != nil {
		return []Finding{{State: Unknown, Says: fmt.Sprintf("There was no answer within %v.", c.timeout)}}, true
	}
	if err != nil {
		return []Finding{{State: Unknown, Says: sentence("This could not be looked at: " + err.Error())}}, false
	}
	return found, false
}

// check is one that is made.
type check struct {
	name    string
	needs   []string      // the checks that must not have found a fault
	atStart bool          // a server makes it, too
	timeout time.Duration // it is given up after that
	run     func(ctx context.Context, s Site) ([]Finding, error)
}

// passed, warning and fault make the only finding of a check, in a sentence.
func passed(format string, args ...any) []Finding {
	return []Finding{{State: OK, Says: fmt.Sprintf(format, args...)}}
}

func warning(says, remedy string) []Finding {
	return []Finding{{State: Warning, Says: sentence(says), Remedy: remedy}}
}

func fault(says, remedy string) []Finding {
	return []Finding{{State: Fault, Says: sentence(says), Remedy: remedy}}
}

// findingsOf makes a finding of each sentence, which may lack its full stop. Without any it gives
// none.
func findingsOf(state State, sentences []string, remedy string, none []Finding) []Finding {
	if len(sentences) == 0 {
		return none
	}

	var found []Finding
	for _, says := range sentences {
		found = append(found, Finding{State: state, Says: sentence(says), Remedy: remedy})
	}

	return found
}

// sentence ends a text, perhaps an error's, with one full stop, unless it is a question.
func sentence(text string) string {
	text = strings.TrimRight(text, ".")
	if strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
