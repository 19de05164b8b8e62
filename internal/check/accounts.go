// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/demo"
	"thalamus/internal/store"
)

// administrators checks that a person who may change roles can log in.
func administrators(ctx context.Context, s Site) ([]Finding, error) {
	policy, _, err := access.Load(s.Roles)
	if err != nil {
		return nil, err
	}

	roles := policy.Administrators()
	if len(roles) == 0 {
		return fault("No role administers accounts.", "In "+s.Roles+`, grant "roles" under PATCH to a role with "global".`), nil
	}

	has, err := s.DB.HasAdministrator(ctx, roles)
	if err != nil {
		return nil, err
	}
	if has {
		return passed("Somebody can log in who administers accounts."), nil
	}

	closed, err := s.DB.LastAdministrators(ctx, roles)
	if err != nil {
		return nil, err
	}

	remedy := "thalamus account add ID --role " + roles[0] + s.Flags
	if len(closed) > 0 {
		remedy = Opening(closed[0])
	}

	return fault("Nobody can log in who administers accounts.", remedy), nil
}

// active looks for accounts that were meant to be open, perhaps.
func active(ctx context.Context, s Site) ([]Finding, error) {
	closed, err := s.DB.Closed(ctx)
	if err != nil {
		return nil, err
	}
	if closed.Count > 0 {
		return warning("Accounts are closed, because active is neither true nor null nor absent: "+formatAccounts(closed)+".", "For each that is to be open: "+Opening(closed.IDs[0])), nil
	}
	return passed("No account is closed by a slip of the pen."), nil
}

// Opening is the statement that opens an account.
func Opening(id string) string {
	return `UPDATE people SET data = jsonb_set(data, '{active}', 'true') WHERE id = '` + strings.ReplaceAll(id, "'", "''") + `';`
}

// formatAccounts gives the count of accounts, and the first of them.
func formatAccounts(a store.Accounts) string { return fmt.Sprintf("%d (%s)", a.Count, a.First()) }

// hashes looks at how passwords are kept.
func hashes(ctx context.Context, s Site) (found []Finding, err error) {
	malformed, err := s.DB.MalformedHashes(ctx)
	if err != nil {
		return nil, err
	}

	weak, err := s.DB.WeakHashes(ctx)
	if err != nil {
		return nil, err
	}

	if malformed.Count > 0 {
		found = append(found, fault("Passwords are kept as something else than a bcrypt hash, perhaps as they are typed, and nobody can log in with them: "+formatAccounts(malformed)+".",
			"For each: thalamus account password ID"+s.Flags)...)
	}

	if weak.Count > 0 {
		found = append(found, warning("Stolen hashes would be quick to guess, because their cost is below 10: "+formatAccounts(weak)+".",
			"Each is replaced at the next login, if passwords.cost is higher; for the others: thalamus account password ID"+s.Flags)...)
	}

	if found == nil {
		found = passed("Passwords are kept as bcrypt hashes of a cost of 10 at least.")
	}

	return found, nil
}

// demoAccounts looks for accounts of the demo with their public passwords.
func demoAccounts(ctx context.Context, s Site) ([]Finding, error) {
	if isDemo(s.File) {
		return passed("This is a demo."), nil
	}

	public, err := demo.Accounts()
	if err != nil {
		return nil, err
	}

	stored, err := s.DB.Hashes(ctx, public)
	if err != nil {
		return nil, err
	}

	var open []string
	for _, account := range stored {
		if slices.ContainsFunc(demo.Passwords, func(password string) bool { return auth.Fits(account.Hash, password) }) {
			open = append(open, account.ID)
		}
	}

	if len(open) > 0 {
		return fault("Accounts of the demo have the passwords that everybody can read in its documentation: "+strings.Join(open, ", ")+".",
			"For each: thalamus account password ID"+s.Flags+", or DELETE /people/ID"), nil
	}

	return passed("No account has a public password of the demo."), nil
}

// isDemo reports whether a configuration file is in a demo's directory.
func isDemo(file string) bool {
	if file == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(file), demo.Marker))
	return err == nil
}
