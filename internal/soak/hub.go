// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"thalamus/internal/program"
)

// hub is a thalamus that can be started again where it was.
type hub struct {
	site    *site
	name    string
	address string // host:port for everybody
	admin   string // host:port of its metrics
	record  string // the file of its access record
	running *program.Program
	earlier []*program.Program // that were killed; their logs stay
}

func (s *site) newHub(ctx context.Context, name string) (h *hub, err error) {
	h = &hub{site: s, name: name, record: filepath.Join(s.temp, name+"-access.jsonl")}
	h.address, err = freeAddress(ctx)
	if err != nil {
		return h, err
	}
	h.admin, err = freeAddress(ctx)
	if err != nil {
		return h, err
	}
	return h, h.start(ctx)
}

// start returns when the hub serves.
func (h *hub) start(ctx context.Context) error {
	cmd := program.Command(context.WithoutCancel(ctx), h.site.thalamus, h.site.url(), "serve")
	cmd.Env = append(cmd.Env, "THALAMUS_SERVER_LISTEN="+h.address, "THALAMUS_ADMIN_LISTEN="+h.admin, "THALAMUS_ACCESS_RECORD="+h.record,
		"THALAMUS_PASSWORDS_COST=6", "THALAMUS_SERVER_DRAIN_DELAY=0s", "THALAMUS_LOGIN_WORKERS=2")
	running, err := program.Start(ctx, cmd, h.site.temp)
	if err != nil {
		return fmt.Errorf("start the %s hub: %w", h.name, err)
	}

	h.running = running
	return nil
}

// kill ends the hub at once, as the kernel does with one that has too much memory.
func (h *hub) kill() error {
	h.earlier = append(h.earlier, h.running)
	return h.running.Stop()
}

// end ends the hub as a service manager does.
func (h *hub) end() error {
	h.earlier = append(h.earlier, h.running)
	status := h.running.Terminate()
	if status != 0 {
		return fmt.Errorf("the %s hub ended with status %d", h.name, status)
	}
	return nil
}

// logs is all that the hub has written, in all its lives.
func (h *hub) logs() ([]byte, error) {
	var all bytes.Buffer
	for _, life := range append(h.earlier, h.running) {
		text, err := life.Log()
		if err != nil {
			return nil, fmt.Errorf("read the log of the %s hub: %w", h.name, err)
		}
		all.Write(text)
	}
	return all.Bytes(), nil
}

// checkLogs looks for what no log may have: panics, faults of the server, and passwords.
func (s *site) checkLogs(faults *faults) {
	for _, h := range []*hub{s.steady, s.mortal} {
		text, err := h.logs()
		if err != nil {
			faults.add("%v", err)
		}
		for line := range bytes.Lines(text) {
			for _, bad := range [][]byte{[]byte("panic"), []byte("status=500"), []byte(rootPassword), []byte(password)} {
				if bytes.Contains(line, bad) {
					faults.add("the log of the %s hub has %q: %.300s", h.name, bad, line)
				}
			}
		}
	}
}
