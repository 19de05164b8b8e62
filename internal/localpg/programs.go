// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// programs are PostgreSQL's programs and the user they run as.
type programs struct {
	bin  string
	user string
	cred *syscall.Credential // nil: as ourselves
}

// findPrograms finds the programs of a major version, or of any that is new enough for 0.
func findPrograms(ctx context.Context, major int) (programs, error) {
	bin, err := systemSearch().find(ctx, major)
	if err != nil {
		return programs{}, err
	}
	return newPrograms(bin)
}

// newPrograms chooses the user: ourselves, or an unprivileged one when we are
// root, as PostgreSQL refuses to run as root.
func newPrograms(bin string) (programs, error) {
	if os.Geteuid() != 0 {
		return programs{bin: bin, user: strconv.Itoa(os.Geteuid())}, nil
	}

	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		return programsAs(bin, u)
	}
	return programs{}, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

func programsAs(bin string, u *user.User) (programs, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return programs{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return programs{}, fmt.Errorf("user %s: %w", u.Username, err)
	}

	cred := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return programs{bin: bin, user: u.Username, cred: cred}, nil
}

// command prepares a program to run in dir. It gets a process group of its
// own, so that Ctrl-C in a terminal does not reach it, and almost nothing of
// our environment, which may hold secrets and PG variables.
func (p programs) command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir = dir
	cmd.Env = []string{"LC_ALL=C"}
	for _, key := range []string{"PATH", "LD_LIBRARY_PATH", "TMPDIR"} {
		v, set := os.LookupEnv(key)
		if set {
			cmd.Env = append(cmd.Env, key+"="+v)
		}
	}

	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.cred, Setpgid: true}
	return cmd
}

// chown gives a file to the user.
func (p programs) chown(path string) error {
	if p.cred == nil {
		return nil
	}
	return os.Chown(path, int(p.cred.Uid), int(p.cred.Gid))
}

// checkPath fails unless the user can enter the directory, and names the
// parent that is closed.
func (p programs) checkPath(ctx context.Context, dir string) error {
	err := p.enter(ctx, dir)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	err = p.enter(ctx, "/")
	if err != nil {
		return fmt.Errorf("user %s cannot run PostgreSQL: %w", p.user, err)
	}

	for parent := filepath.Dir(dir); p.enter(ctx, parent) != nil; parent = filepath.Dir(dir) {
		dir = parent
	}
	return fmt.Errorf("user %s, as whom PostgreSQL runs, may not enter %s:"+
		" use a data directory elsewhere, or chmod o+x %[2]s", p.user, dir)
}

// enter tries the directory by running a harmless program there: besides its mode
// there may be access lists.
func (p programs) enter(ctx context.Context, dir string) error {
	err := p.command(ctx, dir, "postgres", "--version").Run()
	if err != nil {
		return fmt.Errorf("run postgres in %s: %w", dir, err)
	}
	return nil
}
