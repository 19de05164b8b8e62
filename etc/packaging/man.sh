#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the man pages of a program, $1, in a directory, $2: thalamus(1), and one in section 7
# for each topic of the manual. It is run where the sources are.
set -euo pipefail
program=$1 to=$2

# page writes a file; the rest are the arguments that name its text.
page() {
    "$program" help --man "${@:2}" | go tool go-md2man >"$to/$1"
}

rm -rf "$to"
mkdir -p "$to/man1" "$to/man7"
page man1/thalamus.1
for file in internal/manual/*.md; do
    topic=$(basename "$file" .md)
    page "man7/thalamus-$topic.7" "$topic"
done
