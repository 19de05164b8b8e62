#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes what is given to others, in dist: for each architecture an archive, a .deb and a
# .rpm, and their checksums. $1 is the version.
#
# The same sources make the same bytes, wherever and whenever: what has a date has that of
# the last commit.
set -euo pipefail
cd "$(dirname "$0")/../.."
export VERSION=$1 ARCH CGO_ENABLED=0 GOOS=linux
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

build() {
    GOARCH=$ARCH go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o "$tree/bin/thalamus" ./cmd/thalamus
}

# pages makes the man pages with a program that runs here.
pages() {
    ARCH=$(go env GOHOSTARCH) build
    etc/packaging/man.sh "$tree/bin/thalamus" bin/man
}

# beside lays the files beside the program, as they are here.
beside() {
    cp --recursive --parents bin/man README.md LICENSE Makefile etc/thalamus.* etc/roles.cfg etc/prometheus/alerts.yml etc/grafana/thalamus.json etc/fail2ban etc/packaging/{logrotate,completion.bash} "$tree"
    chmod -R u=rwX,go=rX "$tree"
    find "$tree" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
}

archive() {
    tar --create --sort=name --owner=0 --group=0 --numeric-owner --directory dist "${tree#dist/}" | gzip -n9 >"dist/thalamus_${VERSION}_linux_$ARCH.tar.gz"
}

packages() {
    for kind in deb rpm; do
        bin/nfpm package --config etc/packaging/nfpm.yaml --target dist --packager $kind
    done
}

rm -rf dist
tree=dist/thalamus-$VERSION
pages
for ARCH in amd64 arm64; do
    mkdir -p "$tree"
    build
    beside
    archive
    packages
    rm -r "$tree"
done
cd dist
sha256sum -- * >SHA256SUMS
