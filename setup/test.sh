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
failures=.pytest_cache/v/cache/lastfailed
most_again=3

# What fails beside others is tried once more, alone: there, a browser may be kept waiting for longer than a test allows.
# The first failure stays in the log, and more than a few are no accident.
stage() {
    rm -f "$failures"
    tests "$@" && return
    [ -f "$failures" ] || return 1
    count=$(.venv/bin/python -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$failures")
    [ "$count" -gt 0 ] && [ "$count" -le "$most_again" ] || return 1
    step "What failed, once more and alone: $count of at most $most_again"
    # shellcheck disable=SC2086  # several arguments
    .venv/bin/python -m pytest -v --last-failed --last-failed-no-failures none ${once_more:-} tests || return 1
    echo "Passed alone: $count. A test that needs this hides a fault of its own or of ours; the failure above says where to look."
}

# As in a running helpdesk: beside other tests, threads that multiply mostly wait for each other.
export OPENBLAS_NUM_THREADS=1
failed=0
step "Unit and integration tests, three at a time (half of their time is waiting), and how much of the code they run"
# Python tells of each line once instead of every time, which makes measuring nearly free; processes that tests kill say nothing.
export COVERAGE_CORE=sysmon MALLOC_ARENA_MAX=2
once_more="--cov --cov-append --cov-report="
stage -n 3 --cov --cov-report= tests/unit tests/integration || failed=1
unset COVERAGE_CORE MALLOC_ARENA_MAX once_more
step "Bot and browser tests, which use both cores themselves"
stage tests/bot tests/e2e || failed=1
exit $failed
