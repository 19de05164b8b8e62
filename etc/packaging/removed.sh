#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs after the files of the package went. $1 is "remove", "purge" or another word (dpkg),
# or how many versions are left (rpm). A purge takes the configuration and the logs; the
# database stays, and the system user, whom it may know.
set -e

[ ! -d /run/systemd/system ] || systemctl daemon-reload
[ "$1" != purge ] || rm -rf /etc/thalamus /var/log/thalamus
