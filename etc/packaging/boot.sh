#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Becomes the systemd of the root $1, in namespaces that are this process's own already.
set -e
cd "$1"
hostname "$(cat etc/hostname)"
mount --make-rprivate /
mount --bind . .
cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
mkdir sys/fs/cgroup/systemd
mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    cp -a /dev/$device dev/
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
echo "127.0.0.1 localhost $(hostname)" >etc/hosts
# Not by chroot, in which the kernel allows no namespaces of users, which the unit asks for.
pivot_root . mnt
umount --lazy /mnt
exec env -i container=unshare PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=journal </dev/null >/dev/null 2>&1
