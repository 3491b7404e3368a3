#!/bin/sh
# What `make test` runs once both environments are there: checks, training, all tests. Arguments go to pytest.
set -eu

cd "$(dirname -- "$0")/.."
step() { printf '\n== %s (%s)\n' "$1" "$(date -u +%H:%M:%S)"; }

sh setup/check.sh
step "The web chat's own tests (node)"
if command -v node >/dev/null; then
    node --test --test-reporter=dot tests/web/*.test.js
    echo
elif [ -n "${CI:-}" ]; then
    echo "node is not on this machine, and CI may leave nothing out (Debian, Ubuntu: apt install nodejs)."
    exit 1
else
    echo "Left out: node is not on this machine (Debian, Ubuntu: apt install nodejs)."
fi
step "Train the bot, if what it learns from has changed"
./staffel train
step "All tests"
exec .venv/bin/python -m pytest --durations=15 --durations-min=2 "$@"
