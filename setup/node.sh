#!/bin/sh
# Installs what checks and tests of the browser scripts need (package-lock.json) into node_modules. Running Staffel needs
# none of it.
#
# Quick when nothing is to do: a stamp holds the checksum of the lock it was made from. Ends with 3 when Node.js is not on
# this machine and may be left out; with CI set nothing may.
set -eu

cd "$(dirname -- "$0")/.."
stamp=node_modules/.staffel

missing() {
    echo "$1 The browser scripts are checked with Node.js 20 or newer and npm (Debian, Ubuntu: apt install nodejs npm; macOS: brew install node)." >&2
    [ -z "${CI:-}" ] || exit 1
    echo "Left out." >&2
    exit 3
}

command -v node >/dev/null || missing "node is not on this machine."
command -v npm >/dev/null || missing "npm is not on this machine."
version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 20 ] || missing "node is $version here."

checksum=$(cksum <package-lock.json)
[ "$(cat "$stamp" 2>/dev/null)" != "$checksum" ] || exit 0
echo "Installing the tools of the browser scripts …" >&2
npm ci --no-audit --no-fund --loglevel=error >&2 || { echo "npm ci did not work; the lines above say why." >&2; exit 1; }
echo "$checksum" >"$stamp"
