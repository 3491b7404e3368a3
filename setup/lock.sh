#!/bin/sh
# Pins the newest allowed version of every library, with hashes.
set -eu

cd "$(dirname -- "$0")/.."
sh setup/environments.sh dev
uv=uv
uv --version >/dev/null 2>&1 || uv=.uv/bin/uv

pin() {
    source=$1
    shift
    echo "Pinning $source …" >&2
    "$uv" pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url \
        --output-file "${source%.in}.txt" "$@" "$source"
}

# For all systems and Python versions at once.
pin requirements.in --universal --python-version 3.12 --excludes excludes.txt
pin requirements-dev.in --universal --python-version 3.12 --excludes excludes.txt --constraint requirements.txt
pin bot/requirements.in --python-version 3.10 --excludes bot/excludes.txt
pin bot/requirements-diet.in --python-version 3.10
pin setup/uv.in --universal --python-version 3.8
pin setup/audit.in --universal --python-version 3.12

echo "Writing docs/licences.md …" >&2
sh setup/environments.sh dev bot
.venv/bin/python -m release licences
