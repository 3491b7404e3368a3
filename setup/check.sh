#!/bin/sh
# The checks that read the code without running it, quickest first.
set -eu

cd "$(dirname -- "$0")/.."
step() { printf '\n== %s\n' "$1"; }

step "Format and lint (ruff)"
.venv/bin/ruff format --check --output-format concise . || { echo "Some files are not formatted: .venv/bin/ruff format . does it."; exit 1; }
.venv/bin/ruff check --output-format concise .
echo "as they should be"
step "Import rules (import-linter)"
.venv/bin/lint-imports --no-logo --cache-dir .tmp/import-linter
step "Unused code and libraries (vulture, deptry)"
.venv/bin/vulture
.venv/bin/deptry . --config setup/deptry.toml
step "Words (message catalogs)"
.venv/bin/python -m i18n check
.venv/bin/python -m helpdesk.web.chat.widget_words --check
echo "every message is translated and used"
step "Types (mypy)"
.venv/bin/mypy
step "Types of the bot (mypy, Python 3.10)"
.venv/bin/mypy --config-file bot/mypy.ini -p bot
step "Tools of the browser scripts (npm)"
if sh setup/node.sh; then
    echo "installed"
    step "Format and lint of the browser scripts (Biome)"
    node_modules/.bin/biome ci --error-on-warnings || { echo "npx biome check --write puts right what it can."; exit 1; }
    step "Types of the browser scripts (tsc)"
    node_modules/.bin/tsc --project .
    echo "as they should be"
    step "Tests of the browser scripts (node)"
    node --test --test-reporter=dot tests/web/*.test.js
    echo
else
    [ $? -eq 3 ]
fi
