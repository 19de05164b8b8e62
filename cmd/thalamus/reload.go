// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"os"

	"thalamus/internal/config"
	"thalamus/internal/task"
)

// reload takes up the roles file, the certificate and the file of the access record
// again. A fault of one is logged and changes nothing of it.
func reload(h hub, c config.Config, p parts) {
	policy, err := loadPolicy(c, p.log)
	if err == nil {
		h.SetPolicy(policy)
	}

	if p.certs != nil {
		err = errors.Join(err, p.certs.Reload())
	}

	err = errors.Join(err, p.record.Reopen())
	if err != nil {
		p.log.Error("reload", "error", err)
		return
	}

	p.log.Info("reloaded the roles file, the certificate and the access record")
}

// onHangup does something at each SIGHUP until it is stopped, also after ctx.
func onHangup(ctx context.Context, hangups <-chan os.Signal, do func()) *task.Task {
	return task.Start(context.WithoutCancel(ctx), func(ctx context.Context) {
		for {
			select {
			case <-hangups:
				do()
			case <-ctx.Done():
				return
			}
		}
	})
}
