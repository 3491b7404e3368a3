#!/bin/sh
# Inside the image's build: Debian's packages of packages.txt (what Python's own modules load, the time zones, and pg_dump
# for backups), where the base doesn't have them already. What nobody reads in a container goes: manuals, translations of
# Debian's programs, everything about packages but their licences.
set -eu

packages=$(cat "${0%/*}/packages.txt")
# shellcheck disable=SC2086 # a list
dpkg --status $packages >/dev/null 2>&1 || {
    apt-get update
    apt-get install --yes --no-install-recommends $packages
}
find /usr/share/doc -type f ! -name copyright -delete
find /usr/share/doc -type l -delete
find /usr/share/doc -type d -empty -delete
rm -rf /usr/share/info /usr/share/man/* /usr/share/locale/* /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
