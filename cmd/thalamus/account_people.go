// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"os"

	"thalamus/internal/account"
	"thalamus/internal/auth"
	"thalamus/internal/record"
)

// readList reads the people of a file, or of standard input.
func readList(name string, env environment) ([]account.Person, error) {
	if name == "-" {
		return account.ReadPeople(env.stdin)
	}

	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read

	people, err := account.ReadPeople(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return people, nil
}

// addList creates the accounts of a list, one after another, and prints the password of each.
func (a administration) addList(ctx context.Context, o addOptions, env environment) error {
	people, err := readList(o.list, env)
	if err != nil {
		return err
	}

	refused := 0
	for _, p := range people {
		if len(p.Roles) == 0 {
			p.Roles = o.person.Roles
		}

		p.Roles = account.NewRoles(a.policy, p.Roles, o.only)
		wrong, err := a.addListed(ctx, p, env)
		if err != nil {
			return fmt.Errorf("line %d: %w; run it again to go on", p.Line, err)
		}

		if wrong != nil {
			fmt.Fprintf(env.stderr, "line %d: %s\n", p.Line, record.Visible(wrong.Error()))
			refused++
		}
	}

	if refused > 0 {
		return partlyError(fmt.Sprintf("%d of %d rows were refused; the others have their accounts", refused, len(people)))
	}
	return nil
}

// addListed creates an account of a list. It says what is wrong with the row; err is a fault
// that the next would meet, too.
func (a administration) addListed(ctx context.Context, p account.Person, env environment) (wrong, err error) {
	wrong = a.fault(p)
	if wrong != nil {
		return wrong, nil
	}

	exists, err := a.exists(ctx, p.Spelled)
	if err != nil {
		return nil, err
	}
	if exists {
		fmt.Fprintf(env.stderr, "line %d: %s exists already, and keeps its password\n", p.Line, p.ID)
		return nil, nil
	}
	return a.addNew(ctx, p, env)
}

// addNew creates an account with a first password, and prints it.
func (a administration) addNew(ctx context.Context, p account.Person, env environment) (wrong, err error) {
	rules := passwords(a.config)
	password, err := account.FirstPassword(rules.MinLength)
	if err != nil {
		return nil, err
	}

	hash, err := auth.Hash(password, rules.Cost)
	if err != nil {
		return nil, err
	}

	created, err := a.create(ctx, p, hash)
	if err != nil {
		return nil, err
	}
	if !created {
		return fmt.Errorf("%s was created by somebody else at this moment", p.ID), nil
	}

	_, err = fmt.Fprintf(env.stdout, "%-16s %s  %s\n", p.ID, password, record.Visible(p.Called()))
	return nil, err
}

// fault is why somebody on a list gets no account.
func (a administration) fault(p account.Person) error {
	switch {
	case p.Wrong != nil:
		return p.Wrong
	case len(p.Roles) == 0:
		return fmt.Errorf("%s has no role", p.ID)
	}
	return a.knownRoles(p.Roles)
}
