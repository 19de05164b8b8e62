#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Does with the package, in a clean Debian, all that an administrator does in years, and looks
# at each step: install, set up, use, what years.sh has, upgrade, move to another machine,
# remove, purge. And does once more by hand what setup does, with the lines that setup --dry-run
# prints, and takes over from the Python server, which takeover.sh has. As root; it takes some minutes. With CLEANROOM=DIR the roots are there, and the
# clean one is kept for the next time; else all is gone at the end.
#
# systemd is the first process in namespaces of its own over such a root, without a network
# but loopback.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=${CLEANROOM:-$(mktemp --directory)}
version=$(sed -n 's/^var version = "\(.*\)"/\1/p' cmd/thalamus/main.go)
arch=$(dpkg --print-architecture)
system=

# Packages of this version and of one before it.
packages() {
    mkdir -p "$place"
    make dist VERSION=0.9.0
    cp "dist/thalamus_0.9.0_$arch.deb" "$place/old.deb"
    make dist
    cp "dist/thalamus_${version}_$arch.deb" "$place/new.deb"
}

# debian makes the root that each try begins with.
debian() {
    [ -e "$place/debian.tar" ] ||
        mmdebstrap --variant=minbase --include=systemd,systemd-sysv,dbus,postgresql,logrotate,curl,openssl bookworm "$place/debian.tar"
}

# boot starts a system from it. Its host name is in its certificate.
boot() {
    rm -rf "$place/root"
    mkdir "$place/root"
    tar --extract --file "$place/debian.tar" --directory "$place/root"
    cp "$place"/{old,new}.deb "$place/root/root/"
    echo clinic >"$place/root/etc/hostname"
    unshare --mount --pid --fork --uts --ipc --net --cgroup etc/packaging/boot.sh "$place/root" 2>"$place/boot.log" &
    outside=$!
    until system=$(pgrep --parent $outside) && in_system systemctl is-system-running 2>/dev/null | grep -Eq 'running|degraded'; do
        kill -0 $outside
    done
}

in_system() {
    nsenter --target "$system" --all --wdns=/root env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

halt() {
    [ -z "$system" ] || kill -KILL "$system"
    system=
    wait || true
}
leave() {
    halt
    [ -n "${CLEANROOM:-}" ] || rm -rf --one-file-system "$place"
}
trap leave EXIT

# step says what comes next, and after how many seconds.
step() { printf '== %4d s  %s\n' $SECONDS "$*"; }

# check fails, and says so, unless the rest succeeds inside; soon, unless it does within some
# seconds; refuse, unless it fails.
check() { in_system sh -c "$1" >"$place/said" 2>&1 || { cat "$place/said"; echo "FAILED: $1"; exit 1; }; }
soon() { check "for try in \$(seq 100); do if $1; then exit; fi; sleep 0.1; done; exit 1"; }
refuse() { ! in_system sh -c "$1" >"$place/said" 2>&1 || { cat "$place/said"; echo "SUCCEEDED: $1"; exit 1; }; }

ask='curl --silent --show-error --fail --cacert /etc/thalamus/cert.pem'
as_admin="$ask --user ESPGNU777ADM:correct-horse https://clinic:8443"

used() {
    check "$as_admin/login | grep -qx true"
    check "$as_admin/people/ESPGNU777ADM | grep -q ESPGNU777ADM"
    check 'grep -q ESPGNU777ADM /var/log/thalamus/access.jsonl'
    check 'systemctl is-active thalamus.service thalamus.socket'
}

install_it() {
    step 'install: nothing is started, and the secrets are closed'
    check 'dpkg --install old.deb'
    check 'dpkg --audit && [ "$(thalamus version)" = "thalamus 0.9.0" ]'
    check '[ "$(stat --format "%U:%G %a" /etc/thalamus/thalamus.toml)" = "root:thalamus 640" ]'
    check 'cd /usr/share/man && [ -s man1/thalamus.1 ] && [ -s man5/thalamus.toml.5 ] && [ -s man5/roles.cfg.5 ] && [ -s man7/thalamus-install.7 ]'
    refuse 'systemctl is-active thalamus.service || systemctl is-active thalamus.socket'
}

set_up() {
    step 'setup: it serves within a minute, and again it changes nothing'
    check 'echo correct-horse | timeout 60 thalamus setup --admin ESPGNU777ADM --name clinic'
    cat "$place/said"
    check 'ls -lR --full-time /etc/thalamus >before; systemctl show -P MainPID thalamus >>before'
    check 'thalamus setup --admin ESPGNU777ADM --name clinic >again && grep -q "^is so " again'
    refuse 'grep "^done " again'
    check 'ls -lR --full-time /etc/thalamus >after; systemctl show -P MainPID thalamus >>after; diff before after'
    check 'systemctl is-enabled thalamus.service thalamus.socket'
    check 'thalamus check'
}

use_it() {
    step 'use: over TLS, and with the access record, which is rotated'
    used
    check 'logrotate --force /etc/logrotate.d/thalamus && [ -s /var/log/thalamus/access.jsonl.1 ]'
    soon "$as_admin/people/ESPGNU777ADM && [ -s /var/log/thalamus/access.jsonl ]"
    used
    refuse 'grep -rq correct-horse /etc/thalamus /var/log'
    refuse 'journalctl --quiet | grep -q correct-horse'
}

upgrade_it() {
    step 'upgrade: what runs is the new one, with its records and its configuration'
    check 'cp /etc/thalamus/thalamus.toml before'
    check 'dpkg --install new.deb'
    check "[ \"\$(thalamus version)\" = 'thalamus $version' ] && diff before /etc/thalamus/thalamus.toml"
    soon "journalctl --unit thalamus.service | grep -q 'msg=serving version=$version'"
    check 'thalamus setup >again && grep -q "^is so " again'
    refuse 'grep "^done " again'
    used
}

remove_it() {
    step 'remove: nothing runs, the configuration stays'
    check 'dpkg --remove thalamus'
    refuse 'systemctl is-active thalamus.service || systemctl is-active thalamus.socket'
    refuse "$as_admin/login"
    check 'test -e /etc/thalamus/thalamus.toml -a -e /var/log/thalamus/access.jsonl'
    step 'install again: setup goes on where it was'
    check 'dpkg --install new.deb && thalamus setup'
    used
}

purge_it() {
    step 'purge: configuration and logs go, the database stays'
    check 'dpkg --purge thalamus'
    check '[ ! -e /etc/thalamus ] && [ ! -e /var/log/thalamus ] && [ ! -e /usr/bin/thalamus ]'
    check 'runuser -u postgres -- psql -d federation -Atc "SELECT id FROM people" | grep -qx ESPGNU777ADM'
}

by_hand() {
    step 'by hand: the lines of setup --dry-run do the same'
    check 'dpkg --install new.deb'
    check 'thalamus setup --admin ESPGNU777ADM --name clinic --dry-run >script'
    cat "$place/root/root/script"
    refuse 'systemctl is-active thalamus.service'
    check 'echo correct-horse | sh script'
    check 'thalamus setup --admin ESPGNU777ADM --name clinic >again && grep -q "^is so " again'
    refuse 'grep "^done " again'
    used
}

. etc/packaging/years.sh
. etc/packaging/takeover.sh

packages
debian
boot
install_it
set_up
use_it
give_accounts
change_passwords
close_accounts
answer_patients
erase_one
keep_place
back_up 'as every night'
lose_database
upgrade_it
find_no_secret
move_out
halt
boot
move_in
remove_it
purge_it
halt
boot
by_hand
halt
boot
python_site
take_over
go_back
echo 'all is well'
