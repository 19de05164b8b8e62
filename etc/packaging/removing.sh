#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs before the files of the package go. $1 is "remove" or "upgrade" (dpkg), or how many
# versions will be left (rpm).
set -e

case $1 in
remove | 0) ;;
*) exit 0 ;;
esac
[ ! -d /run/systemd/system ] || systemctl disable --quiet --now thalamus.socket thalamus.service
