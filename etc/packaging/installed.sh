#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs after the files of the package are there. $1 is "configure" and $2 the version of
# before, if any (dpkg), or $1 is how many versions there are now (rpm).
# It starts nothing; what runs is migrated and started again.
set -e

case $1 in
abort-*) exit 0 ;;
esac

getent passwd thalamus >/dev/null ||
    useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin thalamus

config=/etc/thalamus/thalamus.toml
if [ ! -e $config ]; then
    install -o root -g thalamus -m 640 /dev/null $config
    sed 's|^#record = "-"|record = "/var/log/thalamus/access.jsonl"|' /usr/share/thalamus/thalamus.toml >$config
fi

[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload
case $(systemctl is-active thalamus.service) in
active | activating | reloading) ;;
*)
    [ -n "$2" ] || [ "$1" = 2 ] || echo 'Thalamus is installed. "thalamus setup" makes it serve.'
    exit 0
    ;;
esac
thalamus migrate --config $config ||
    echo 'The database was not migrated, and the server waits for it: "thalamus migrate" as the owner of its tables.' >&2
# The server may wait for its database, the package manager need not.
systemctl restart --no-block thalamus.service
