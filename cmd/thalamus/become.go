// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// become makes this program of root's one of another user's, if there is such a user.
func become(name string) error {
	u, err := user.Lookup(name)
	if os.Geteuid() != 0 || err != nil {
		return nil //nolint:nilerr // as in a container, where root serves
	}

	groups, err := u.GroupIds()
	if err != nil {
		return fmt.Errorf("become user %s: %w", name, err)
	}

	var ids []int
	for _, text := range append([]string{u.Gid, u.Uid}, groups...) {
		id, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("become user %s: %w", name, err)
		}
		ids = append(ids, id)
	}

	if err := errors.Join(syscall.Setgroups(ids[2:]), syscall.Setgid(ids[0]), syscall.Setuid(ids[1])); err != nil {
		return fmt.Errorf("become user %s: %w", name, err)
	}
	return nil
}
