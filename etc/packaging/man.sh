#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the man pages of a program, $1, in a directory, $2: thalamus(1), and one for each topic of the
# manual. Those of the files thalamus.toml and roles.cfg are in section 5, called like the file; the others,
# thalamus-TOPIC, in section 7, where these two have a second name. It is run where the sources are.
set -euo pipefail
program=$1 to=$2

# page makes that of the program, or of a topic. Its first line has its name, in capitals, and its section.
page() {
    local text name section
    text=$("$program" help --man "$@")
    read -r _ name section _ <<<"$text"
    name=${name,,}
    go tool go-md2man <<<"$text" >"$to/man$section/$name.$section"
    [ "$section" != 5 ] || echo ".so man5/$name.5" >"$to/man7/thalamus-$1.7"
}

rm -rf "$to"
mkdir -p "$to/man1" "$to/man5" "$to/man7"
page
for file in internal/manual/*.md; do
    page "$(basename "$file" .md)"
done
