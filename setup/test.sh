#!/bin/sh
# What `make test` runs once both environments are there: checks, training, all tests. Arguments go to pytest, which then
# runs only what they name.
set -eu

cd "$(dirname -- "$0")/.."
step() { printf '\n== %s (%s)\n' "$1" "$(date -u +%H:%M:%S)"; }

sh setup/check.sh
step "Train the bot, if what it learns from has changed"
./staffel train

tests() { .venv/bin/python -m pytest --durations=10 --durations-min=5 "$@"; }

if [ $# -gt 0 ]; then
    step "The tests asked for"
    tests "$@"
    exit
fi
failed=0
step "Unit and integration tests, three at a time (half of their time is waiting), and how much of the code they run"
# Python tells of each line once instead of every time, which makes measuring nearly free; processes that tests kill say nothing.
COVERAGE_CORE=sysmon MALLOC_ARENA_MAX=2 tests -n 3 --cov --cov-report= tests/unit tests/integration || failed=1
step "Bot and browser tests, which use both cores themselves"
tests tests/bot tests/e2e || failed=1
exit $failed
